#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/result.hpp"
#include "sim/trace/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tillrig::trace {

// The layout of a .tlog, version 1. A file header, then chunks, each a 64-byte header and a
// payload, appended whole and never touched again: whatever stops the writer, all chunks but the
// last are sound.
//
//   file header  magic 8 | version u16 | unit u8 (1 = ns) | 0 u8 | body length u32 | seed u64 |
//                0 u32 | CRC-32C u32 of the 28 bytes before and the body | body: scenario name,
//                build, BLAKE2b-256 of the scenario text (32 bytes), scenario text
//   chunk header magic 4 | type u8 | version u8 | codec u8 (0 = plain) | severities u8 (bit n =
//                severity n occurs) | payload length u32 | rows u32 | first time i64 | last time
//                i64 | number of the first row u64 | chain before this chunk 16 | 0 u32 |
//                CRC-32C u32 of the 60 bytes before and the payload
//
// chain: starts at 32 zero bytes; after each hashed chunk = BLAKE2b(chain, chunk). Two files whose
// n-th chunks carry the same chain hold the same chunks before them, which makes the first
// divergence a binary search. The trace hash is BLAKE2b(BLAKE2b(file header), chain). Chunk types
// from 0x80 up (wall clock, the end mark) are outside of both.

inline constexpr std::string_view kFileMagic("\x89TLOG\r\n\x1a", 8);  // finds text-mode copies
inline constexpr std::string_view kChunkMagic("TLCK", 4);
inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr std::uint8_t kChunkVersion = 1;
inline constexpr std::size_t kFileHeaderBytes = 32;  // without its body
inline constexpr std::size_t kChunkHeaderBytes = 64;
inline constexpr std::size_t kChainBytes = 16;  // of the chain, in a chunk's header

// A chunk is written out when it reaches either.
inline constexpr std::uint32_t kChunkRows = 64 * 1024;
inline constexpr std::size_t kChunkPayload = 256 * 1024;

enum class ChunkType : std::uint8_t {
  strings = 1,
  lanes = 2,
  events = 3,
  snapshots = 4,
  blobs = 5,
  faults = 6,
  violations = 7,
  sources = 8,
  meta = 0x80,
  end = 0x81,
};
// "events"; "unknown" for a type of a later version.
std::string_view name(ChunkType type);

constexpr bool is_hashed(ChunkType type) {
  return static_cast<std::uint8_t>(type) < 0x80;
}

struct ChunkHeader {
  ChunkType type = ChunkType::events;
  std::uint8_t version = kChunkVersion;
  std::uint8_t codec = 0;
  std::uint8_t severities = 0;
  std::uint32_t payload = 0;  // bytes
  std::uint32_t rows = 0;
  std::int64_t first_ns = 0;  // least and greatest time of the rows
  std::int64_t last_ns = 0;
  std::uint64_t first_row = 0;
  std::array<unsigned char, kChainBytes> chain{};
  std::uint32_t crc = 0;
};

// Writes the header into the first kChunkHeaderBytes of `chunk`, whose payload follows; fills in
// the payload's length and the CRC.
void seal_chunk(ChunkHeader header, char* chunk, std::size_t chunk_bytes);

// Takes at least kChunkHeaderBytes. Does not judge: see has_chunk_magic and chunk_crc.
ChunkHeader read_chunk_header(base::ByteView bytes);
bool has_chunk_magic(base::ByteView bytes);
std::uint32_t chunk_crc(base::ByteView chunk);  // of the whole chunk, header and payload

base::Bytes write_file_header(const RunInfo& run);

struct FileHeader {
  RunInfo run;
  std::size_t bytes = 0;  // header and body: where the first chunk begins
};
// `called` names the file in errors. Errors: bad_input (not a timeline, or of a later version),
// corrupt (cut or damaged inside the header).
base::Result<FileHeader> read_file_header(base::ByteView bytes, std::string_view called);

base::Hash256 trace_hash(base::ByteView file_header, const base::Hash256& chain);

}  // namespace tillrig::trace
