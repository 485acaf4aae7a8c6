#include "pos/store/segments.hpp"

#include "pos/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace tillrig::store {
namespace {

constexpr const char* kLedgerFolder = "ledger";
constexpr std::string_view kDeadSegment = "dead-";

// "000017.tlg" or "dead-000017.tlg" -> 17
std::optional<std::uint32_t> segment_number(std::string_view name) {
  constexpr std::string_view kEnding = ".tlg";
  if (name.starts_with(kDeadSegment)) name.remove_prefix(kDeadSegment.size());
  if (!name.ends_with(kEnding)) return std::nullopt;
  name.remove_suffix(kEnding.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

}  // namespace

Segments::Segments(ports::Disk& disk, Options options) : disk_(disk), options_(options) {}

Result<std::vector<std::uint32_t>> Segments::find() {
  if (auto made = disk_.make_dir(kLedgerFolder); !made) return base::Failure(made.error());
  const auto names = disk_.list(kLedgerFolder);
  if (!names) return base::Failure(names.error());
  for (const std::string& name : *names) {
    const auto number = segment_number(name);
    if (!number) continue;
    Segment& segment = all_[*number];
    segment.dead = segment.named_dead = name.starts_with(kDeadSegment);
    newest_ = std::max(newest_, *number);
  }
  std::vector<std::uint32_t> numbers;
  for (const auto& [number, segment] : all_) numbers.push_back(number);
  return numbers;
}

std::string Segments::path(std::uint32_t number) const {
  const auto at = all_.find(number);
  const bool named = at != all_.end() && at->second.named_dead;
  return fmt::format("{}/{}{:06}.tlg", kLedgerFolder, named ? kDeadSegment : "", number);
}

void Segments::forget_reader(std::uint32_t number) {
  if (reading_ != number) return;
  reader_.reset();
  reading_ = 0;
}

Result<ports::File*> Segments::reader(std::uint32_t number) {
  if (number == current_) return file_.get();
  if (number != reading_) {
    auto file = disk_.open(path(number), ports::Disk::Mode::read);
    if (!file) return base::Failure(file.error());
    reader_ = std::move(*file);
    reading_ = number;
  }
  return reader_.get();
}

ports::File& Segments::file() {
  TILLRIG_ASSERT(current_ != 0 && file_ != nullptr, "a segment was begun");
  return *file_;
}

void Segments::grew(std::uint64_t bytes) {
  TILLRIG_ASSERT(bytes <= room(), "a segment holds what was written to it");
  used_ += bytes;
  all_.at(current_).used = used_;
}

std::uint32_t Segments::recyclable() const {
  if (all_.size() < options_.keep) return 0;
  // Oldest first, so that what the ledger has let go is a prefix of each epoch.
  const auto& [number, segment] = *all_.begin();
  if (number == current_ || segment.owed != 0 || segment.dead) return 0;
  if (all_.size() >= options_.most_files) return number;
  std::uint64_t after = 0;
  for (const auto& [each, state] : all_) after += state.used;
  after -= segment.used;
  return 2 * after >= (options_.keep - 1) * std::uint64_t{options_.bytes} ? number : 0;
}

// The number is taken whatever comes of it, and none is given twice.
Result<void> Segments::begin() {
  const std::uint32_t old = recyclable();
  const std::uint32_t number = newest_ + (gap_ ? 2 : 1);
  close();
  newest_ = number;
  gap_ = true;
  auto begun = old != 0 ? reuse(old, number) : make(number);
  if (!begun) return base::within("ledger segment", begun.error());
  all_[number];
  current_ = number;
  used_ = 0;
  gap_ = false;
  if (auto synced = sync_names(); !synced) {
    bury();
    return base::within("ledger segment", synced.error());
  }
  return {};
}

Result<void> Segments::reuse(std::uint32_t old, std::uint32_t number) {
  TILLRIG_ASSERT(all_.at(old).owed == 0, "what is owed to the cloud is not written over");
  forget_reader(old);
  if (auto renamed = disk_.rename(path(old), path(number)); !renamed) return renamed;
  all_.erase(old);
  auto file = disk_.open(path(number), ports::Disk::Mode::write);
  if (!file) return base::Failure(file.error());
  file_ = std::move(*file);
  return {};
}

// Zeros to the end, on stable storage before any record. The name is taken exclusively: whoever
// else has this folder, against all locks, loses nothing by us.
Result<void> Segments::make(std::uint32_t number) {
  auto file = disk_.open(path(number), ports::Disk::Mode::create_new);
  if (!file) return base::Failure(file.error());
  const Bytes zeros(options_.bytes, '\0');
  auto made = (*file)->write_at(0, zeros);
  if (made) made = (*file)->sync();
  if (made) {
    file_ = std::move(*file);
  } else {
    all_[number].dead = true;  // a file of ours with nothing in it
  }
  return made;
}

void Segments::resume(std::uint64_t used) {
  if (all_.empty() || all_.rbegin()->second.dead) return;
  const std::uint32_t newest = all_.rbegin()->first;
  auto file = disk_.open(path(newest), ports::Disk::Mode::write);
  if (!file) return;  // the next write begins a segment
  TILLRIG_ASSERT(used <= options_.bytes, "records stand within their segment");
  file_ = std::move(*file);
  current_ = newest;
  used_ = used;
}

void Segments::close() {
  current_ = 0;
  file_.reset();
}

void Segments::bury() {
  const std::uint32_t failed = current_;
  close();
  gap_ = true;
  if (failed == 0) return;
  all_.at(failed).dead = true;
  name_dead(failed);
}

void Segments::condemn(std::uint32_t number, bool unread) {
  Segment& segment = all_.at(number);
  segment.dead = true;
  segment.unread = segment.unread || unread;
}

// As far as the disk lets us: without the name, a run after a force kill would take what is in the
// page cache for what is on the disk.
void Segments::name_dead(std::uint32_t number) {
  forget_reader(number);
  const std::string from = path(number);
  Segment& segment = all_.at(number);
  segment.named_dead = true;
  if (disk_.rename(from, path(number))) {
    (void)sync_names();
  } else {
    segment.named_dead = false;
  }
}

std::vector<std::uint32_t> Segments::dead() const {
  std::vector<std::uint32_t> numbers;
  for (const auto& [number, segment] : all_) {
    if (segment.dead) numbers.push_back(number);
  }
  return numbers;
}

Result<void> Segments::remove_dead(std::uint32_t number) {
  const Segment& segment = all_.at(number);
  TILLRIG_ASSERT(segment.dead && number != current_, "only what failed is removed");
  forget_reader(number);
  if (segment.unread) {
    if (!segment.named_dead) name_dead(number);
  } else if (auto removed = disk_.remove(path(number));
             !removed && removed.error().code != base::Code::not_found) {
    return removed;
  }
  all_.erase(number);
  return {};
}

Result<void> Segments::sync_names() {
  return disk_.sync_dir(kLedgerFolder);
}

void Segments::owe(std::uint32_t number) {
  ++all_.at(number).owed;
}

void Segments::settle(std::uint32_t number) {
  Segment& segment = all_.at(number);
  TILLRIG_ASSERT(segment.owed > 0, "what is settled was owed, and once only");
  --segment.owed;
}

}  // namespace tillrig::store
