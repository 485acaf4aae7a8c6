#pragma once

#include "sim/disk/image.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace tillrig::disk {

// The bytes of an op that outlive a power cut, counted from the op's own first byte. An op without
// bytes (truncate, a name) survives if the span is not empty.
struct Span {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  static constexpr Span all() { return {0, UINT64_MAX}; }
  static constexpr Span none() { return {}; }
  [[nodiscard]] constexpr bool empty() const { return begin >= end; }
};

// What was done to one file since its last good sync, in order. Instead of a second copy of the
// file it keeps what each op overwrote, so the disk's content is the image with the ops taken back:
// an append costs no bytes here.
class Pending {
 public:
  enum class State : std::uint8_t {
    pending,  // may or may not reach the disk
    durable,  // on the disk; kept here only because an op before it is lost
    lost,     // a failed sync dropped it: reads see it, the disk never will
  };
  struct Op {
    std::uint64_t seq = 0;  // order over the whole volume
    bool truncate = false;
    State state = State::pending;
    std::uint64_t offset = 0;    // of a truncate: the new size
    std::uint64_t length = 0;    // bytes written
    std::uint64_t old_size = 0;  // of the file
    std::uint64_t held_at = 0;   // in held_
    std::uint64_t held = 0;      // bytes overwritten or cut off
  };
  using Survivors = std::function<Span(const Op&)>;

  // Does the op to the image and notes how to take it back.
  void write(Image& image, std::uint64_t seq, std::uint64_t offset, ByteView bytes);
  void truncate(Image& image, std::uint64_t seq, std::uint64_t size);

  [[nodiscard]] const std::vector<Op>& ops() const { return ops_; }

  // A good sync: all that is pending is on the disk.
  void settle();
  // A failed sync: nothing that is pending will ever reach the disk.
  void lose();
  // Turns the image into what the disk has plus what survives of the pending ops, and forgets all.
  void cut(Image& image, const Survivors& survivors);
  // What the disk has now.
  [[nodiscard]] Bytes durable(const Image& image) const;

 private:
  void clear();
  void mark(State state);

  std::vector<Op> ops_;
  Bytes held_;  // overwritten bytes of all ops, one after the other
  bool some_lost_ = false;
};

}  // namespace tillrig::disk
