#include "sim/oracle/json_scan.hpp"

#include "pos/base/assert.hpp"

#include <charconv>

namespace tillrig::oracle {

void JsonScan::space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || (text_[at_] >= '\t' && text_[at_] <= '\r'))) {
    ++at_;
  }
}

bool JsonScan::finished() {
  space();
  return good_ && at_ == text_.size() && !text_.empty();
}

bool JsonScan::expect(char c) {
  space();
  good_ = good_ && at_ < text_.size() && text_[at_] == c;
  if (good_) ++at_;
  return good_;
}

bool JsonScan::close(char bracket) {
  space();
  if (!good_ || at_ >= text_.size() || text_[at_] != bracket) return false;
  ++at_;
  return true;
}

bool JsonScan::next() {
  space();
  if (at_ >= text_.size() || text_[at_] != ',') return false;
  ++at_;
  return true;
}

// at_ stands behind the opening quote.
void JsonScan::skip_quoted() {
  while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
  good_ = good_ && at_ < text_.size();
  if (good_) ++at_;
}

std::string_view JsonScan::text() {
  if (!expect('"')) return {};
  const std::size_t first = at_;
  skip_quoted();
  TILLRIG_ASSERT(!good_ || at_ > first, "a text has its closing quote behind it");
  return good_ ? text_.substr(first, at_ - first - 1) : std::string_view{};
}

std::uint64_t JsonScan::count() {
  space();
  std::uint64_t value = 0;
  if (!good_ || at_ >= text_.size()) {
    good_ = false;
    return 0;
  }
  const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
  good_ = error == std::errc{};
  if (good_) at_ = static_cast<std::size_t>(end - text_.data());
  return good_ ? value : 0;
}

std::int64_t JsonScan::number() {
  space();
  const bool below = good_ && at_ < text_.size() && text_[at_] == '-';
  if (below) ++at_;
  const std::uint64_t size = count();
  good_ = good_ && size <= static_cast<std::uint64_t>(INT64_MAX);
  if (!good_) return 0;
  return below ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
}

std::string_view JsonScan::raw() {
  space();
  const std::size_t from = at_;
  skip();
  return good_ ? text_.substr(from, at_ - from) : std::string_view();
}

void JsonScan::skip() {
  space();
  if (!good_ || at_ >= text_.size()) {
    good_ = false;
    return;
  }
  std::size_t depth = 0;
  do {
    const char c = text_[at_];
    if ((c == ',' || c == ']' || c == '}') && depth == 0) return;
    ++at_;
    if (c == '"') {
      skip_quoted();
      if (!good_) return;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
    if (depth == 0 && (c == '"' || c == '}' || c == ']')) return;
  } while (at_ < text_.size());
  good_ = good_ && depth == 0;
}

namespace {

void append_utf8(std::string& out, std::uint32_t letter) {
  const auto tail = [&](int shift) {
    out += static_cast<char>(0x80U | ((letter >> shift) & 0x3FU));
  };
  if (letter < 0x80) {
    out += static_cast<char>(letter);
  } else if (letter < 0x800) {
    out += static_cast<char>(0xC0U | (letter >> 6U));
    tail(0);
  } else if (letter < 0x10000) {
    out += static_cast<char>(0xE0U | (letter >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (letter >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

// The four digits of \uXXXX that stand at `at`; nothing if they do not.
std::optional<std::uint32_t> four_digits(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  const char* const end = text.data() + at + 4;
  const auto [stop, error] = std::from_chars(text.data() + at, end, value, 16);
  return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string unescaped(std::string_view text) {
  constexpr std::string_view kFrom = "\"\\/bfnrt";
  constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 >= text.size()) {
      out += text[at];
      continue;
    }
    const std::size_t short_one = kFrom.find(text[++at]);
    if (short_one != std::string_view::npos) {
      out += kTo[short_one];
      continue;
    }
    const auto letter = four_digits(text, at + 1);
    if (!letter) continue;
    at += 4;
    if (*letter < 0xD800 || *letter > 0xDFFF) {
      append_utf8(out, *letter);
      continue;
    }
    const bool pair = text.substr(at + 1).starts_with("\\u");
    const auto low = pair ? four_digits(text, at + 3) : std::nullopt;
    if (*letter > 0xDBFF || !low || *low < 0xDC00 || *low > 0xDFFF) continue;
    append_utf8(out, 0x10000 + ((*letter - 0xD800) << 10U) + (*low - 0xDC00));
    at += 6;
  }
  return out;
}

}  // namespace tillrig::oracle
