#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/result.hpp"
#include "sim/trace/codec.hpp"
#include "sim/trace/event.hpp"
#include "sim/trace/format.hpp"
#include "sim/trace/rows.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::trace {

class Reader;

// One sound chunk of a file.
struct Chunk {
  ChunkHeader header;
  base::ByteView bytes;  // header and payload
  std::size_t offset = 0;

  [[nodiscard]] base::ByteView payload() const { return bytes.substr(kChunkHeaderBytes); }
};

struct Blob {
  Name kind;
  base::ByteView bytes;
};

// Walks the events of a Reader, which must stay where it is.
class EventCursor {
 public:
  // Gives the next event; false at the end or at rows that make no sense, which error() then tells.
  // `event` is used again from call to call; its texts point into the Reader.
  bool next(Event& event);
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

 private:
  friend class Reader;
  EventCursor(const Reader& reader, std::size_t chunk) : reader_(&reader), chunk_(chunk) {}

  const Reader* reader_;
  std::size_t chunk_;  // among the chunks of events
  bool inside_ = false;
  Cursor rows_;
  RowState state_;
  std::uint64_t number_ = 0;
  std::uint32_t left_ = 0;
  std::optional<base::Error> error_;
};

// Reads one timeline, whole or cut: all sound chunks before the first that is not are there, and
// torn() tells what is missing. Any bytes are safe to open. Times are nanoseconds; memory is the
// file's size and the tables of names.
class Reader {
 public:
  // Errors: not_found, io; bad_input (not a timeline, of a later version), corrupt (cut or damaged
  // within the file header).
  static base::Result<Reader> open_file(const std::string& path);
  // `called` names the bytes in sentences.
  static base::Result<Reader> open(base::Bytes bytes, std::string called);

  [[nodiscard]] const RunInfo& run() const { return header_.run; }
  [[nodiscard]] const std::optional<HostInfo>& host() const { return host_; }
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
  // Empty for a whole file, else one sentence: where it is cut and what is readable.
  [[nodiscard]] const std::string& torn() const { return torn_; }

  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] const std::vector<Chunk>& chunks() const { return chunks_; }
  [[nodiscard]] const std::vector<base::ByteView>& names() const { return names_; }  // [id - 1]
  [[nodiscard]] const std::vector<base::ByteView>& lanes() const { return lanes_; }
  [[nodiscard]] const std::vector<Blob>& blobs() const { return blobs_; }

  // "" for none; "?" for an id that the file does not explain.
  [[nodiscard]] std::string_view text(Name id) const;
  [[nodiscard]] std::string_view text(LaneId id) const;
  [[nodiscard]] Blob blob(BlobId id) const;

  // From the event of that number on, or the first after it.
  [[nodiscard]] EventCursor from(std::uint64_t number = 1) const;
  // Snapshots, faults and violations, by the events they stand after. Errors: corrupt.
  [[nodiscard]] base::Result<std::vector<Record>> records() const;

  // Computed from the chunks that are there.
  [[nodiscard]] base::Hash256 hash() const;
  // What the writer put at the end of the file.
  [[nodiscard]] const std::optional<base::Hash256>& recorded_hash() const { return recorded_hash_; }
  [[nodiscard]] base::ByteView bytes() const { return *bytes_; }
  [[nodiscard]] const std::string& called() const { return called_; }

 private:
  friend class EventCursor;
  Reader() = default;

  void walk();
  std::string check(base::ByteView rest, Chunk& chunk) const;
  std::string accept(const Chunk& chunk);
  std::string load(const Chunk& chunk);
  void end_of(std::size_t offset, const std::string& why);
  base::Error bad_row(const Chunk& chunk, std::uint64_t row) const;

  std::unique_ptr<const base::Bytes> bytes_;  // its address is kept in many views
  std::string called_;
  FileHeader header_;
  std::optional<HostInfo> host_;
  std::vector<Source> sources_;
  std::vector<Chunk> chunks_;
  std::vector<std::size_t> event_chunks_;  // indexes into chunks_
  std::vector<base::ByteView> names_;
  std::vector<base::ByteView> lanes_;
  std::vector<Blob> blobs_;
  std::uint64_t events_ = 0;
  bool ended_ = false;
  std::optional<base::Hash256> recorded_hash_;
  std::string torn_;
};

}  // namespace tillrig::trace
