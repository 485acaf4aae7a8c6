// Any file may be opened as a timeline. Checksums are put right first, so that what lies behind
// them is met.
#include "sim/trace/format.hpp"
#include "sim/trace/reader.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <cstring>

namespace tillrig::fuzz {
namespace {

base::Bytes resealed(base::ByteView input) {
  base::Bytes bytes = trace::write_file_header({});
  while (input.size() > trace::kChunkHeaderBytes) {
    base::Bytes chunk(input.substr(0, trace::kChunkHeaderBytes));
    trace::ChunkHeader header = trace::read_chunk_header(chunk);
    const std::size_t payload =
        std::min<std::size_t>(header.payload % 512, input.size() - trace::kChunkHeaderBytes);
    chunk += input.substr(trace::kChunkHeaderBytes, payload);
    header.version = trace::kChunkVersion;
    header.codec = 0;
    trace::seal_chunk(header, chunk.data(), chunk.size());
    bytes += chunk;
    input.remove_prefix(chunk.size());
  }
  return bytes;
}

void walk(base::Bytes bytes) {
  const auto reader = trace::Reader::open(std::move(bytes), "fuzzed.tlog");
  if (!reader) return;
  trace::Event event;
  trace::EventCursor cursor = reader->from();
  std::uint64_t events = 0;
  while (cursor.next(event)) ++events;
  must(events <= reader->events(), "no more events are given than the chunks tell");
  static_cast<void>(reader->records());
  static_cast<void>(reader->hash());
}

}  // namespace

void one(base::ByteView input) {
  walk(base::Bytes(input));
  walk(resealed(input));
}

}  // namespace tillrig::fuzz
