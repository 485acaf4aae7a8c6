#include "devices/terminal/zvt/apdu.hpp"

#include "devices/terminal/zvt/bcd.hpp"

#include <fmt/format.h>

namespace tillrig::terminal::zvt {
namespace {

constexpr std::uint8_t kLongLength = 0xff;
constexpr std::size_t kShortHead = 3;
constexpr std::size_t kLongHead = 5;

struct CommandName {
  Command command;
  std::string_view name;
};

// What the standard has, also where neither of our ends does anything with it.
constexpr CommandName kCommandNames[] = {{kStatusEnquiry, "status enquiry"},
                                         {kRegistration, "registration"},
                                         {kAuthorisation, "authorisation"},
                                         {kLogOff, "log off"},
                                         {kTotals, "send turnover totals"},
                                         {kRepeatReceipt, "repeat receipt"},
                                         {kReversal, "reversal"},
                                         {kRefund, "refund"},
                                         {kEndOfDay, "end of day"},
                                         {kDiagnosis, "diagnosis"},
                                         {kSetTime, "set date and time"},
                                         {kAbort, "abort"},
                                         {kDisplay, "display text"},
                                         {kStatusInfo, "status information"},
                                         {kIntermediate, "intermediate status"},
                                         {kCompletion, "completion"},
                                         {kFailed, "abort of the terminal"},
                                         {kPrintLine, "print line"},
                                         {kPrintBlock, "print text block"},
                                         {{0x04, 0x01}, "set date and time in the till"},
                                         {{0x04, 0x0d}, "input request"},
                                         {{0x06, 0x03}, "account balance"},
                                         {{0x06, 0x09}, "prepaid top-up"},
                                         {{0x06, 0x0a}, "tax free"},
                                         {{0x06, 0x0c}, "tip"},
                                         {{0x06, 0x12}, "print turnover receipts"},
                                         {{0x06, 0x18}, "reset terminal"},
                                         {{0x06, 0x1a}, "print system configuration"},
                                         {{0x06, 0x1b}, "set terminal id"},
                                         {{0x06, 0x21}, "telephonic authorisation"},
                                         {{0x06, 0x22}, "pre-authorisation"},
                                         {{0x06, 0x23}, "partial reversal"},
                                         {{0x06, 0x24}, "book total"},
                                         {{0x06, 0x25}, "pre-authorisation reversal"},
                                         {{0x06, 0x51}, "end of day, partial"},
                                         {{0x06, 0x79}, "self test"},
                                         {{0x06, 0x82}, "file transfer"},
                                         {{0x06, 0x85}, "display image"},
                                         {{0x06, 0x93}, "initialisation"},
                                         {{0x06, 0x95}, "change password"},
                                         {{0x06, 0xc0}, "read card"},
                                         {{0x06, 0xc5}, "close card session"},
                                         {{0x06, 0xc6}, "send apdus"},
                                         {{0x06, 0xd8}, "dial up"},
                                         {{0x06, 0xe1}, "display text with function keys"},
                                         {{0x06, 0xe2}, "display text with input"},
                                         {{0x08, 0x01}, "activate service mode"},
                                         {{0x08, 0x02}, "status of service mode"},
                                         {{0x08, 0x10}, "software update"},
                                         {{0x08, 0x11}, "read file"},
                                         {{0x08, 0x13}, "change configuration"},
                                         {{0x08, 0x30}, "select language"},
                                         {{0x08, 0x50}, "activate card reader"}};

}  // namespace

base::Bytes encode(const Apdu& apdu) {
  base::Bytes out{char_of(apdu.command.cls), char_of(apdu.command.instr)};
  const std::size_t length = apdu.data.size();
  if (length < kLongLength) {
    out += char_of(length);
  } else {
    out += char_of(kLongLength);
    out += char_of(length & 0xffU);
    out += char_of(length >> 8U & 0xffU);
  }
  return out + apdu.data;
}

std::optional<std::size_t> apdu_size(base::ByteView bytes) {
  if (bytes.size() < kShortHead) return std::nullopt;
  const std::uint8_t length = byte_of(bytes[2]);
  if (length != kLongLength) return kShortHead + length;
  if (bytes.size() < kLongHead) return std::nullopt;
  return kLongHead + byte_of(bytes[3]) + (std::size_t{byte_of(bytes[4])} << 8U);
}

std::optional<Apdu> decode(base::ByteView bytes) {
  const std::optional<std::size_t> size = apdu_size(bytes);
  if (!size || *size != bytes.size()) return std::nullopt;
  const bool is_long = byte_of(bytes[2]) == kLongLength;
  return Apdu{{byte_of(bytes[0]), byte_of(bytes[1])},
              base::Bytes(bytes.substr(is_long ? kLongHead : kShortHead))};
}

std::string_view name_of(Command command) {
  if (command == kAck) return "acknowledgement";
  if (command.cls == kNackClass) return command.instr == 0 ? "acknowledgement" : "refusal";
  for (const CommandName& row : kCommandNames) {
    if (row.command == command) return row.name;
  }
  return {};
}

std::string describe(Command command) {
  const std::string_view name = name_of(command);
  return fmt::format("{} ({:02x} {:02x})", name.empty() ? "an unknown message" : name,
                     static_cast<unsigned>(command.cls), static_cast<unsigned>(command.instr));
}

}  // namespace tillrig::terminal::zvt
