#include "pos/store/ledger.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

Hash256 Ledger::Chain::link() const {
  return hashes.empty() ? previous : base::blake2b(previous.view(), hashes);
}

void Ledger::Chain::scanned(const Hash256& carried, const Hash256& hash) {
  if (carried != previous) hashes.clear();
  previous = carried;
  hashes += hash.view();
}

Ledger::Ledger(ports::Disk& disk, std::string till, Options options)
    : till_(std::move(till)), segments_(disk, options) {}

Result<std::unique_ptr<Ledger>> Ledger::open(ports::Disk& disk, std::string till, Options options) {
  TILLRIG_ASSERT(options.bytes % kSectorBytes == 0, "segments are whole sectors");
  std::unique_ptr<Ledger> ledger(new Ledger(disk, std::move(till), options));
  if (auto scanned = ledger->scan(); !scanned) return base::within("ledger", scanned.error());
  return ledger;
}

Result<void> Ledger::scan() {
  const auto numbers = segments_.find();
  if (!numbers) return base::Failure(numbers.error());
  found_.files = numbers->size();
  std::uint32_t before = 0;
  for (const std::uint32_t number : *numbers) {
    const bool follows = before != 0 && before + 1 == number;
    auto read = scan(number, follows);
    if (!read) read = scan(number, follows);  // one error may be a loose cable's
    if (read) {
      before = number;
    } else {
      hole(number, fmt::format("cannot be read: {}", read.error().what), true);
    }
  }
  return {};
}

Result<void> Ledger::scan(std::uint32_t number, bool follows) {
  const auto file = segments_.reader(number);
  if (!file) return base::Failure(file.error());
  const auto bytes = (*file)->read_at(0, segments_.size());
  if (!bytes) return base::Failure(bytes.error());
  scan(number, *bytes, follows);
  return {};
}

void Ledger::hole(std::uint32_t number, std::string what, bool unread) {
  // A file that an earlier run has named dead was told then.
  if (!segments_.named_dead(number)) {
    found_.holes.push_back(fmt::format("{} {}", segments_.path(number), what));
  }
  segments_.condemn(number, unread);
}

void Ledger::scan(std::uint32_t number, ByteView bytes, bool follows) {
  std::size_t end = 0;      // of the last whole record
  std::size_t damaged = 0;  // records that began and are not whole, since then
  bool first = true;
  LedgerRecord record;
  for (std::size_t at = 0; at + kSectorBytes <= bytes.size();) {
    std::size_t size = 0;
    const Sector sector = read_record(bytes.substr(at), number, record, size);
    if (sector == Sector::damaged) ++damaged;
    if (sector == Sector::damaged || sector == Sector::empty) {
      at += kSectorBytes;
      continue;
    }
    if (sector == Sector::stale) {
      at += size;
      continue;
    }
    if (at != end) {
      hole(number, fmt::format("has no record in sectors {} to {}, but one after them",
                               end / kSectorBytes, at / kSectorBytes - 1));
    }
    const Head& head = record.entry.head;
    const bool chained = record.previous == chain_.previous || record.previous == chain_.link();
    if (!chained && (follows || !first) && at == end) {
      hole(number, fmt::format("does not continue the chain at sector {}", at / kSectorBytes));
    }
    first = false;
    chain_.scanned(record.previous, head.hash);
    const Place place{number, static_cast<std::uint16_t>(at / kSectorBytes),
                      static_cast<std::uint16_t>(size / kSectorBytes)};
    index_.put(head.key, {place, head.total});
    heads_.push_back(head);
    damaged = 0;
    at += size;
    end = at;
  }
  segments_.scanned(number, end);
  // Only the newest segment may end in the middle of a record: an earlier one ended well or failed.
  found_.torn_tail = damaged > 0;
}

void Ledger::resume() {
  const auto newest = segments_.newest();
  if (newest == 0 || found_.torn_tail) return;
  std::uint64_t end = 0;
  for (const Key key : index_.in_segment(newest)) {
    const Place place = index_.find(key)->place;
    end = std::max(end, (std::uint64_t{place.sector} + place.sectors) * kSectorBytes);
  }
  segments_.resume(end);
}

void Ledger::bury() {
  segments_.bury();
  unsynced_.clear();
}

Result<void> Ledger::begin_segment() {
  const std::uint32_t old = segments_.recyclable();
  auto begun = segments_.begin();
  if (old != 0 && !segments_.has(old)) index_.drop(old);
  return begun;
}

