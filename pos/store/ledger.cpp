#include "pos/store/ledger.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

namespace {

constexpr const char* kFolder = "ledger";

}  // namespace

Ledger::Ledger(ports::Disk& disk, std::string till, Options options)
    : disk_(disk), till_(std::move(till)), options_(options) {}

Result<std::unique_ptr<Ledger>> Ledger::open(ports::Disk& disk, std::string till, Options options) {
  TILLRIG_ASSERT(options.segment_bytes % kSectorBytes == 0, "segments are whole sectors");
  std::unique_ptr<Ledger> ledger(new Ledger(disk, std::move(till), options));
  if (const auto made = disk.make_dir(kFolder); !made) return base::within("ledger", made.error());
  if (const auto scanned = ledger->scan(); !scanned) {
    return base::within("ledger", scanned.error());
  }
  return ledger;
}

std::string Ledger::path(std::uint32_t number) const {
  return fmt::format("{}/{}{:06}.tlg", kFolder, named_dead_.contains(number) ? "dead-" : "",
                     number);
}

void Ledger::resume() {
  if (segments_.empty() || found_.torn_tail) return;
  const std::uint32_t newest = segments_.rbegin()->first;
  if (dead_.contains(newest)) return;
  std::uint64_t end = 0;
  for (const LedgerIndex::Key& key : index_.in_segment(newest)) {
    const Place place = index_.find(key.epoch, key.seq)->place;
    end = std::max(end, (std::uint64_t{place.sector} + place.sectors) * kSectorBytes);
  }
  auto file = disk_.open(path(newest), ports::Disk::Mode::write);
  if (!file) return;  // the next write begins a segment
  file_ = std::move(*file);
  current_ = newest;
  used_ = end;
}

void Ledger::link(const Hash256& previous, const Hash256& hash) {
  if (previous != previous_) newest_hashes_.clear();
  previous_ = previous;
  newest_hashes_ += hash.view();
}

Hash256 Ledger::close_link() {
  if (newest_hashes_.empty()) return previous_;
  return base::blake2b(previous_.view(), newest_hashes_);
}

void Ledger::bury() {
  const std::uint32_t failed = current_;
  current_ = 0;
  file_.reset();
  if (failed != 0) {
    dead_.insert(failed);
    rename_dead(failed);
  }
  unsynced_.clear();
  gap_ = true;
}

// As far as the disk lets us: without the name, a run after a force kill would take what is in the
// page cache for what is on the disk.
void Ledger::rename_dead(std::uint32_t number) {
  if (reading_ == number) {
    reader_.reset();
    reading_ = 0;
  }
  const std::string from = path(number);
  named_dead_.insert(number);
  if (disk_.rename(from, path(number))) {
    (void)disk_.sync_dir(kFolder);
  } else {
    named_dead_.erase(number);
  }
}

Result<void> Ledger::write(std::span<const LedgerEntry> entries) {
  std::size_t bytes = 0;
  for (const LedgerEntry& entry : entries) bytes += record_bytes(till_.size(), entry.body.size());
  if (bytes > options_.segment_bytes) {
    return fail(Code::too_large, "ledger: {} bytes in one append, a segment holds {}", bytes,
                options_.segment_bytes);
  }
  if (current_ == 0 || used_ + bytes > options_.segment_bytes) {
    if (const auto begun = begin_segment(); !begun) return begun;
  }
  next_previous_ = close_link();
  buffer_.clear();
  buffer_.reserve(bytes);
  unsynced_.clear();
  unsynced_.reserve(entries.size());
  unsynced_hashes_.clear();
  for (const LedgerEntry& entry : entries) {
    const std::uint64_t at = used_ + buffer_.size();
    append_record(buffer_, entry.head, current_, next_previous_, till_, entry.body);
    const std::uint64_t end = used_ + buffer_.size();
    Place place;
    place.segment = current_;
    place.sector = static_cast<std::uint16_t>(at / kSectorBytes);
    place.sectors = static_cast<std::uint16_t>((end - at) / kSectorBytes);
    unsynced_.push_back({entry.head.epoch, entry.head.seq, {place, entry.head.total}, entry.owed});
    unsynced_hashes_ += entry.head.hash.view();
  }
  const auto written = file_->write_at(used_, buffer_);
  if (!written) {
    bury();
    return base::within("ledger write", written.error());
  }
  return {};
}

Result<void> Ledger::sync() {
  TILLRIG_ASSERT(file_ != nullptr, "a sync follows a write");
  const auto synced = file_->sync();
  if (!synced) {
    bury();
    return base::within("ledger sync", synced.error());
  }
  previous_ = next_previous_;
  newest_hashes_.swap(unsynced_hashes_);
  Segment& segment = segments_[current_];
  for (const Written& done : unsynced_) {
    const std::uint32_t before = index_.put(done.epoch, done.seq, done.slot);
    if (!done.owed) continue;
    ++segment.owed;
    if (before == 0) continue;
    Segment& old = segments_[before];
    if (old.owed > 0) --old.owed;
  }
  used_ += buffer_.size();
  segment.used = used_;
  unsynced_.clear();
  return {};
}

