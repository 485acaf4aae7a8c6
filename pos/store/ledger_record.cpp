#include "pos/store/ledger_record.hpp"

#include "pos/base/assert.hpp"

#include <bit>
#include <cstring>
#include <string_view>

namespace tillrig::store {
namespace {

static_assert(std::endian::native == std::endian::little, "the ledger is little-endian");

constexpr std::uint32_t kMagic = 0x31474c54;  // "TLG1"
constexpr std::uint16_t kFormat = 1;
constexpr std::size_t kHeadBytes = 120;
constexpr std::size_t kCovered = 8;  // the CRC covers everything from here

template <class T>
void put(char*& at, T value) {
  std::memcpy(at, &value, sizeof value);
  at += sizeof value;
}

void put(char*& at, ByteView bytes) {
  std::memcpy(at, bytes.data(), bytes.size());
  at += bytes.size();
}

template <class T>
T take(const char*& at) {
  T value{};
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

Hash256 take_hash(const char*& at) {
  Hash256 hash;
  std::memcpy(hash.bytes.data(), at, hash.bytes.size());
  at += hash.bytes.size();
  return hash;
}

}  // namespace

std::size_t record_bytes(std::size_t till_bytes, std::size_t body_bytes) {
  const std::size_t bytes = kHeadBytes + till_bytes + body_bytes;
  return (bytes + kSectorBytes - 1) / kSectorBytes * kSectorBytes;
}

void append_record(Bytes& out, const Head& head, std::uint32_t segment, const Hash256& previous,
                   std::string_view till, ByteView body) {
  TILLRIG_ASSERT(till.size() <= UINT8_MAX, "the length of a till's name stands in one byte");
  TILLRIG_ASSERT(head.key.epoch > 0 && head.key.seq > 0 && segment > 0, "all are counted from 1");
  const std::size_t start = out.size();
  out.resize(start + record_bytes(till.size(), body.size()), '\0');
  char* const first = out.data() + start;
  char* at = first;
  put(at, kMagic);
  put(at, std::uint32_t{0});  // the CRC, when the rest stands
  put(at, kFormat);
  put(at, head.kind);
  put(at, static_cast<std::uint8_t>(till.size()));
  put(at, head.key.epoch);
  put(at, head.key.seq);
  put(at, head.number);
  put(at, head.total.minor);
  put(at, head.wall.ms);
  put(at, segment);
  put(at, static_cast<std::uint32_t>(body.size()));
  put(at, previous.view());
  put(at, head.hash.view());
  put(at, till);
  put(at, body);
  TILLRIG_ASSERT(at <= out.data() + out.size(), "a record stays within its sectors");
  const ByteView covered(first + kCovered, static_cast<std::size_t>(at - first) - kCovered);
  const std::uint32_t crc = base::crc32c(covered);
  std::memcpy(first + sizeof kMagic, &crc, sizeof crc);
}

Sector read_record(ByteView bytes, std::uint32_t segment, LedgerRecord& record, std::size_t& size) {
  size = 0;
  Head& head = record.entry.head;
  if (bytes.size() < kSectorBytes) return Sector::empty;
  const char* at = bytes.data();
  if (take<std::uint32_t>(at) != kMagic) return Sector::empty;
  const auto crc = take<std::uint32_t>(at);
  const auto format = take<std::uint16_t>(at);
  head.kind = take<std::uint8_t>(at);
  const std::size_t till_bytes = take<std::uint8_t>(at);
  head.key.epoch = take<std::uint32_t>(at);
  head.key.seq = take<std::uint64_t>(at);
  head.number = take<std::uint64_t>(at);
  head.total.minor = take<std::int64_t>(at);
  head.wall.ms = take<std::int64_t>(at);
  record.segment = take<std::uint32_t>(at);
  const std::size_t body_bytes = take<std::uint32_t>(at);
  record.previous = take_hash(at);
  head.hash = take_hash(at);
  const bool ours = record.segment == segment;
  const Sector broken = ours ? Sector::damaged : Sector::empty;
  if (format != kFormat || record_bytes(till_bytes, body_bytes) > bytes.size()) return broken;
  const std::size_t length = kHeadBytes + till_bytes + body_bytes;
  if (base::crc32c(bytes.substr(kCovered, length - kCovered)) != crc) return broken;
  record.till.assign(at, till_bytes);
  record.entry.body.assign(at + till_bytes, body_bytes);
  size = record_bytes(till_bytes, body_bytes);
  return ours ? Sector::record : Sector::stale;
}

}  // namespace tillrig::store
