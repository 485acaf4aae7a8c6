#pragma once

#include "pos/base/json_fields.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::base {

// Reads a message off its text in the very form in which JsonWriter writes it: no blanks, each
// field in its place, no escapes. That costs a third of what a tree of all values does. It knows no
// errors: where anything is other than that, ok() is false, and the text is to be read by
// JsonReader, which says what is wrong or finds nothing to be. What it takes, JsonReader takes, and
// to the same values.
class JsonOrdered {
 public:
  explicit JsonOrdered(std::string_view text, std::size_t text_bytes = 256)
      : text_(text), text_bytes_(text_bytes) {}

  // As JsonReader's.
  template <class T>
  [[gnu::always_inline]] JsonOrdered& operator()(std::string_view key, T& value,
                                                 const Limit& limit = {}) {
    if (lead(key)) take(value, limit);
    return *this;
  }
  template <class T>
  [[gnu::always_inline]] JsonOrdered& maybe(std::string_view key, T& value,
                                            const Limit& limit = {}) {
    const std::size_t leading = led_by(key);
    if (leading == 0) return *this;
    at_ += leading;
    take(value, limit);
    return *this;
  }

  // An object around what `fields` reads.
  template <class Fields>
  void object(Fields fields) {
    expect('{');
    if (ok_) fields();
    expect('}');
  }
  // A list of at most so many, each read by `entry`.
  template <class Entry>
  void list(std::size_t most, Entry entry) {
    expect('[');
    if (ok_ && next_is(']')) return expect(']');
    for (std::size_t n = 0; ok_; ++n) {
      if (n == most) return surprise();
      entry();
      if (!next_is(',')) break;
      ++at_;
    }
    expect(']');
  }
  // The key of a value that the caller reads itself.
  [[gnu::always_inline]] bool lead(std::string_view key) {
    const std::size_t leading = led_by(key);
    if (leading == 0) surprise();
    at_ += leading;
    return leading > 0;
  }
  [[nodiscard]] bool leads(std::string_view key) const { return led_by(key) > 0; }
  // A whole object as it stands.
  std::string_view raw_object();

  void surprise() { ok_ = false; }
  [[nodiscard]] bool ok() const { return ok_; }
  // Whether all was as it is written, to the last byte.
  [[nodiscard]] bool finished() const { return ok_ && at_ == text_.size(); }

 private:
  static constexpr std::size_t kUsualEntries = 4;

  // The bytes that lead to the value of this key, with the comma before it; 0: another one is next.
  // Inlined: keys are literals, and one of known length is compared at once.
  [[nodiscard, gnu::always_inline]] std::size_t led_by(std::string_view key) const {
    if (!ok_ || at_ == 0) return 0;
    const std::size_t comma = text_[at_ - 1] == '{' ? 0 : 1;
    const std::size_t leading = comma + key.size() + 3;
    if (text_.size() - at_ < leading) return 0;
    const char* const from = text_.data() + at_ + comma;
    const bool there = (comma == 0 || from[-1] == ',') && from[0] == '"' &&
                       std::char_traits<char>::compare(from + 1, key.data(), key.size()) == 0 &&
                       from[key.size() + 1] == '"' && from[key.size() + 2] == ':';
    return there ? leading : 0;
  }
  [[nodiscard]] bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  void expect(char c);
  std::int64_t whole(std::int64_t least, std::int64_t most);
  std::string_view text(std::size_t longest);

  template <std::integral Int>
  void take(Int& value, Limit limit) {
    constexpr auto kLeast = static_cast<std::int64_t>(std::numeric_limits<Int>::min());
    constexpr auto kTop = static_cast<std::uint64_t>(std::numeric_limits<Int>::max());
    limit.least = std::max(limit.least, kLeast);
    if (limit.most >= 0 && static_cast<std::uint64_t>(limit.most) > kTop)
      limit.most = static_cast<std::int64_t>(kTop);
    const std::int64_t number = whole(limit.least, limit.most);
    if (ok_) value = static_cast<Int>(number);
  }
  template <Unit T>
  void take(T& value, const Limit& limit) {
    const std::int64_t number = whole(limit.least, limit.most);
    if (ok_) number_in(value) = number;
  }
  void take(std::string& value, const Limit& limit) {
    value = text(limit.bytes == 0 ? text_bytes_ : limit.bytes);
  }
  template <NamedEnum Enum>
  void take(Enum& value, const Limit&) {
    const auto known = by_name<Enum>(text(text_bytes_));
    if (!known) return surprise();
    value = *known;
  }
  template <Described T>
  void take(T& value, const Limit&) {
    object([&] { T::describe(value, *this); });
  }
  template <class T>
  void take(std::vector<T>& values, const Limit& limit) {
    values.clear();
    values.reserve(std::min<std::size_t>(limit.entries, kUsualEntries));
    list(limit.entries, [&] { take(values.emplace_back(), limit); });
  }

  std::string_view text_;
  std::size_t text_bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tillrig::base
