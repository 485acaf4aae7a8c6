#include "devices/terminal/zvt/message.hpp"

#include "devices/terminal/zvt/bcd.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::terminal::zvt {
namespace {

// What stands in front of the fields.
enum class Head { none, password, registration, intermediate, code, completion, line, block };

struct HeadRow {
  Command command;
  Head head = Head::none;
};

constexpr HeadRow kHeads[] = {{kRegistration, Head::registration},
                              {kStatusEnquiry, Head::password},
                              {kTotals, Head::password},
                              {kRepeatReceipt, Head::password},
                              {kReversal, Head::password},
                              {kRefund, Head::password},
                              {kEndOfDay, Head::password},
                              {kIntermediate, Head::intermediate},
                              {kFailed, Head::code},
                              {kCompletion, Head::completion},
                              {kPrintLine, Head::line},
                              {kPrintBlock, Head::block}};

constexpr std::size_t kPasswordBytes = 3;
constexpr std::size_t kCurrencyBytes = 2;
constexpr unsigned kContainerTag = 0x06;
constexpr unsigned kServiceTag = 0x03;
constexpr std::size_t kVersionDigits = 3;

Head head_of(Command command) {
  const auto* const at = std::find_if(std::begin(kHeads), std::end(kHeads),
                                      [&](const HeadRow& row) { return row.command == command; });
  return at == std::end(kHeads) ? Head::none : at->head;
}

base::Bytes byte_text(const Body::Number& number) {
  return number ? base::Bytes{char_of(*number & 0xffU)} : base::Bytes();
}

base::Bytes version_text(const std::string& version) {
  base::Bytes out;
  for (const std::size_t place : {std::size_t{100}, std::size_t{10}, std::size_t{1}}) {
    out += char_of(0xf0U | (version.size() / place % 10));
  }
  return out + version;
}

std::vector<Tlv> block_of(base::ByteView text) {
  std::vector<Tlv> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back({kTagLine, base::Bytes(text.substr(0, end))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {{kTagReceiptKind, base::Bytes(1, '\x02')}, {kTagLines, encode(lines)}};
}

base::Failure short_head(const char* what) {
  return base::fail(base::Code::protocol, "its {} is missing", what);
}

base::Result<void> take_password(base::ByteView& bytes, Message& message) {
  if (bytes.size() < kPasswordBytes) return short_head("password");
  auto digits = from_digits(bytes.substr(0, kPasswordBytes));
  if (!digits || digits->size() != 2 * kPasswordBytes || digits->find('*') != digits->npos) {
    return base::fail(base::Code::protocol, "its password is not made of six digits");
  }
  message.password = std::move(*digits);
  bytes.remove_prefix(kPasswordBytes);
  return {};
}

base::Result<void> take_code(base::ByteView& bytes, Body::Number& code) {
  if (bytes.empty()) return short_head("code");
  code = byte_of(bytes[0]);
  bytes.remove_prefix(1);
  return {};
}

base::Result<void> take_registration(base::ByteView& bytes, Message& message) {
  if (auto taken = take_password(bytes, message); !taken) return taken;
  if (auto taken = take_code(bytes, message.config); !taken) return taken;
  const bool has_currency = bytes.size() >= kCurrencyBytes && byte_of(bytes[0]) != kContainerTag &&
                            byte_of(bytes[0]) != kServiceTag;
  if (!has_currency) return {};
  message.currency = from_bcd(bytes.substr(0, kCurrencyBytes));
  if (!message.currency) return base::fail(base::Code::protocol, "its currency is no number");
  bytes.remove_prefix(kCurrencyBytes);
  return {};
}

base::Result<void> take_intermediate(base::ByteView& bytes, Message& message) {
  if (auto taken = take_code(bytes, message.code); !taken) return taken;
  if (bytes.empty() || byte_of(bytes[0]) == kContainerTag) return {};
  message.minutes = from_bcd(bytes.substr(0, 1)).value_or(0);  // 0: no other time than usual
  bytes.remove_prefix(1);
  return {};
}

// After a status enquiry a version (a field without its tag) and the state stand in front, else
// nothing does; the message itself does not say which it is.
void take_completion(base::ByteView& bytes, Message& message) {
  if (bytes.empty() || read_body(bytes)) return;
  std::size_t length = 0;
  bool versioned = bytes.size() >= kVersionDigits;
  for (std::size_t i = 0; i < kVersionDigits && versioned; ++i) {
    const unsigned byte = byte_of(bytes[i]);
    versioned = byte >= 0xf0 && byte <= 0xf9;
    length = length * 10 + (byte & 0xfU);
  }
  if (versioned && length <= bytes.size() - kVersionDigits) {
    message.version = std::string(bytes.substr(kVersionDigits, length));
    bytes.remove_prefix(kVersionDigits + length);
  }
  if (!bytes.empty()) static_cast<void>(take_code(bytes, message.code));
}

void take_block(Message& message) {
  for (const Tlv& object : message.body.objects) {
    if (object.tag != kTagLines) continue;
    const auto lines = read_tlv(object.value);
    if (!lines) continue;
    for (const Tlv& line : *lines) {
      if (line.tag == kTagLine) message.text += line.value + '\n';
    }
  }
  message.body.objects.clear();
}

base::Result<void> take_head(Head head, base::ByteView& bytes, Message& message) {
  switch (head) {
    case Head::none:
    case Head::block:
      return {};
    case Head::password:
      return take_password(bytes, message);
    case Head::registration:
      return take_registration(bytes, message);
    case Head::intermediate:
      return take_intermediate(bytes, message);
    case Head::code:
      return take_code(bytes, message.code);
    case Head::completion:
      take_completion(bytes, message);
      return {};
    case Head::line:
      if (auto taken = take_code(bytes, message.code); !taken) return taken;
      message.text = base::Bytes(bytes);
      bytes = {};
      return {};
  }
  return {};
}

}  // namespace

Apdu write(const Message& message) {
  Apdu out{message.command, {}};
  if (message.password) out.data = to_digits(*message.password).substr(0, kPasswordBytes);
  out.data += byte_text(message.config);
  if (message.currency) out.data += to_bcd(*message.currency, kCurrencyBytes);
  if (message.version) out.data += version_text(*message.version);
  out.data += byte_text(message.code);
  if (message.minutes) out.data += to_bcd(*message.minutes, 1);
  Body body = message.body;
  const Head head = head_of(message.command);
  if (head == Head::line) out.data += message.text;
  if (head == Head::block) body.objects = block_of(message.text);
  out.data += encode(body);
  return out;
}

base::Result<Message> read(const Apdu& apdu) {
  Message message;
  message.command = apdu.command;
  base::ByteView rest = apdu.data;
  const Head head = head_of(apdu.command);
  if (auto taken = take_head(head, rest, message); !taken) {
    return base::within(describe(apdu.command), taken.error());
  }
  auto body = read_body(rest);
  if (!body) return base::within(describe(apdu.command), body.error());
  message.body = std::move(*body);
  if (head == Head::block) take_block(message);
  return message;
}

}  // namespace tillrig::terminal::zvt
