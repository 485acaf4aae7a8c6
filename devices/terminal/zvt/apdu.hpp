#pragma once

#include "pos/base/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::terminal::zvt {

// Class and instruction of a message.
struct Command {
  std::uint8_t cls = 0;
  std::uint8_t instr = 0;

  constexpr bool operator==(const Command&) const = default;
};

// Till to terminal.
inline constexpr Command kStatusEnquiry{0x05, 0x01};
inline constexpr Command kRegistration{0x06, 0x00};
inline constexpr Command kAuthorisation{0x06, 0x01};
inline constexpr Command kLogOff{0x06, 0x02};
inline constexpr Command kTotals{0x06, 0x10};
inline constexpr Command kRepeatReceipt{0x06, 0x20};
inline constexpr Command kReversal{0x06, 0x30};
inline constexpr Command kRefund{0x06, 0x31};
inline constexpr Command kEndOfDay{0x06, 0x50};
inline constexpr Command kDiagnosis{0x06, 0x70};
inline constexpr Command kSetTime{0x06, 0x91};
inline constexpr Command kAbort{0x06, 0xb0};
inline constexpr Command kDisplay{0x06, 0xe0};
// Terminal to till.
inline constexpr Command kStatusInfo{0x04, 0x0f};
inline constexpr Command kIntermediate{0x04, 0xff};
inline constexpr Command kCompletion{0x06, 0x0f};
inline constexpr Command kFailed{0x06, 0x1e};
inline constexpr Command kPrintLine{0x06, 0xd1};
inline constexpr Command kPrintBlock{0x06, 0xd3};
// Either way: the answer to a message. 84 00 is as good as 80 00.
inline constexpr Command kAck{0x80, 0x00};
inline constexpr std::uint8_t kAckClass = 0x80;
inline constexpr std::uint8_t kNackClass = 0x84;
inline constexpr std::uint8_t kNotSupported = 0x83;
inline constexpr std::uint8_t kPleaseWait = 0x9c;

struct Apdu {
  Command command;
  base::Bytes data;

  bool operator==(const Apdu&) const = default;
  [[nodiscard]] bool is_answer() const {
    return command.cls == kAckClass || command.cls == kNackClass;
  }
  [[nodiscard]] bool is_positive() const {
    return command == kAck || (command.cls == kNackClass && command.instr == 0);
  }
};

// Class, instruction, length, data; a length from 255 on is FF and two bytes, low one first.
base::Bytes encode(const Apdu& apdu);

// The length of the whole APDU that begins here; nothing while its head is not there.
std::optional<std::size_t> apdu_size(base::ByteView bytes);
// These bytes, which are one APDU and nothing else. Nothing when they are not.
std::optional<Apdu> decode(base::ByteView bytes);

// A message that the protocol has, by class and instruction: "authorisation". Empty: it has none.
std::string_view name_of(Command command);
// "authorisation (06 01)".
std::string describe(Command command);

}  // namespace tillrig::terminal::zvt
