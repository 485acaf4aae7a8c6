#pragma once

#include "pos/host/disk.hpp"
#include "pos/ports/clock.hpp"
#include "pos/ports/recorder.hpp"
#include "pos/wire/event.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// What the queue's benchmarks stand on: a folder, disks that count and can be slow, the physical
// limit, and ratios slice by slice.
namespace tillrig::bench {

using base::Bytes;
using base::ByteView;
using Steady = std::chrono::steady_clock;

// A benchmark that cannot go on says why and ends the program.
template <class T>
T must(base::Result<T> result) {
  if (!result) {
    std::cerr << result.error().what << "\n";
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// A folder that is gone with it, below TILLRIG_BENCH_DIR or the machine's temporary folder.
class Folder {
 public:
  explicit Folder(const std::string& name) {
    const char* given = std::getenv("TILLRIG_BENCH_DIR");
    const std::filesystem::path base =
        given != nullptr ? std::filesystem::path(given) : std::filesystem::temp_directory_path();
    path_ = base / ("tillrig-queue-" + std::to_string(++count_) + "-" + name);
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

struct Traffic {
  std::uint64_t syncs = 0;
  std::uint64_t bytes = 0;
  std::chrono::microseconds sync_takes{0};  // on top of what it really takes
};

class CountedFile final : public ports::File {
 public:
  CountedFile(std::unique_ptr<ports::File> file, Traffic& traffic)
      : file_(std::move(file)), traffic_(traffic) {}
  base::Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
    traffic_.bytes += bytes.size();
    return file_->write_at(offset, bytes);
  }
  base::Result<Bytes> read_at(std::uint64_t offset, std::size_t length) override {
    return file_->read_at(offset, length);
  }
  base::Result<void> sync() override {
    ++traffic_.syncs;
    auto done = file_->sync();
    if (traffic_.sync_takes.count() > 0) std::this_thread::sleep_for(traffic_.sync_takes);
    return done;
  }
  base::Result<std::uint64_t> size() override { return file_->size(); }
  base::Result<void> truncate(std::uint64_t size) override { return file_->truncate(size); }

 private:
  std::unique_ptr<ports::File> file_;
  Traffic& traffic_;
};

// A folder as a disk; counts what goes through the port (SQLite does not).
class CountedDisk final : public ports::Disk {
 public:
  explicit CountedDisk(const std::string& folder) : disk_(folder) {}
  base::Result<std::unique_ptr<ports::File>> open(const std::string& path, Mode mode) override {
    auto file = disk_.open(path, mode);
    if (!file) return file;
    return std::make_unique<CountedFile>(std::move(*file), traffic);
  }
  base::Result<std::unique_ptr<ports::Lock>> lock(const std::string& path) override {
    return disk_.lock(path);
  }
  base::Result<void> make_dir(const std::string& path) override { return disk_.make_dir(path); }
  base::Result<void> remove(const std::string& path) override { return disk_.remove(path); }
  base::Result<void> rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }
  base::Result<std::vector<std::string>> list(const std::string& dir) override {
    return disk_.list(dir);
  }
  base::Result<void> sync_dir(const std::string& dir) override {
    ++traffic.syncs;
    return disk_.sync_dir(dir);
  }
  [[nodiscard]] std::string sqlite_vfs() const override { return disk_.sqlite_vfs(); }
  [[nodiscard]] std::string sqlite_path(const std::string& path) const override {
    return disk_.sqlite_path(path);
  }
  base::Duration take_debt() override { return {}; }

  Traffic traffic;

 private:
  host::FolderDisk disk_;
};

// The physical limit: bytes appended to a preallocated file that is used round and round, and
// fdatasync (performance 0: a growing file makes any engine look good).
class RawAppend {
 public:
  RawAppend(ports::Disk& disk, const std::string& name)
      : file_(must(disk.open(name, ports::Disk::Mode::create))) {
    must(file_->write_at(0, Bytes(kBytes, '\0')));
    must(file_->sync());
    must(disk.sync_dir(""));
  }
  void append(ByteView bytes) {
    if (at_ + bytes.size() > kBytes) at_ = 0;
    must(file_->write_at(at_, bytes));
    must(file_->sync());
    at_ += bytes.size();
  }

 private:
  static constexpr std::uint64_t kBytes = 2 * 1024 * 1024;
  std::unique_ptr<ports::File> file_;
  std::uint64_t at_ = 0;
};

struct BenchClock final : ports::Clock {
  [[nodiscard]] base::Instant now() const override {
    return {std::chrono::duration_cast<base::Duration>(Steady::now().time_since_epoch()).count()};
  }
  [[nodiscard]] base::WallTime wall() const override { return {1'772'438'400'000}; }
  [[nodiscard]] ports::Uptime uptime() const override { return {}; }
};

struct NoRecorder final : ports::Recorder {
  std::uint64_t note(const ports::Note&, std::span<const ports::Arg>) override { return 0; }
};

template <class Work>
double seconds(Work work) {
  const auto start = Steady::now();
  work();
  return std::chrono::duration<double>(Steady::now() - start).count();
}

inline double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A sale of five lines and one tender: the record that all measurements are about.
inline wire::Document sale_of_five() {
  wire::Document document;
  document.day = "2026-03-02";
  document.currency = "EUR";
  const std::pair<const char*, std::int64_t> goods[] = {{"Whole milk 1 l", 139},
                                                        {"Rye bread 500 g", 289},
                                                        {"Butter 250 g", 249},
                                                        {"Apples, loose", 312},
                                                        {"Coffee 500 g", 749}};
  std::uint64_t sku = 4006381333930;
  for (const auto& [name, price] : goods) {
    wire::Line line;
    line.sku = std::to_string(++sku);
    line.name = name;
    line.unit_price = base::Money{price};
    line.total = base::Money{price};
    line.tax_rate = base::Rate{700};
    line.tax = base::tax_inside(line.total, line.tax_rate);
    document.total += line.total;
    document.tax += line.tax;
    document.lines.push_back(line);
  }
  document.payments.push_back(
      {"cash", base::Money{2000}, base::Money{2000} - document.total, document.total});
  return document;
}

}  // namespace tillrig::bench
