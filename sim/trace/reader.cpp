#include "sim/trace/reader.hpp"

#include "sim/trace/read_file.hpp"

#include <algorithm>

namespace tillrig::trace {
namespace {

constexpr std::uint32_t kEventLeastBytes = 3;  // flags, lane, name

std::uint64_t record_after(const Record& record) {
  return std::visit([](const auto& r) { return r.after; }, record);
}

Record get_record(ChunkType type, Cursor& rows) {
  if (type == ChunkType::snapshots) return get_snapshot(rows);
  if (type == ChunkType::faults) return get_fault(rows);
  return get_violation(rows);
}

bool holds_records(ChunkType type) {
  return type == ChunkType::snapshots || type == ChunkType::faults || type == ChunkType::violations;
}

}  // namespace

base::Result<Reader> Reader::open_file(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) return base::Failure(bytes.error());
  return open(std::move(*bytes), path);
}

base::Result<Reader> Reader::open(base::Bytes bytes, std::string called) {
  auto header = read_file_header(bytes, called);
  if (!header) return base::Failure(header.error());
  Reader reader;
  reader.bytes_ = std::make_unique<const base::Bytes>(std::move(bytes));
  reader.called_ = std::move(called);
  reader.header_ = std::move(*header);
  reader.walk();
  return reader;
}

void Reader::walk() {
  std::size_t offset = header_.bytes;
  while (offset < bytes_->size()) {
    Chunk chunk;
    chunk.offset = offset;
    std::string why = ended_ ? "there are bytes after the end mark"
                             : check(base::ByteView(*bytes_).substr(offset), chunk);
    if (why.empty()) why = accept(chunk);
    if (!why.empty()) return end_of(offset, why);
    chunks_.push_back(chunk);
    offset += chunk.bytes.size();
  }
  if (!ended_) end_of(offset, "it has no end mark");
}

// What is wrong with the next chunk as bytes; empty if it is sound, which fills in `chunk`.
std::string Reader::check(base::ByteView rest, Chunk& chunk) const {
  if (rest.size() < kChunkHeaderBytes) return "a chunk is cut inside its header";
  if (!has_chunk_magic(rest)) return "the next bytes are no chunk";
  chunk.header = read_chunk_header(rest);
  if (chunk.header.payload > rest.size() - kChunkHeaderBytes) {
    return fmt::format("a chunk of {} is cut short", name(chunk.header.type));
  }
  chunk.bytes = rest.substr(0, kChunkHeaderBytes + chunk.header.payload);
  if (chunk_crc(chunk.bytes) != chunk.header.crc) {
    return fmt::format("a chunk of {} fails its checksum", name(chunk.header.type));
  }
  return {};
}

// Takes in what a sound chunk says; gives what is wrong with it, or nothing.
std::string Reader::accept(const Chunk& chunk) {
  const ChunkHeader& header = chunk.header;
  if (name(header.type) == "unknown") return {};  // of a later tillrig: stepped over
  if (header.version != kChunkVersion || header.codec != 0) {
    return fmt::format("a chunk of {} has version {} and codec {}, this tillrig reads {} and 0",
                       name(header.type), header.version, header.codec, kChunkVersion);
  }
  if (header.type == ChunkType::events) {
    if (header.first_row != events_ + 1 || header.rows > header.payload / kEventLeastBytes) {
      return fmt::format("a chunk says it holds {} events from {}, event {} was to come",
                         header.rows, header.first_row, events_ + 1);
    }
    event_chunks_.push_back(chunks_.size());
    events_ += header.rows;
    return {};
  }
  return holds_records(header.type) ? std::string() : load(chunk);
}

std::string Reader::load(const Chunk& chunk) {
  Cursor rows(chunk.payload());
  std::uint32_t seen = 0;
  for (; !rows.done() && rows.ok(); ++seen) {
    switch (chunk.header.type) {
      case ChunkType::strings:
        names_.push_back(rows.text());
        break;
      case ChunkType::lanes:
        lanes_.push_back(rows.text());
        break;
      case ChunkType::blobs: {
        const Name kind{rows.small()};
        blobs_.push_back(Blob{kind, rows.text()});
        break;
      }
      case ChunkType::sources: {
        const auto called = rows.text();
        sources_.push_back(Source{std::string(called), std::string(rows.text())});
        break;
      }
      case ChunkType::meta: {
        const base::WallTime start{base::unzigzag(rows.varint())};
        host_ = HostInfo{start, std::string(rows.text())};
        break;
      }
      default: {  // the end mark
        base::Hash256 hash;
        const auto recorded = rows.text();
        const std::uint64_t count = rows.varint();
        if (recorded.size() != hash.bytes.size() || count != events_) rows.spoil();
        if (!rows.ok()) break;
        std::copy(recorded.begin(), recorded.end(), hash.bytes.begin());
        recorded_hash_ = hash;
        ended_ = true;
      }
    }
  }
  if (rows.ok() && seen == chunk.header.rows) return {};
  return fmt::format("a chunk of {} does not hold the {} rows it says", name(chunk.header.type),
                     chunk.header.rows);
}