Result<void> Ledger::append(std::span<const LedgerEntry> entries) {
  if (const auto written = write(entries); !written) return written;
  return sync();
}

Result<ports::File*> Ledger::reader(std::uint32_t number) {
  if (number == current_) return file_.get();
  if (number != reading_) {
    auto file = disk_.open(path(number), ports::Disk::Mode::read);
    if (!file) return tl::unexpected(file.error());
    reader_ = std::move(*file);
    reading_ = number;
  }
  return reader_.get();
}

Result<LedgerRecord> Ledger::read(std::uint32_t epoch, std::uint64_t seq) {
  const LedgerIndex::Slot* slot = index_.find(epoch, seq);
  if (slot == nullptr) return fail(Code::not_found, "ledger: {}.{}.{}", till_, epoch, seq);
  const auto file = reader(slot->place.segment);
  if (!file) return base::within("ledger read", file.error());
  const auto bytes = (*file)->read_at(std::uint64_t{slot->place.sector} * kSectorBytes,
                                      std::size_t{slot->place.sectors} * kSectorBytes);
  if (!bytes) return base::within("ledger read", bytes.error());
  LedgerRecord record;
  std::size_t size = 0;
  const Sector sector = read_record(*bytes, slot->place.segment, record, size);
  if (sector != Sector::record || record.head.epoch != epoch || record.head.seq != seq ||
      base::blake2b(record.body) != record.head.hash) {
    return fail(Code::corrupt, "ledger: {}.{}.{} is not what was written to {}", till_, epoch, seq,
                path(slot->place.segment));
  }
  return record;
}

std::vector<LedgerRecord> Ledger::read_run(std::uint32_t epoch, std::uint64_t first,
                                           std::size_t count, std::size_t bytes) {
  constexpr std::size_t kChunk = 256 * 1024;
  std::vector<LedgerRecord> records;
  std::size_t taken = 0;
  std::uint64_t seq = first;
  while (records.size() < count) {
    const LedgerIndex::Slot* slot = index_.find(epoch, seq);
    if (slot == nullptr) return records;
    const Place start = slot->place;
    std::uint64_t next = start.sector;
    std::size_t together = 0;  // records that stand one after the other
    while (slot != nullptr && slot->place.segment == start.segment && slot->place.sector == next &&
           together < count - records.size() &&
           (together == 0 || (next - start.sector) * kSectorBytes < kChunk)) {
      next += slot->place.sectors;
      slot = index_.find(epoch, seq + ++together);
    }
    const auto file = reader(start.segment);
    if (!file) return records;
    const auto raw = (*file)->read_at(std::uint64_t{start.sector} * kSectorBytes,
                                      (next - start.sector) * kSectorBytes);
    if (!raw) return records;
    ByteView rest = *raw;
    for (std::size_t i = 0; i < together; ++i, ++seq) {
      LedgerRecord record;
      std::size_t size = 0;
      if (read_record(rest, start.segment, record, size) != Sector::record) return records;
      if (record.head.seq != seq || record.head.epoch != epoch) return records;
      if (!records.empty() && taken + record.body.size() > bytes) return records;
      taken += record.body.size();
      records.push_back(std::move(record));
      rest.remove_prefix(size);
    }
  }
  return records;
}

void Ledger::owe(std::uint32_t epoch, std::uint64_t seq) {
  if (const auto* slot = index_.find(epoch, seq)) ++segments_[slot->place.segment].owed;
}

void Ledger::settle(std::uint32_t epoch, std::uint64_t seq) {
  const auto* slot = index_.find(epoch, seq);
  if (slot == nullptr) return;
  Segment& segment = segments_[slot->place.segment];
  if (segment.owed > 0) --segment.owed;
}

std::vector<LedgerIndex::Key> Ledger::stranded() const {
  std::vector<LedgerIndex::Key> all;
  for (const std::uint32_t number : dead_) {
    const auto keys = index_.in_segment(number);
    all.insert(all.end(), keys.begin(), keys.end());
  }
  return all;
}

Result<void> Ledger::drop_dead() {
  for (const std::uint32_t number : dead_) {
    if (reading_ == number) {
      reader_.reset();
      reading_ = 0;
    }
    if (unread_.contains(number)) {
      if (!named_dead_.contains(number)) rename_dead(number);
    } else if (const auto removed = disk_.remove(path(number));
               !removed && removed.error().code != Code::not_found) {
      return base::within("ledger", removed.error());
    }
    index_.drop(number);
    segments_.erase(number);
    named_dead_.erase(number);
  }
  dead_.clear();
  unread_.clear();
  return disk_.sync_dir(kFolder);
}

}  // namespace tillrig::store
