// A record is read as it was written, or told to be damaged; a length is never trusted.
#include "pos/store/ledger_record.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace tillrig::fuzz {
namespace {

constexpr std::uint32_t kSegment = 7;

void read_any(base::ByteView bytes) {
  store::LedgerRecord record;
  std::size_t size = 0;
  const store::Sector sector = store::read_record(bytes, kSegment, record, size);
  if (sector != store::Sector::record && sector != store::Sector::stale) return;
  must(size % store::kSectorBytes == 0 && size <= bytes.size(),
       "a record ends within the bytes that it was read from");
}

}  // namespace

// The input is read as a disk's bytes; then it is the till and body of a record, of which one byte
// is hit.
void one(base::ByteView input) {
  base::Bytes disk(input);
  disk.resize((disk.size() / store::kSectorBytes + 1) * store::kSectorBytes, '\0');
  read_any(disk);

  if (input.size() < 4) return;
  const auto till = std::min<std::size_t>(static_cast<unsigned char>(input[0]) % 24, input.size());
  store::Head head;
  head.key = {3, 1U + static_cast<unsigned char>(input[1])};  // counted from 1
  const base::ByteView name = input.substr(0, till);
  const base::ByteView body = input.substr(till);
  base::Bytes sectors;
  store::append_record(sectors, head, kSegment, {}, name, body);
  store::LedgerRecord back;
  std::size_t size = 0;
  must(store::read_record(sectors, kSegment, back, size) == store::Sector::record &&
           back.till == name && back.entry.body == body && back.entry.head.key == head.key,
       "a record is read as it was written");

  const std::size_t hit =
      (static_cast<unsigned char>(input[2]) * 256U + static_cast<unsigned char>(input[3])) %
      sectors.size();
  sectors[hit] = static_cast<char>(sectors[hit] ^ 0x40);
  const store::Sector sector = store::read_record(sectors, kSegment, back, size);
  must(sector != store::Sector::record || (back.till == name && back.entry.body == body),
       "a record that was hit is not taken for another one");
}

}  // namespace tillrig::fuzz
