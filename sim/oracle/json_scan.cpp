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

}  // namespace tillrig::oracle