void Reader::end_of(std::size_t offset, const std::string& why) {
  torn_ = fmt::format(
      "{} is not whole: at byte {} of {} {}; the {} events before it are readable (the program "
      "that wrote it was killed or is still writing, or the file was damaged)",
      called_, offset, bytes_->size(), why, events_);
}

base::Error Reader::bad_row(const Chunk& chunk, std::uint64_t row) const {
  return base::Error{
      base::Code::corrupt,
      fmt::format("{} is damaged: row {} of the {} at byte {} makes no sense, although the "
                  "checksum holds; record the run again",
                  called_, row, name(chunk.header.type), chunk.offset)};
}

std::string_view Reader::text(Name id) const {
  if (id.id == 0) return {};
  return id.id <= names_.size() ? names_[id.id - 1] : "?";
}

std::string_view Reader::text(LaneId id) const {
  if (id.id == 0) return {};
  return id.id <= lanes_.size() ? lanes_[id.id - 1] : "?";
}

Blob Reader::blob(BlobId id) const {
  return id.id != 0 && id.id <= blobs_.size() ? blobs_[id.id - 1] : Blob{};
}

EventCursor Reader::from(std::uint64_t number) const {
  const auto after = std::upper_bound(
      event_chunks_.begin(), event_chunks_.end(), number,
      [this](std::uint64_t n, std::size_t i) { return n < chunks_[i].header.first_row; });
  const auto at = after == event_chunks_.begin() ? after : after - 1;
  EventCursor cursor(*this, static_cast<std::size_t>(at - event_chunks_.begin()));
  if (cursor.chunk_ == event_chunks_.size()) return cursor;
  Event skipped;
  std::uint64_t coming = chunks_[event_chunks_[cursor.chunk_]].header.first_row;
  while (coming < number && cursor.next(skipped)) ++coming;
  return cursor;
}

bool EventCursor::next(Event& event) {
  while (!inside_) {
    if (error_ || chunk_ >= reader_->event_chunks_.size()) return false;
    const Chunk& chunk = reader_->chunks_[reader_->event_chunks_[chunk_]];
    rows_ = Cursor(chunk.payload());
    state_ = RowState{};
    number_ = chunk.header.first_row - 1;
    left_ = chunk.header.rows;
    inside_ = left_ > 0;
    if (!inside_) ++chunk_;
  }
  get_event(rows_, ++number_, state_, event);
  --left_;
  if (!rows_.ok() || (left_ == 0 && !rows_.done())) [[unlikely]] {
    const Chunk& chunk = reader_->chunks_[reader_->event_chunks_[chunk_]];
    error_ = reader_->bad_row(chunk, number_ - chunk.header.first_row + 1);
    inside_ = false;
    return false;
  }
  if (left_ == 0) {
    inside_ = false;
    ++chunk_;
  }
  return true;
}

base::Result<std::vector<Record>> Reader::records() const {
  std::vector<Record> records;
  for (const Chunk& chunk : chunks_) {
    if (!holds_records(chunk.header.type)) continue;
    Cursor rows(chunk.payload());
    std::uint64_t row = 0;
    while (row < chunk.header.rows && rows.ok()) {
      ++row;
      records.push_back(get_record(chunk.header.type, rows));
    }
    if (!rows.ok() || !rows.done()) return base::Failure(bad_row(chunk, row));
  }
  std::stable_sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
    return record_after(a) < record_after(b);
  });
  return records;
}

base::Hash256 Reader::hash() const {
  base::Hash256 chain;
  for (const Chunk& chunk : chunks_) {
    if (is_hashed(chunk.header.type)) chain = base::blake2b(chain.view(), chunk.bytes);
  }
  return trace_hash(base::ByteView(*bytes_).substr(0, header_.bytes), chain);
}

}  // namespace tillrig::trace
