#include "devices/terminal/zvt/body.hpp"

#include "devices/terminal/zvt/bcd.hpp"

#include <algorithm>

namespace tillrig::terminal::zvt {
namespace {

enum class Form {
  bcd,     // a number, two digits a byte
  byte,    // a number of one byte
  digits,  // text of digits
  ascii,   // text, filled up with spaces
  raw
};
enum class Size { fixed, ll, lll };

struct BodyField {
  unsigned tag;
  std::size_t size;  // fixed: of the value; else 0
  Form form = Form::raw;
  Size counted = Size::fixed;
  Body::Number Body::*number = nullptr;
  Body::Text Body::*text = nullptr;
};

// In the order in which they are written. Without a member: known, and passed over.
constexpr BodyField kBodyFields[] = {
    {0x27, 1, Form::byte, Size::fixed, &Body::result},
    {0x04, 6, Form::bcd, Size::fixed, &Body::amount},
    {0x49, 2, Form::bcd, Size::fixed, &Body::currency},
    {0x0b, 3, Form::bcd, Size::fixed, &Body::trace},
    {0x37, 3, Form::bcd, Size::fixed, &Body::original_trace},
    {0x0c, 3, Form::bcd, Size::fixed, &Body::time},
    {0x0d, 2, Form::bcd, Size::fixed, &Body::date},
    {0x0e, 2, Form::bcd, Size::fixed, &Body::expiry},
    {0x17, 2, Form::bcd, Size::fixed, &Body::sequence},
    {0x19, 1, Form::byte, Size::fixed, &Body::kind},
    {0x03, 1, Form::byte, Size::fixed, &Body::service},
    {0x01, 1, Form::byte, Size::fixed, &Body::time_out},
    {0x02, 1, Form::byte, Size::fixed, &Body::most_statuses},
    {0x22, 0, Form::digits, Size::ll, nullptr, &Body::pan},
    {0x29, 4, Form::digits, Size::fixed, nullptr, &Body::terminal_id},
    {0x2a, 15, Form::ascii, Size::fixed, nullptr, &Body::shop},
    {0x3b, 8, Form::ascii, Size::fixed, nullptr, &Body::authorisation},
    {0x3c, 0, Form::ascii, Size::lll, nullptr, &Body::text},
    {0x3d, 3, Form::digits, Size::fixed, nullptr, &Body::password},
    {0x60, 0, Form::raw, Size::lll, nullptr, &Body::totals},
    {0x87, 2, Form::bcd, Size::fixed, &Body::receipt},
    {0x88, 3, Form::bcd, Size::fixed, &Body::turnover},
    {0x8a, 1, Form::byte, Size::fixed, &Body::card_type},
    {0x8b, 0, Form::ascii, Size::ll, nullptr, &Body::card_name},
    {0x05, 1},
    {0x23, 0, Form::raw, Size::ll},
    {0x24, 0, Form::raw, Size::lll},
    {0x2d, 0, Form::raw, Size::ll},
    {0x2e, 0, Form::raw, Size::lll},
    {0x3a, 2},
    {0x8c, 1},
    {0x92, 0, Form::raw, Size::lll},
    {0x9a, 0, Form::raw, Size::lll},
    {0xa0, 1},
    {0xa7, 0, Form::raw, Size::ll},
    {0xaa, 3},
    {0xaf, 0, Form::raw, Size::lll},
    {0xba, 5},
    {0xd0, 1},
    {0xd1, 0, Form::raw, Size::ll},
    {0xd2, 1},
    {0xd3, 1},
    {0xe0, 1},
    {0xf0, 1},
    {0xf1, 0, Form::raw, Size::ll},
    {0xf2, 0, Form::raw, Size::ll},
    {0xf3, 0, Form::raw, Size::ll},
    {0xf4, 0, Form::raw, Size::ll},
    {0xf5, 0, Form::raw, Size::ll},
    {0xf6, 0, Form::raw, Size::ll},
    {0xf7, 0, Form::raw, Size::ll},
    {0xf8, 0, Form::raw, Size::ll},
    {0xf9, 1},
    {0xfa, 1},
    {0xfb, 1},
    {0xfc, 1}};

constexpr unsigned kTlvContainer = 0x06;
constexpr std::string_view kNoReceipt = "\xff\xff";
constexpr char kNoDigits = '\xff';
constexpr std::size_t kMessageIdBytes = 3;
constexpr std::uint64_t kMessageIdsInAll = 1'000'000;
constexpr std::uint64_t kReceiptsInAll = 10'000;
constexpr std::size_t kReceiptBytes = 2;

const BodyField* field_of(unsigned tag) {
  const auto* const at = std::find_if(std::begin(kBodyFields), std::end(kBodyFields),
                                      [tag](const BodyField& field) { return field.tag == tag; });
  return at == std::end(kBodyFields) ? nullptr : at;
}

// F1 F2 for 12: one digit a byte.
base::Bytes var_length(std::size_t length, Size counted) {
  base::Bytes out;
  if (counted == Size::lll) out += char_of(0xf0U | (length / 100 % 10));
  out += char_of(0xf0U | (length / 10 % 10));
  out += char_of(0xf0U | (length % 10));
  return out;
}

base::Bytes value_of(const BodyField& field, const Body& body) {
  if (field.number != nullptr) {
    const std::uint64_t number = *(body.*field.number);
    if (field.form == Form::byte) return {char_of(number & 0xffU)};
    return to_bcd(number, field.size);
  }
  base::Bytes value = *(body.*field.text);
  if (field.form == Form::digits) value = to_digits(value);
  if (field.counted == Size::fixed) {
    value.resize(field.size, field.form == Form::ascii ? ' ' : kNoDigits);
  } else {
    value.resize(std::min<std::size_t>(value.size(), field.counted == Size::ll ? 99 : 999));
  }
  return value;
}

std::vector<Tlv> objects_of(const Body& body) {
  std::vector<Tlv> objects;
  if (body.receipt_sync) {
    const auto number = body.receipt_sync->number;
    objects.push_back({kTagReceiptSync, number ? to_bcd(*number, kReceiptBytes) : base::Bytes()});
  }
  if (body.message_id) {
    objects.push_back({kTagMessageId, to_bcd(*body.message_id, kMessageIdBytes)});
  }
  objects.insert(objects.end(), body.objects.begin(), body.objects.end());
  return objects;
}

base::Failure cut_off(unsigned tag) {
  return base::fail(base::Code::protocol, "the field {:02x} is cut off", tag);
}

base::Result<std::size_t> read_var_length(const BodyField& field, base::ByteView& bytes) {
  const std::size_t digits = field.counted == Size::ll ? 2 : 3;
  if (bytes.size() < digits) return cut_off(field.tag);
  std::size_t length = 0;
  for (const char c : bytes.substr(0, digits)) {
    const unsigned digit = byte_of(c) & 0xfU;
    if ((byte_of(c) & 0xf0U) != 0xf0U || digit > 9) {
      return base::fail(base::Code::protocol,
                        "the length of the field {:02x} has a byte {:02x}; expected f0 to f9",
                        field.tag, static_cast<unsigned>(byte_of(c)));
    }
    length = length * 10 + digit;
  }
  bytes.remove_prefix(digits);
  return length;
}

// False: the value is not of the field's form.
bool take_value(const BodyField& field, base::ByteView value, Body& body) {
  if (field.number != nullptr) {
    if (field.form == Form::byte) {
      body.*field.number = byte_of(value[0]);
      return true;
    }
    if (field.tag == 0x87 && value == kNoReceipt) return true;
    const auto number = from_bcd(value);
    if (number) body.*field.number = *number;
    return number.has_value();
  }
  if (field.text == nullptr) return true;
  base::Bytes text(value);
  if (field.form == Form::digits) {
    auto digits = from_digits(value);
    if (!digits) return false;
    text = std::move(*digits);
  } else if (field.form == Form::ascii) {
    const std::size_t end = text.find_last_not_of(base::ByteView(" \0", 2));
    text.resize(end == base::Bytes::npos ? 0 : end + 1);
  }
  body.*field.text = std::move(text);
  return true;
}

base::Result<void> take_objects(base::ByteView bytes, Body& body) {
  auto objects = read_tlv(bytes);
  if (!objects) return base::Failure(objects.error());
  for (Tlv& object : *objects) {
    const auto number = from_bcd(object.value);
    if (object.tag == kTagReceiptSync && number) {
      body.receipt_sync.emplace();
      // A value of 0 is forbidden and read as what its sender must have meant: not known.
      const auto receipt = static_cast<std::uint32_t>(*number % kReceiptsInAll);
      if (receipt != 0) body.receipt_sync->number = receipt;
    } else if (object.tag == kTagMessageId && number) {
      body.message_id = *number % kMessageIdsInAll;
    } else {
      body.objects.push_back(std::move(object));
    }
  }
  return {};
}

}  // namespace

base::Bytes encode(const Body& body) {
  base::Bytes out;
  for (const BodyField& field : kBodyFields) {
    const bool there = field.number != nullptr ? (body.*field.number).has_value()
                       : field.text != nullptr ? (body.*field.text).has_value()
                                               : false;
    if (!there) continue;
    const base::Bytes value = value_of(field, body);
    out += char_of(field.tag);
    if (field.counted != Size::fixed) out += var_length(value.size(), field.counted);
    out += value;
  }
  const base::Bytes objects = encode(objects_of(body));
  if (!objects.empty()) out += char_of(kTlvContainer) + tlv_length(objects.size()) + objects;
  return out;
}

base::Result<Body> read_body(base::ByteView bytes) {
  Body body;
  while (!bytes.empty()) {
    const unsigned tag = byte_of(bytes[0]);
    bytes.remove_prefix(1);
    std::size_t length = 0;
    const BodyField* const field = field_of(tag);
    if (tag == kTlvContainer) {
      const auto said = read_tlv_length(bytes);
      if (!said) return base::Failure(said.error());
      length = said->length;
      bytes.remove_prefix(said->size);
    } else if (field == nullptr) {
      return base::fail(base::Code::protocol, "the field {:02x} is none that the protocol has",
                        tag);
    } else if (field->counted != Size::fixed) {
      const auto said = read_var_length(*field, bytes);
      if (!said) return base::Failure(said.error());
      length = *said;
    } else {
      length = field->size;
    }
    if (length > bytes.size()) return cut_off(tag);
    const base::ByteView value = bytes.substr(0, length);
    bytes.remove_prefix(length);
    if (tag == kTlvContainer) {
      if (auto taken = take_objects(value, body); !taken) return base::Failure(taken.error());
    } else if (!take_value(*field, value, body)) {
      return base::fail(base::Code::protocol, "the field {:02x} holds {}, which are no digits", tag,
                        base::to_hex(value));
    }
  }
  return body;
}

}  // namespace tillrig::terminal::zvt
