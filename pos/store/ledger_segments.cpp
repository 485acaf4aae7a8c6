// Where segments come from: files found at opening, made new, or used again.

#include "pos/store/ledger.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace tillrig::store {

namespace {

constexpr const char* kSegmentFolder = "ledger";

constexpr std::string_view kDead = "dead-";

// "000017.tlg" or "dead-000017.tlg" -> 17
std::optional<std::uint32_t> segment_number_of(std::string_view name) {
  constexpr std::string_view kEnding = ".tlg";
  if (name.starts_with(kDead)) name.remove_prefix(kDead.size());
  if (!name.ends_with(kEnding)) return std::nullopt;
  name.remove_suffix(kEnding.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

}  // namespace

Result<void> Ledger::scan() {
  const auto names = disk_.list(kSegmentFolder);
  if (!names) return tl::unexpected(names.error());
  std::vector<std::uint32_t> numbers;
  for (const std::string& name : *names) {
    const auto number = segment_number_of(name);
    if (!number) continue;
    numbers.push_back(*number);
    if (!name.starts_with(kDead)) continue;
    dead_.insert(*number);
    named_dead_.insert(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  found_.files = numbers.size();
  std::uint32_t before = 0;
  for (const std::uint32_t number : numbers) {
    newest_ = number;
    auto bytes = read_segment(number);
    if (!bytes) bytes = read_segment(number);  // one error may be the cable's
    if (!bytes) {
      segments_[number];
      unread_.insert(number);
      hole(number, fmt::format("cannot be read: {}", bytes.error().what));
      continue;
    }
    scan_segment(number, *bytes, before + 1 == number && before != 0);
    before = number;
  }
  gap_ = true;
  return {};
}

Result<Bytes> Ledger::read_segment(std::uint32_t number) {
  const auto file = reader(number);
  if (!file) return tl::unexpected(file.error());
  return (*file)->read_at(0, options_.segment_bytes);
}

void Ledger::hole(std::uint32_t number, std::string what) {
  // A file that an earlier run has named dead was told then.
  if (!named_dead_.contains(number)) {
    found_.holes.push_back(fmt::format("{} {}", path(number), what));
  }
  dead_.insert(number);
}

void Ledger::scan_segment(std::uint32_t number, ByteView bytes, bool follows) {
  segments_[number];
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
    const bool chained = record.previous == previous_ || record.previous == close_link();
    if (!chained && (follows || !first) && at == end) {
      hole(number, fmt::format("does not continue the chain at sector {}", at / kSectorBytes));
    }
    first = false;
    link(record.previous, record.head.hash);
    index_.put(record.head.epoch, record.head.seq,
               {{number, static_cast<std::uint16_t>(at / kSectorBytes),
                 static_cast<std::uint16_t>(size / kSectorBytes)},
                record.head.total});
    heads_.push_back(record.head);
    damaged = 0;
    at += size;
    end = at;
  }
  segments_[number].used = end;
  // Only the newest segment may end in the middle of a record: an earlier one ended well or failed.
  found_.torn_tail = damaged > 0;
}

std::uint32_t Ledger::recyclable() const {
  if (segments_.size() < options_.keep) return 0;
  // Oldest first, so that what the ledger has let go is a prefix of each epoch.
  const auto& [number, segment] = *segments_.begin();
  if (number == current_ || segment.owed != 0 || dead_.contains(number)) return 0;
  if (segments_.size() >= options_.most_files) return number;
  std::uint64_t after = 0;
  for (const auto& [each, state] : segments_) after += state.used;
  after -= segment.used;
  return 2 * after >= (options_.keep - 1) * std::uint64_t{options_.segment_bytes} ? number : 0;
}

Result<void> Ledger::make_file(std::uint32_t number) {
  auto file = disk_.open(path(number), ports::Disk::Mode::create);
  if (!file) return tl::unexpected(file.error());
  const Bytes zeros(options_.segment_bytes, '\0');
  if (const auto written = (*file)->write_at(0, zeros); !written) return written;
  if (const auto synced = (*file)->sync(); !synced) return synced;
  file_ = std::move(*file);
  return {};
}

Result<void> Ledger::begin_segment() {
  const std::uint32_t number = newest_ + (gap_ ? 2 : 1);
  newest_ = number;
  const std::uint32_t old = recyclable();
  file_.reset();
  current_ = 0;
  if (old != 0) {
    if (reading_ == old) {
      reader_.reset();
      reading_ = 0;
    }
    if (const auto renamed = disk_.rename(path(old), path(number)); !renamed) {
      gap_ = true;
      return base::within("ledger segment", renamed.error());
    }
    index_.drop(old);
    segments_.erase(old);
    auto file = disk_.open(path(number), ports::Disk::Mode::write);
    if (!file) {
      gap_ = true;
      return base::within("ledger segment", file.error());
    }
    file_ = std::move(*file);
  } else if (const auto made = make_file(number); !made) {
    dead_.insert(number);
    segments_[number];
    gap_ = true;
    return base::within("ledger segment", made.error());
  }
  segments_[number];
  current_ = number;
  used_ = 0;
  gap_ = false;
  if (const auto synced = disk_.sync_dir(kSegmentFolder); !synced) {
    bury();
    return base::within("ledger segment", synced.error());
  }
  return {};
}

}  // namespace tillrig::store
