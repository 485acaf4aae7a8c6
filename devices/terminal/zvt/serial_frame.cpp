#include "devices/terminal/zvt/serial_frame.hpp"

#include "devices/terminal/zvt/bcd.hpp"

#include <utility>

namespace tillrig::terminal::zvt {
namespace {

constexpr unsigned kPolynomial = 0x8408;

unsigned crc_step(unsigned crc, std::uint8_t byte) {
  crc ^= byte;
  for (int bit = 0; bit < 8; ++bit) {
    crc = (crc & 1U) != 0 ? crc >> 1U ^ kPolynomial : crc >> 1U;
  }
  return crc;
}

}  // namespace

std::uint16_t crc_of(base::ByteView message) {
  unsigned crc = 0;
  for (const char c : message) crc = crc_step(crc, byte_of(c));
  return static_cast<std::uint16_t>(crc_step(crc, byte_of(kEtx)));
}

base::Bytes frame(base::ByteView message) {
  base::Bytes out{kDle, kStx};
  for (const char c : message) {
    if (c == kDle) out += kDle;
    out += c;
  }
  const std::uint16_t crc = crc_of(message);
  out += {kDle, kEtx, char_of(crc & 0xffU), char_of(crc >> 8U)};
  return out;
}

// The bytes that follow are of the broken frame still: an ACK among them would be none.
FrameReader::Step FrameReader::broken(std::string_view why) {
  const bool inside = state_ == State::inside || state_ == State::dle_inside;
  const bool was_frame = inside || state_ == State::crc_low || state_ == State::crc_high;
  Broken step{std::exchange(raw_, {}), why, was_frame};
  reset();
  if (inside) state_ = State::skipping;
  return step;
}

// 10 02 has come within what was something else.
FrameReader::Step FrameReader::begin_again(std::string_view why) {
  raw_.resize(raw_.size() - 2);
  Broken cut{std::exchange(raw_, base::Bytes{kDle, kStx}), why, false};
  message_.clear();
  state_ = State::inside;
  if (cut.bytes.empty()) return Nothing{};
  return cut;
}

FrameReader::Step FrameReader::skip(char byte) {
  if (state_ == State::dle_skipping && byte == kStx) {
    return begin_again("it is the rest of a broken frame");
  }
  state_ = byte == kDle ? State::dle_skipping : State::skipping;
  if (raw_.size() < kMostBytes) return Nothing{};
  return Broken{std::exchange(raw_, {}), "it is the rest of a broken frame", false};
}

void FrameReader::reset() {
  state_ = State::between;
  raw_.clear();
  message_.clear();
}

FrameReader::Step FrameReader::give_up() {
  if (!waiting()) return Nothing{};
  const bool skipped = state_ == State::skipping || state_ == State::dle_skipping;
  Step step = broken(skipped ? "it is the rest of a broken frame" : "the frame does not go on");
  const bool empty = std::get<Broken>(step).bytes.empty();
  reset();
  if (empty) return Nothing{};
  return step;
}

FrameReader::Step FrameReader::finish(char byte) {
  crc_ = static_cast<std::uint16_t>(crc_ | unsigned{byte_of(byte)} << 8U);
  if (crc_ != crc_of(message_)) return broken("its CRC is wrong");
  Whole whole{std::move(message_)};
  reset();
  return whole;
}

FrameReader::Step FrameReader::take(char byte) {
  raw_ += byte;
  switch (state_) {
    case State::between:
      if (byte == kDle) {
        state_ = State::dle_between;
        return Nothing{};
      }
      if (byte == kAckByte || byte == kNakByte) {
        raw_.clear();
        if (byte == kAckByte) return Ack{};
        return Nak{};
      }
      return broken("no frame begins there");
    case State::dle_between:
      if (byte == kStx) {
        state_ = State::inside;
        return Nothing{};
      }
      return broken("no frame begins there");
    case State::inside:
      if (byte == kDle) {
        state_ = State::dle_inside;
        return Nothing{};
      }
      break;
    case State::dle_inside:
      if (byte == kEtx) {
        state_ = State::crc_low;
        return Nothing{};
      }
      if (byte == kStx) return begin_again("another frame begins within it");
      if (byte != kDle) return broken("10 stands alone in it");
      state_ = State::inside;
      break;
    case State::crc_low:
      crc_ = byte_of(byte);
      state_ = State::crc_high;
      return Nothing{};
    case State::crc_high:
      return finish(byte);
    case State::skipping:
    case State::dle_skipping:
      return skip(byte);
  }
  if (message_.size() == kMostBytes) return broken("it is longer than any message");
  message_ += byte;
  return Nothing{};
}

}  // namespace tillrig::terminal::zvt
