#include "sim/disk/pending.hpp"

#include <algorithm>

namespace tillrig::disk {

void Pending::write(Image& image, std::uint64_t seq, std::uint64_t offset, ByteView bytes) {
  const ByteView before = image.view(offset, bytes.size());
  ops_.push_back({.seq = seq,
                  .truncate = false,
                  .state = State::pending,
                  .offset = offset,
                  .length = bytes.size(),
                  .old_size = image.size(),
                  .held_at = held_.size(),
                  .held = before.size()});
  held_.append(before);
  image.write(offset, bytes);
}

void Pending::truncate(Image& image, std::uint64_t seq, std::uint64_t size) {
  const ByteView before = image.view(size, UINT64_MAX);
  ops_.push_back({.seq = seq,
                  .truncate = true,
                  .state = State::pending,
                  .offset = size,
                  .length = 0,
                  .old_size = image.size(),
                  .held_at = held_.size(),
                  .held = before.size()});
  held_.append(before);
  image.resize(size);
}

void Pending::clear() {
  ops_.clear();
  held_.clear();
  some_lost_ = false;
}

void Pending::mark(State state) {
  for (Op& op : ops_) {
    if (op.state == State::pending) op.state = state;
  }
}

void Pending::settle() {
  // Below a lost op lies what the disk still has; the ops after it must stay to be put on top.
  if (some_lost_) {
    mark(State::durable);
  } else {
    clear();
  }
}

void Pending::lose() {
  if (ops_.empty()) return;
  mark(State::lost);
  some_lost_ = true;
}

void Pending::cut(Image& image, const Survivors& survivors) {
  std::vector<Bytes> written(ops_.size());
  for (std::size_t i = ops_.size(); i-- > 0;) {
    const Op& op = ops_[i];
    if (!op.truncate) written[i] = image.view(op.offset, op.length);
    image.resize(op.old_size);
    image.write(op.offset, ByteView(held_).substr(op.held_at, op.held));
    // An op at or beyond the old end held nothing, and writing nothing there would grow the file.
    image.resize(op.old_size);
  }
  for (std::size_t i = 0; i < ops_.size(); ++i) {
    const Op& op = ops_[i];
    if (op.state == State::lost) continue;
    const Span span = op.state == State::durable ? Span::all() : survivors(op);
    if (span.empty()) continue;
    if (op.truncate) {
      image.resize(op.offset);
    } else if (span.begin < op.length) {
      image.write(op.offset + span.begin,
                  ByteView(written[i]).substr(span.begin, span.end - span.begin));
    }
  }
  clear();
}

Bytes Pending::durable(const Image& image) const {
  Image copy = image;
  Pending ops = *this;
  ops.cut(copy, [](const Op&) { return Span::none(); });
  return Bytes(copy.bytes());
}

}  // namespace tillrig::disk
