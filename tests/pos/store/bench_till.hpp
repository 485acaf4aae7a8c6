#pragma once

#include "pos/store/store.hpp"
#include "sim/disk/volume.hpp"
#include "sim/disk/volume_disk.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tillrig::store::test {

// A clock that moves when told.
struct HandClock final : ports::Clock {
  [[nodiscard]] base::Instant now() const override { return at; }
  [[nodiscard]] base::WallTime wall() const override {
    return {1'770'000'000'000 + at.ns / 1'000'000};
  }
  [[nodiscard]] ports::Uptime uptime() const override { return {boot, {}}; }
  base::Instant at;
  std::uint64_t boot = 1;
};

// Keeps the marks as "mark sale".
struct MarkList final : ports::Recorder {
  using ports::Recorder::note;
  std::uint64_t note(const ports::Note& note, std::span<const ports::Arg>) override {
    marks.push_back(std::string(note.mark) + " " + std::string(note.sale));
    return marks.size();
  }
  [[nodiscard]] bool has(std::string_view mark) const {
    for (const std::string& one : marks) {
      if (one.starts_with(mark)) return true;
    }
    return false;
  }
  std::vector<std::string> marks;
};

// A sale of one line and its cash, `total` cents.
inline wire::Document sale_of(std::int64_t total) {
  wire::Document document;
  document.day = "2026-03-02";
  document.currency = "EUR";
  wire::Line line;
  line.sku = "4006381333931";
  line.name = "Milk";
  line.unit_price = Money{total};
  line.total = Money{total};
  line.tax_rate = base::Rate{1900};
  line.tax = base::tax_inside(line.total, line.tax_rate);
  document.lines.push_back(line);
  document.payments.push_back({"cash", Money{total}, Money{0}, Money{total}});
  document.total = line.total;
  document.tax = line.tax;
  return document;
}

inline wire::Document refund_of(const base::EventId& sale, std::int64_t total) {
  wire::Document document = sale_of(total);
  wire::Line& line = document.lines.front();
  line.quantity = base::Quantity{-1000};
  line.total = -line.total;
  line.tax = -line.tax;
  document.payments = {{"cash", Money{-total}, Money{0}, Money{-total}}};
  document.total = -document.total;
  document.tax = -document.tax;
  document.of = sale.text();
  return document;
}

// A till's store on a simulated volume that outlives it.
struct BenchTill {
  explicit BenchTill(disk::Profile profile = {}) : volume("till-1", profile) {}
  ~BenchTill() { kill(); }

  // Starts the process anew and opens the store. False: nothing could be opened.
  bool open() {
    kill();
    disk = std::make_unique<disk::VolumeDisk>(volume);
    return open_here();
  }
  bool open_here() {
    auto opened = Store::open(*disk, clock, marks, config);
    if (!opened) {
      why = opened.error().what;
      return false;
    }
    store = std::move(*opened);
    return true;
  }
  // Opens, and begins an epoch if one is due.
  bool start() {
    if (!open()) return false;
    if (!store->opened().new_epoch_due) return true;
    return store->open_epoch("unclean_stop").has_value();
  }
  void kill() {
    if (disk) disk->cut_off();
    store.reset();
    disk.reset();
  }
  void power_cut(const disk::Cut& cut) {
    volume.power_cut(cut);
    kill();
  }
  Result<wire::Event> sell(std::int64_t total) {
    return store->commit(wire::EventKind::sale, sale_of(total));
  }

  disk::Volume volume;
  HandClock clock;
  MarkList marks;
  Config config;
  std::unique_ptr<disk::VolumeDisk> disk;
  std::unique_ptr<Store> store;
  std::string why;
};

}  // namespace tillrig::store::test
