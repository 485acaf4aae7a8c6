#pragma once

#include "pos/base/hash.hpp"
#include "pos/base/result.hpp"
#include "sim/trace/chunk_buffer.hpp"
#include "sim/trace/event.hpp"
#include "sim/trace/name_table.hpp"
#include "sim/trace/rows.hpp"
#include "sim/trace/sink.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace tillrig::trace {

// Writes one timeline. In virtual time its bytes depend on nothing but what is written here and
// where flush() is called, so call that at moments that the scenario decides (the end of a phase, a
// violation), never on a wall clock. Not thread-safe: one world, one writer, one thread.
//
// A sink that fails does not stop the run: numbers go on, bytes are dropped, and flush() and
// finish() say what happened. The sink must outlive the writer. Without finish() the events since
// the last chunk are lost and a Reader says that the file has no end.
class Writer {
 public:
  Writer(Sink& sink, const RunInfo& run, const std::optional<HostInfo>& host = std::nullopt);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // The same text gives the same id, for ever. Keep what is used often.
  Name intern(std::string_view text);
  LaneId lane(std::string_view name);
  // Content kept once; `kind` tells how to show it ("receipt", "wire").
  BlobId blob(std::string_view kind, base::ByteView bytes);
  void add_source(const Source& source);

  // Gives the event's number, from 1. Takes no memory. `cause` must be an earlier number.
  std::uint64_t write(const EventIn& event);

  void write_snapshot(base::Instant time, LaneId lane, std::span<const Arg> state);
  void write_fault(Fault fault);
  void write_violation(Violation violation);

  // Brings everything so far to the sink as whole chunks. Errors: the sink's first.
  base::Result<void> flush();
  // flush() and the end mark with the trace hash. Nothing may be written after it.
  base::Result<void> finish();

  [[nodiscard]] std::uint64_t events() const { return events_; }
  // Of all that was flushed; after finish(), of the run. Not of the wall clock and the host.
  [[nodiscard]] base::Hash256 hash() const;

 private:
  void emit(ChunkBuffer& chunk);
  void append(base::ByteView bytes);
  void flush_if_full(const ChunkBuffer& chunk);
  void write_meta(const HostInfo& host);

  Sink& sink_;
  base::Bytes file_header_;
  base::Hash256 chain_;
  std::optional<base::Error> failure_;
  bool finished_ = false;

  NameTable names_;
  NameTable lanes_;
  struct BlobKey {
    std::uint32_t kind = 0;
    base::Hash256 content;
    bool operator==(const BlobKey&) const = default;
  };
  struct BlobHash {
    std::size_t operator()(const BlobKey& key) const;
  };
  // Looked up and never walked: its order is nobody's.
  std::unordered_map<BlobKey, std::uint32_t, BlobHash> blobs_;

  // In the order in which a flush writes them: what events refer to stands before them.
  ChunkBuffer name_rows_{ChunkType::strings, 0};
  ChunkBuffer lane_rows_{ChunkType::lanes, 0};
  ChunkBuffer blob_rows_{ChunkType::blobs, 0};
  ChunkBuffer source_rows_{ChunkType::sources, 0};
  ChunkBuffer event_rows_{ChunkType::events, kChunkPayload + 4096};
  ChunkBuffer snapshot_rows_{ChunkType::snapshots, 0};
  ChunkBuffer fault_rows_{ChunkType::faults, 0};
  ChunkBuffer violation_rows_{ChunkType::violations, 0};
  RowState state_;
  std::uint64_t events_ = 0;
};

}  // namespace tillrig::trace