Result<void> Ledger::write(std::span<const LedgerEntry> entries) {
  TILLRIG_ASSERT(!entries.empty(), "an append has something in it");
  std::size_t bytes = 0;
  for (const LedgerEntry& entry : entries) bytes += record_bytes(till_.size(), entry.body.size());
  if (bytes > segments_.size()) {
    return fail(Code::too_large, "ledger: {} bytes in one append, a segment holds {}", bytes,
                segments_.size());
  }
  if (segments_.room() < bytes) {
    if (auto begun = begin_segment(); !begun) return begun;
  }
  const std::uint32_t segment = segments_.current();
  next_chain_.previous = chain_.link();
  next_chain_.hashes.clear();
  buffer_.clear();
  buffer_.reserve(bytes);
  unsynced_.clear();
  unsynced_.reserve(entries.size());
  for (const LedgerEntry& entry : entries) {
    const std::uint64_t at = segments_.used() + buffer_.size();
    append_record(buffer_, entry.head, segment, next_chain_.previous, till_, entry.body);
    const std::uint64_t end = segments_.used() + buffer_.size();
    const Place place{segment, static_cast<std::uint16_t>(at / kSectorBytes),
                      static_cast<std::uint16_t>((end - at) / kSectorBytes)};
    unsynced_.push_back({entry.head.key, {place, entry.head.total}, entry.owed});
    next_chain_.hashes += entry.head.hash.view();
  }
  TILLRIG_ASSERT(buffer_.size() == bytes, "records take the room that was counted for them");
  if (auto written = segments_.file().write_at(segments_.used(), buffer_); !written) {
    bury();
    return base::within("ledger write", written.error());
  }
  return {};
}

Result<void> Ledger::sync() {
  TILLRIG_ASSERT(!unsynced_.empty(), "a sync follows a write");
  if (auto synced = segments_.file().sync(); !synced) {
    bury();
    return base::within("ledger sync", synced.error());
  }
  std::swap(chain_, next_chain_);
  for (const Written& done : unsynced_) {
    const std::uint32_t before = index_.put(done.key, done.slot);
    if (!done.owed) continue;  // nor was it owed where it stood before
    segments_.owe(done.slot.place.segment);
    if (before != 0) segments_.settle(before);
  }
  segments_.grew(buffer_.size());
  unsynced_.clear();
  return {};
}

Result<void> Ledger::append(std::span<const LedgerEntry> entries) {
  if (auto written = write(entries); !written) return written;
  return sync();
}

Result<Entry> Ledger::read(Key key) {
  const LedgerIndex::Slot* slot = index_.find(key);
  if (slot == nullptr) return fail(Code::not_found, "ledger: {}.{}.{}", till_, key.epoch, key.seq);
  const Place place = slot->place;
  const auto file = segments_.reader(place.segment);
  if (!file) return base::within("ledger read", file.error());
  const auto bytes = (*file)->read_at(std::uint64_t{place.sector} * kSectorBytes,
                                      std::size_t{place.sectors} * kSectorBytes);
  if (!bytes) return base::within("ledger read", bytes.error());
  LedgerRecord record;
  std::size_t size = 0;
  const Sector sector = read_record(*bytes, place.segment, record, size);
  if (sector != Sector::record || record.entry.head.key != key ||
      base::blake2b(record.entry.body) != record.entry.head.hash) {
    return fail(Code::corrupt, "ledger: {}.{}.{} is not what was written to {}", till_, key.epoch,
                key.seq, segments_.path(place.segment));
  }
  return std::move(record.entry);
}

std::vector<Entry> Ledger::read_run(Key first, std::size_t count, std::size_t bytes) {
  constexpr std::size_t kChunk = 256 * 1024;
  std::vector<Entry> entries;
  std::size_t taken = 0;
  Key key = first;
  while (entries.size() < count) {
    const LedgerIndex::Slot* slot = index_.find(key);
    if (slot == nullptr) return entries;
    const Place start = slot->place;
    std::uint64_t next = start.sector;
    std::size_t together = 0;  // records that stand one after the other
    while (slot != nullptr && slot->place.segment == start.segment && slot->place.sector == next &&
           together < count - entries.size() &&
           (together == 0 || (next - start.sector) * kSectorBytes < kChunk)) {
      next += slot->place.sectors;
      slot = index_.find({key.epoch, key.seq + ++together});
    }
    const auto file = segments_.reader(start.segment);
    if (!file) return entries;
    const auto raw = (*file)->read_at(std::uint64_t{start.sector} * kSectorBytes,
                                      (next - start.sector) * kSectorBytes);
    if (!raw) return entries;
    ByteView rest = *raw;
    for (std::size_t i = 0; i < together; ++i, ++key.seq) {
      LedgerRecord record;
      std::size_t size = 0;
      if (read_record(rest, start.segment, record, size) != Sector::record) return entries;
      if (record.entry.head.key != key) return entries;
      if (!entries.empty() && taken + record.entry.body.size() > bytes) return entries;
      taken += record.entry.body.size();
      entries.push_back(std::move(record.entry));
      rest.remove_prefix(size);
    }
  }
  return entries;
}

void Ledger::owe(Key key) {
  if (const auto* slot = index_.find(key)) segments_.owe(slot->place.segment);
}

void Ledger::settle(Key key) {
  if (const auto* slot = index_.find(key)) segments_.settle(slot->place.segment);
}

std::vector<Key> Ledger::stranded() const {
  std::vector<Key> all;
  for (const std::uint32_t number : segments_.dead()) {
    const auto keys = index_.in_segment(number);
    all.insert(all.end(), keys.begin(), keys.end());
  }
  return all;
}

Result<void> Ledger::drop_dead() {
  for (const std::uint32_t number : segments_.dead()) {
    if (auto removed = segments_.remove_dead(number); !removed) {
      return base::within("ledger", removed.error());
    }
    TILLRIG_ASSERT(index_.in_segment(number).empty(), "nothing that is kept stands in it alone");
    index_.drop(number);
  }
  return segments_.sync_names();
}

}  // namespace tillrig::store
