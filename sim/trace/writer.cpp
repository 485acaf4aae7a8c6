#include "sim/trace/writer.hpp"

#include "pos/base/assert.hpp"

#include <cstring>

namespace tillrig::trace {
namespace {

void put_text_row(ChunkBuffer& chunk, std::string_view text) {
  chunk.took(put_text(chunk.room(kVarintBytes + text.size()), text));
}

}  // namespace

Writer::Writer(Sink& sink, const RunInfo& run, const std::optional<HostInfo>& host)
    : sink_(sink), file_header_(write_file_header(run)) {
  append(file_header_);
  if (host) write_meta(*host);
}

std::size_t Writer::BlobHash::operator()(const BlobKey& key) const {
  std::size_t first = 0;  // bytes of a good hash are one
  std::memcpy(&first, key.content.bytes.data(), sizeof first);
  return first ^ key.kind;
}

Name Writer::intern(std::string_view text) {
  if (text.empty()) return {};
  const auto [id, is_new] = names_.enter(text);
  if (is_new) put_text_row(name_rows_, text);
  return Name{id};
}

LaneId Writer::lane(std::string_view lane_name) {
  TILLRIG_ASSERT(!lane_name.empty(), "a lane has a name");
  const auto [id, is_new] = lanes_.enter(lane_name);
  if (is_new) put_text_row(lane_rows_, lane_name);
  return LaneId{id};
}

BlobId Writer::blob(std::string_view kind, base::ByteView bytes) {
  const Name kind_name = intern(kind);
  const auto next = static_cast<std::uint32_t>(blobs_.size() + 1);
  const auto [at, is_new] = blobs_.try_emplace(BlobKey{kind_name.id, base::blake2b(bytes)}, next);
  if (is_new) {
    char* row = blob_rows_.room(2 * kVarintBytes + bytes.size());
    blob_rows_.took(put_text(put_varint(row, kind_name.id), bytes));
    flush_if_full(blob_rows_);
  }
  return BlobId{at->second};
}

void Writer::add_source(const Source& source) {
  char* row = source_rows_.room(2 * kVarintBytes + source.name.size() + source.text.size());
  source_rows_.took(put_text(put_text(row, source.name), source.text));
}

std::uint64_t Writer::write(const EventIn& event) {
  TILLRIG_ASSERT(!finished_, "no event comes after finish()");
  TILLRIG_ASSERT(event.lane.id != 0 && event.lane.id <= lanes_.size(),
                 "an event has a lane of its writer");
  TILLRIG_ASSERT(event.cause <= events_, "an event is caused by an earlier one");
  const std::uint64_t number = ++events_;
  const char* end = put_event(event_rows_.room(most_bytes(event)), event, number, state_);
  event_rows_.took(end, event.time, event.severity);
  flush_if_full(event_rows_);
  return number;
}

void Writer::write_snapshot(base::Instant time, LaneId lane, std::span<const Arg> state) {
  char* row = snapshot_rows_.room(kRecordBytes + most_bytes(state));
  snapshot_rows_.took(put_snapshot(row, events_, time, lane, state), time, Severity::quiet);
  flush_if_full(snapshot_rows_);
}

void Writer::write_fault(Fault fault) {
  fault.after = events_;
  fault_rows_.took(put_fault(fault_rows_.room(kRecordBytes), fault), fault.time, Severity::warning);
  flush_if_full(fault_rows_);
}

void Writer::write_violation(Violation violation) {
  violation.after = events_;
  char* row = violation_rows_.room(most_bytes(violation));
  violation_rows_.took(put_violation(row, violation), violation.time, Severity::error);
  flush_if_full(violation_rows_);
}

base::Result<void> Writer::flush() {
  TILLRIG_ASSERT(!finished_, "nothing is written after finish()");
  for (ChunkBuffer* chunk : {&name_rows_, &lane_rows_, &blob_rows_, &source_rows_, &event_rows_,
                             &snapshot_rows_, &fault_rows_, &violation_rows_}) {
    if (!chunk->empty()) emit(*chunk);
  }
  state_ = RowState{};
  if (!failure_) {
    if (auto flushed = sink_.flush(); !flushed) failure_ = flushed.error();
  }
  if (failure_) return base::Failure(*failure_);
  return {};
}

base::Result<void> Writer::finish() {
  static_cast<void>(flush());  // its failure is kept and given below
  finished_ = true;
  ChunkBuffer end(ChunkType::end, 2 * kVarintBytes + sizeof(base::Hash256::bytes));
  char* row = put_text(end.room(0), hash().view());
  end.took(put_varint(row, events_));
  emit(end);
  if (!failure_) {
    if (auto last = sink_.flush(); !last) failure_ = last.error();
  }
  if (failure_) return base::Failure(*failure_);
  return {};
}

base::Hash256 Writer::hash() const {
  return trace_hash(file_header_, chain_);
}

void Writer::emit(ChunkBuffer& chunk) {
  const base::ByteView bytes = chunk.seal(chain_);
  append(bytes);
  if (is_hashed(chunk.type())) chain_ = base::blake2b(chain_.view(), bytes);
  chunk.clear();
}

void Writer::append(base::ByteView bytes) {
  if (failure_) return;
  if (auto appended = sink_.append(bytes); !appended) failure_ = appended.error();
}

void Writer::flush_if_full(const ChunkBuffer& chunk) {
  if (!chunk.full()) return;
  static_cast<void>(flush());  // a failure is kept, and told by the caller's own flush or finish
}

void Writer::write_meta(const HostInfo& host) {
  ChunkBuffer meta(ChunkType::meta, 2 * kVarintBytes + host.host.size());
  char* row = put_varint(meta.room(0), base::zigzag(host.start.ms));
  meta.took(put_text(row, host.host));
  emit(meta);
}

}  // namespace tillrig::trace
