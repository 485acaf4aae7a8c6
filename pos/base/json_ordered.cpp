#include "pos/base/json_ordered.hpp"

namespace tillrig::base {
namespace {

constexpr std::size_t kSureDigits = 18;  // of as many every number fits

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void JsonOrdered::expect(char c) {
  if (ok_ && next_is(c)) {
    ++at_;
  } else {
    surprise();
  }
}

std::int64_t JsonOrdered::whole(std::int64_t least, std::int64_t most) {
  if (!ok_) return 0;
  const bool negative = next_is('-');
  std::size_t at = at_ + (negative ? 1 : 0);
  const std::size_t begin = at;
  std::int64_t number = 0;
  for (; at < text_.size() && is_digit(text_[at]); ++at) {
    if (at - begin == kSureDigits) {
      surprise();
      return 0;
    }
    number = 10 * number + (text_[at] - '0');
  }
  const bool led_by_zero = at > begin && text_[begin] == '0' && (at - begin > 1 || negative);
  const bool ends = at < text_.size() && (text_[at] == ',' || text_[at] == '}' || text_[at] == ']');
  if (negative) number = -number;
  if (at == begin || led_by_zero || !ends || number < least || number > most) surprise();
  at_ = at;
  return number;
}

std::string_view JsonOrdered::text(std::size_t longest) {
  expect('"');
  if (!ok_) return {};
  const std::string_view rest = text_.substr(at_);
  const std::string_view found = rest.substr(0, rest.find('"'));
  bool plain = true;
  bool escapes = false;
  for (const char c : found) {  // without a way out, so that many bytes are looked at together
    const auto byte = static_cast<unsigned char>(c);
    escapes |= byte < 0x20 || byte == '\\';
    plain &= byte < 0x80;
  }
  at_ += found.size();
  if (escapes) surprise();
  if (found.size() > longest || (!plain && !is_utf8(found))) surprise();
  expect('"');
  return ok_ ? found : std::string_view();
}

std::string_view JsonOrdered::raw_object() {
  const std::size_t begin = at_;
  if (!ok_ || !next_is('{')) {
    surprise();
    return {};
  }
  std::size_t depth = 0;
  bool quoted = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (quoted && c == '\\') {
      ++at_;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '{') {
      ++depth;
    } else if (!quoted && c == '}' && --depth == 0) {
      ++at_;
      return text_.substr(begin, at_ - begin);
    }
  }
  surprise();
  return {};
}

}  // namespace tillrig::base
