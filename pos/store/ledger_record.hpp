#pragma once

#include "pos/store/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::store {

inline constexpr std::size_t kSectorBytes = 512;

// One record of the ledger. It fills whole sectors, so a torn write or a damaged neighbour costs no
// other record (reference: storage 3.2). `segment` tells it from what an earlier use of the same
// file left; `previous` is the link of the append before this one, and so the chain.
struct LedgerRecord {
  Entry entry;
  std::uint32_t segment = 0;
  Hash256 previous;
  std::string till;
};

// Bytes that a record takes on the disk: a multiple of the sector.
std::size_t record_bytes(std::size_t till_bytes, std::size_t body_bytes);

// Appends the record's sectors: head, till, body, zeros; little-endian, CRC-32C over all but the
// zeros.
void append_record(Bytes& out, const Head& head, std::uint32_t segment, const Hash256& previous,
                   std::string_view till, ByteView body);

// What stands at a sector.
enum class Sector {
  empty,    // no record ever began here
  stale,    // a whole record of an earlier use of the file
  damaged,  // a record of this segment began here and is not whole
  record,
};

// Reads the record that begins at the front of `bytes`. `size` is set to its bytes on the disk for
// stale and record. The body's hash is not checked here: CRC says what the disk did, the hash is
// for whoever hands the event out.
Sector read_record(ByteView bytes, std::uint32_t segment, LedgerRecord& record, std::size_t& size);

}  // namespace tillrig::store
