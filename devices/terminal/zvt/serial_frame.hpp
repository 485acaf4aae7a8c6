#pragma once

#include "pos/base/bytes.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace tillrig::terminal::zvt {

inline constexpr char kDle = '\x10';
inline constexpr char kStx = '\x02';
inline constexpr char kEtx = '\x03';
inline constexpr char kAckByte = '\x06';
inline constexpr char kNakByte = '\x15';

// CRC of the standard: reflected polynomial 8408, from 0, over the message and the ETX.
std::uint16_t crc_of(base::ByteView message);

// 10 02 | the message, each 10 twice | 10 03 | CRC, low byte first.
base::Bytes frame(base::ByteView message);

// Takes a line apart, byte by byte: frames, the bytes ACK and NAK between them, and what is
// neither.
class FrameReader {
 public:
  static constexpr std::size_t kMostBytes = 4096;  // of a message

  struct Nothing {};
  struct Whole {
    base::Bytes message;
  };
  struct Ack {};
  struct Nak {};
  struct Broken {
    base::Bytes bytes;
    std::string_view why;
    bool was_frame = false;  // its sender waits for an answer
  };
  using Step = std::variant<Nothing, Whole, Ack, Nak, Broken>;

  Step take(char byte);
  // The rest does not come.
  Step give_up();
  // Whether the rest of something is awaited.
  [[nodiscard]] bool waiting() const { return state_ != State::between; }
  void reset();

 private:
  enum class State {
    between,
    dle_between,
    inside,
    dle_inside,
    crc_low,
    crc_high,
    skipping,  // the rest of a broken frame, until another one begins or nothing more comes
    dle_skipping
  };

  Step broken(std::string_view why);
  Step begin_again(std::string_view why);
  Step skip(char byte);
  Step finish(char byte);

  State state_ = State::between;
  base::Bytes raw_;      // as it came
  base::Bytes message_;  // undoubled
  std::uint16_t crc_ = 0;
};

}  // namespace tillrig::terminal::zvt
