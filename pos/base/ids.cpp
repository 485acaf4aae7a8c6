#include "pos/base/ids.hpp"

#include <algorithm>
#include <charconv>

namespace tillrig::base {
namespace {

// The whole text as a number, in the one form that text() writes; false if it is not.
template <class Number>
bool parse_number(std::string_view text, Number& value) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string EventId::text() const {
  char numbers[44] = {'.'};  // two numbers of at most 20 digits each, and their points
  char* const end = numbers + sizeof numbers;
  char* at = std::to_chars(numbers + 1, end, epoch).ptr;
  *at++ = '.';
  at = std::to_chars(at, end, seq).ptr;
  const auto size = static_cast<std::size_t>(at - numbers);
  std::string out;
  out.reserve(till.size() + size);
  out += till;
  return out.append(numbers, size);
}

Result<EventId> parse_event_id(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return fail(Code::bad_input,
                "the event id '{}' {}; expected TILL.EPOCH.NUMBER, for example till-1.3.42",
                text.substr(0, 80), why);
  };
  const auto first = text.find('.');
  const auto second = first == text.npos ? text.npos : text.find('.', first + 1);
  if (second == text.npos) return bad("has fewer than three parts");
  EventId id;
  id.till = text.substr(0, first);
  if (!is_till_name(id.till)) return bad("does not begin with a till's name");
  if (!parse_number(text.substr(first + 1, second - first - 1), id.epoch)) {
    return bad("has no proper epoch in the middle");
  }
  if (!parse_number(text.substr(second + 1), id.seq) || id.seq == 0) {
    return bad("has no proper number at its end");
  }
  return id;
}

bool is_till_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::optional<ReceiptNumber> parse_receipt_number(std::string_view text) {
  const std::size_t dash = text.find('-');
  ReceiptNumber number;
  if (dash == std::string_view::npos || !parse_number(text.substr(0, dash), number.epoch)) {
    return std::nullopt;
  }
  std::string_view digits = text.substr(dash + 1);
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (!parse_number(digits, number.number) || number.number == 0) return std::nullopt;
  return number;
}

std::string ReceiptNumber::text() const {
  return fmt::format("{}-{:07}", epoch, number);
}

}  // namespace tillrig::base
