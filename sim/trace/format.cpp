#include "sim/trace/format.hpp"

#include "sim/trace/codec.hpp"

#include <algorithm>
#include <cstring>

namespace tillrig::trace {

std::string_view name(Severity severity) {
  constexpr std::string_view kNames[] = {"quiet", "info", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity) & 3];
}

std::string_view name(FaultEdge edge) {
  constexpr std::string_view kNames[] = {"armed", "began", "fired", "healed"};
  return kNames[static_cast<std::size_t>(edge) & 3];
}

std::string_view name(ChunkType type) {
  switch (type) {
    case ChunkType::strings:
      return "strings";
    case ChunkType::lanes:
      return "lanes";
    case ChunkType::events:
      return "events";
    case ChunkType::snapshots:
      return "snapshots";
    case ChunkType::blobs:
      return "blobs";
    case ChunkType::faults:
      return "faults";
    case ChunkType::violations:
      return "violations";
    case ChunkType::sources:
      return "sources";
    case ChunkType::meta:
      return "meta";
    case ChunkType::end:
      return "end";
  }
  return "unknown";
}

std::uint32_t chunk_crc(base::ByteView chunk) {
  const std::uint32_t head = base::crc32c(chunk.substr(0, kChunkHeaderBytes - 4));
  return base::crc32c(chunk.substr(kChunkHeaderBytes), head);
}

void seal_chunk(ChunkHeader header, char* chunk, std::size_t chunk_bytes) {
  std::memset(chunk, 0, kChunkHeaderBytes);
  std::memcpy(chunk, kChunkMagic.data(), kChunkMagic.size());
  chunk[4] = static_cast<char>(header.type);
  chunk[5] = static_cast<char>(header.version);
  chunk[6] = static_cast<char>(header.codec);
  chunk[7] = static_cast<char>(header.severities);
  put_fixed(chunk + 8, static_cast<std::uint32_t>(chunk_bytes - kChunkHeaderBytes));
  put_fixed(chunk + 12, header.rows);
  put_fixed(chunk + 16, static_cast<std::uint64_t>(header.first_ns));
  put_fixed(chunk + 24, static_cast<std::uint64_t>(header.last_ns));
  put_fixed(chunk + 32, header.first_row);
  std::memcpy(chunk + 40, header.chain.data(), header.chain.size());
  put_fixed(chunk + 60, chunk_crc({chunk, chunk_bytes}));
}

bool has_chunk_magic(base::ByteView bytes) {
  return bytes.starts_with(kChunkMagic);
}

ChunkHeader read_chunk_header(base::ByteView bytes) {
  const char* at = bytes.data();
  ChunkHeader header;
  header.type = static_cast<ChunkType>(at[4]);
  header.version = static_cast<std::uint8_t>(at[5]);
  header.codec = static_cast<std::uint8_t>(at[6]);
  header.severities = static_cast<std::uint8_t>(at[7]);
  header.payload = get_fixed<std::uint32_t>(at + 8);
  header.rows = get_fixed<std::uint32_t>(at + 12);
  header.first_ns = static_cast<std::int64_t>(get_fixed<std::uint64_t>(at + 16));
  header.last_ns = static_cast<std::int64_t>(get_fixed<std::uint64_t>(at + 24));
  header.first_row = get_fixed<std::uint64_t>(at + 32);
  std::memcpy(header.chain.data(), at + 40, header.chain.size());
  header.crc = get_fixed<std::uint32_t>(at + 60);
  return header;
}

base::Bytes write_file_header(const RunInfo& run) {
  const base::Hash256 text_hash = base::blake2b(run.scenario_text);
  base::Bytes out(kFileHeaderBytes + 3 * kVarintBytes + run.scenario.size() + run.build.size() +
                      text_hash.bytes.size() + run.scenario_text.size(),
                  '\0');
  char* at = put_text(out.data() + kFileHeaderBytes, run.scenario);
  at = put_text(at, run.build);
  std::memcpy(at, text_hash.bytes.data(), text_hash.bytes.size());
  at = put_text(at + text_hash.bytes.size(), run.scenario_text);
  out.resize(static_cast<std::size_t>(at - out.data()));

  std::memcpy(out.data(), kFileMagic.data(), kFileMagic.size());
  put_fixed(out.data() + 8, kFormatVersion);
  out[10] = 1;
  put_fixed(out.data() + 12, static_cast<std::uint32_t>(out.size() - kFileHeaderBytes));
  put_fixed(out.data() + 16, run.seed);
  const std::uint32_t head = base::crc32c({out.data(), kFileHeaderBytes - 4});
  put_fixed(out.data() + 28, base::crc32c(base::ByteView(out).substr(kFileHeaderBytes), head));
  return out;
}

base::Result<FileHeader> read_file_header(base::ByteView bytes, std::string_view called) {
  const std::size_t seen = std::min(bytes.size(), kFileMagic.size());
  if (bytes.empty() || bytes.substr(0, seen) != kFileMagic.substr(0, seen)) {
    return base::fail(
        base::Code::bad_input,
        "{} is not a tillrig timeline: it {}, and a timeline begins with {}; give a "
        ".tlog file written by a run",
        called, bytes.empty() ? "is empty" : "begins with " + base::to_hex(bytes.substr(0, seen)),
        base::to_hex(kFileMagic));
  }
  const auto cut = [&](std::size_t expected) {
    return base::fail(base::Code::corrupt,
                      "{} is cut inside its header: it has {} bytes and the header takes {}, so it "
                      "holds no events; record the run again",
                      called, bytes.size(), expected);
  };
  if (bytes.size() < kFileHeaderBytes) return cut(kFileHeaderBytes);
  const auto version = get_fixed<std::uint16_t>(bytes.data() + 8);
  if (version != kFormatVersion) {
    return base::fail(base::Code::bad_input,
                      "{} is a timeline of format version {} and this tillrig reads version {}; "
                      "read it with the tillrig that wrote it",
                      called, version, kFormatVersion);
  }
  const std::uint64_t body_bytes = get_fixed<std::uint32_t>(bytes.data() + 12);
  if (body_bytes > bytes.size() - kFileHeaderBytes) return cut(kFileHeaderBytes + body_bytes);
  const base::ByteView body = bytes.substr(kFileHeaderBytes, body_bytes);
  const std::uint32_t head = base::crc32c(bytes.substr(0, kFileHeaderBytes - 4));
  Cursor fields(body);
  FileHeader header;
  header.bytes = kFileHeaderBytes + body.size();
  header.run.seed = get_fixed<std::uint64_t>(bytes.data() + 16);
  header.run.scenario = fields.text();
  header.run.build = fields.text();
  fields.raw(sizeof(base::Hash256::bytes));
  header.run.scenario_text = fields.text();
  if (base::crc32c(body, head) != get_fixed<std::uint32_t>(bytes.data() + 28) || !fields.ok()) {
    return base::fail(base::Code::corrupt,
                      "{} is damaged in its header: the checksum of the first {} bytes does not "
                      "match; record the run again",
                      called, header.bytes);
  }
  return header;
}

base::Hash256 trace_hash(base::ByteView file_header, const base::Hash256& chain) {
  return base::blake2b(base::blake2b(file_header).view(), chain.view());
}

}  // namespace tillrig::trace
