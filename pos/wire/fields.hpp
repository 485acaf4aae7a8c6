#pragma once

#include "pos/base/json.hpp"
#include "pos/base/result.hpp"
#include "pos/wire/api.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace tillrig::wire {

namespace json = base::json;

inline constexpr std::int64_t kMostWhole = std::numeric_limits<std::int64_t>::max();
inline constexpr std::size_t kMostEntries = std::numeric_limits<std::size_t>::max();
inline constexpr std::int64_t kMost32 = std::numeric_limits<std::uint32_t>::max();

// A parsed text takes about this many times its own bytes: the first block of an arena for it.
inline constexpr std::size_t kArenaFactor = 4;

// The fields of one JSON object, one after another. The first error stays, later fields then read
// as nothing, and check() hands the error over: a reader of many fields asks once, at its end.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(&object) {}

  std::int64_t whole(std::string_view key, std::int64_t least, std::int64_t most) {
    return take(ok_ ? base::get_int(*object_, key, least, most) : base::Result<std::int64_t>(0));
  }
  std::uint64_t count(std::string_view key, std::int64_t least = 0,
                      std::int64_t most = kMostWhole) {
    return static_cast<std::uint64_t>(whole(key, least, most));
  }
  std::uint32_t count32(std::string_view key) {
    return static_cast<std::uint32_t>(whole(key, 0, kMost32));
  }
  std::string text(std::string_view key, std::size_t longest = kTextBytes) {
    if (!ok_) return {};
    return take(base::get_text(*object_, key, longest));
  }
  // Nothing when the array or object is not there; check() then says so.
  const json::array* array(std::string_view key, std::size_t longest) {
    if (!ok_) return nullptr;
    return take(base::get_array(*object_, key, longest));
  }
  const json::object* object(std::string_view key) {
    if (!ok_) return nullptr;
    return take(base::get_object(*object_, key));
  }
  [[nodiscard]] bool has(std::string_view key) const { return object_->contains(key); }

  void refuse(base::Error error) {
    if (ok_) error_ = std::move(error);
    ok_ = false;
  }
  [[nodiscard]] base::Result<void> check() const {
    if (!ok_) return base::Failure(error_);
    return {};
  }

 private:
  template <class T>
  T take(base::Result<T> value) {
    if (value) return *std::move(value);
    refuse(std::move(value.error()));
    return T{};
  }

  const json::object* object_;
  base::Error error_;
  bool ok_ = true;
};

// Appends a whole number in decimal.
template <class Int>
void append_number(std::string& out, Int value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, static_cast<std::size_t>(end.ptr - digits));
}

// Appends lead and a number, or lead and a quoted text: append(out, ",\"total\":", total).
inline void append_field(std::string& out, std::string_view lead, std::int64_t value) {
  out += lead;
  append_number(out, value);
}
inline void append_field(std::string& out, std::string_view lead, std::uint64_t value) {
  out += lead;
  append_number(out, value);
}
inline void append_field(std::string& out, std::string_view lead, std::string_view value) {
  out += lead;
  base::append_quoted(out, value);
}

}  // namespace tillrig::wire
