#pragma once

#include "pos/base/ids.hpp"
#include "pos/base/json.hpp"
#include "pos/base/money.hpp"
#include "pos/base/names.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace tillrig::base {

// A message is described once, for both directions:
//
//   struct Press {
//     std::string prompt;
//     std::string button;
//     static void describe(auto& self, auto& fields) {
//       fields("prompt", self.prompt)("button", self.button);
//     }
//   };
//
// JsonReader fills such a struct from an object, JsonWriter writes it; whoever wants its fields'
// names passes a visitor of its own. A field is a whole number, a text, an enumeration with names,
// a unit (Money, Quantity, Rate, WallTime, Instant), an event's id, another such struct, or a
// vector of these. fields(key, value) must be there; fields.maybe(key, value) is left out when it
// says nothing, as is an empty optional.

// What a reader takes for one field; each number, text or entry of a list alike.
struct Limit {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::size_t bytes = 0;  // of a text; 0: what the reader takes of any text
  std::size_t entries = 1'000'000;
};

// A parsed text takes about this many times its own bytes: the first block of an arena for it.
inline constexpr std::size_t kArenaFactor = 4;

// The whole number inside a unit.
constexpr std::int64_t& number_in(Money& amount) {
  return amount.minor;
}
constexpr std::int64_t& number_in(Quantity& quantity) {
  return quantity.thousandths;
}
constexpr std::int64_t& number_in(Rate& rate) {
  return rate.basis_points;
}
constexpr std::int64_t& number_in(WallTime& wall) {
  return wall.ms;
}
constexpr std::int64_t& number_in(Instant& at) {
  return at.ns;
}
template <class T>
concept Unit = requires(T& value) {
  number_in(value) = 0;
};

struct NoFields {
  NoFields& operator()(std::string_view, auto&, const Limit& = {}) { return *this; }
  NoFields& maybe(std::string_view, auto&, const Limit& = {}) { return *this; }
};
template <class T>
concept Described = requires(T& value, NoFields& fields) {
  T::describe(value, fields);
};

template <class T>
concept WholeNumber = std::integral<T> && !std::same_as<T, bool>;

// Appends a whole number in decimal.
template <WholeNumber Int>
void append_number(std::string& out, Int value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, static_cast<std::size_t>(end.ptr - digits));
}

// One value as JSON.
template <std::same_as<bool> Bool>
void append_json(std::string& out, Bool value) {
  out += value ? '1' : '0';  // numbers and texts are all that our messages know
}
template <WholeNumber Int>
void append_json(std::string& out, Int value) {
  append_number(out, value);
}
inline void append_json(std::string& out, std::string_view text) {
  append_quoted(out, text);
}
inline void append_json(std::string& out, const std::string& text) {
  append_quoted(out, text);
}
inline void append_json(std::string& out, const EventId& id) {
  append_quoted(out, id.text());
}
template <NamedEnum Enum>
void append_json(std::string& out, Enum value) {
  append_quoted(out, name(value));
}
template <Unit T>
void append_json(std::string& out, T value) {
  append_number(out, number_in(value));
}
template <Described T>
void append_json(std::string& out, const T& value);
template <class T>
void append_json(std::string& out, const std::vector<T>& values) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_json(out, values[i]);
  }
  out += ']';
}

// Writes one object, from its opening brace to close().
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) { out_ += '{'; }

  // Inlined, as is what it calls: keys are literals, and copying one of known length costs nothing.
  template <class T>
  [[gnu::always_inline]] JsonWriter& operator()(std::string_view key, const T& value,
                                                const Limit& = {}) {
    if constexpr (WholeNumber<T>) {
      number(key, value);
    } else if constexpr (Unit<T>) {
      T unit = value;  // what it is made of is asked for to be read into, too
      number(key, number_in(unit));
    } else {
      lead(key);
      append_json(out_, value);
    }
    return *this;
  }
  template <class T>
  JsonWriter& operator()(std::string_view key, const std::optional<T>& value,
                         const Limit& limit = {}) {
    return value ? (*this)(key, *value, limit) : *this;
  }
  template <class T>
  JsonWriter& maybe(std::string_view key, const T& value, const Limit& limit = {}) {
    return value == T{} ? *this : (*this)(key, value, limit);
  }
  // The key of a value that the caller appends itself.
  [[gnu::always_inline]] std::string& lead(std::string_view key) {
    if (key.size() > kShortKey) return lead_with_long(key);
    char piece[kShortKey + kAround];
    return out_.append(piece, begin(piece, key));
  }
  void close() { out_ += '}'; }

 private:
  // What leads to a value and, of a number, the value is put together first: appending it at once
  // is most of what a field costs.
  static constexpr std::size_t kShortKey = 40;
  static constexpr std::size_t kAround = 4;  // a comma, two quotes, a colon
  static constexpr std::size_t kDigits = 24;

  [[gnu::always_inline]] std::size_t begin(char* piece, std::string_view key) const {
    char* to = piece;
    if (out_.back() != '{') *to++ = ',';
    *to++ = '"';
    to = std::copy(key.begin(), key.end(), to);
    *to++ = '"';
    *to++ = ':';
    return static_cast<std::size_t>(to - piece);
  }
  template <WholeNumber Int>
  [[gnu::always_inline]] void number(std::string_view key, Int value) {
    if (key.size() > kShortKey) return append_number(lead_with_long(key), value);
    char piece[kShortKey + kAround + kDigits];
    const auto end = std::to_chars(piece + begin(piece, key), piece + sizeof piece, value);
    out_.append(piece, static_cast<std::size_t>(end.ptr - piece));
  }
  std::string& lead_with_long(std::string_view key) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += key;
    return out_ += "\":";
  }

  std::string& out_;
};

template <Described T>
void append_json(std::string& out, const T& value) {
  JsonWriter fields(out);
  T::describe(value, fields);
  fields.close();
}

// Reads one object. The first error stays, later fields then read as nothing, and check() hands the
// error over: a reader of many fields asks once, at its end. Fields that nobody asks for are
// ignored.
class JsonReader {
 public:
  static constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

  // `text_bytes`: the longest text that a field without a limit of its own may be.
  explicit JsonReader(const json::object& object, std::size_t text_bytes = 256)
      : object_(&object), text_bytes_(text_bytes) {}

  template <class T>
  JsonReader& operator()(std::string_view key, T& value, const Limit& limit = {}) {
    if (const json::value* found = member(key)) take(*found, key, value, limit);
    return *this;
  }
  template <class T>
  JsonReader& operator()(std::string_view key, std::optional<T>& value, const Limit& limit = {}) {
    if (has(key)) (*this)(key, value.emplace(), limit);
    return *this;
  }
  template <class T>
  JsonReader& maybe(std::string_view key, T& value, const Limit& limit = {}) {
    return has(key) ? (*this)(key, value, limit) : *this;
  }

  std::int64_t whole(std::string_view key, std::int64_t least, std::int64_t most);
  std::uint64_t count(std::string_view key, std::int64_t least = 0, std::int64_t most = kMost) {
    return static_cast<std::uint64_t>(whole(key, least, most));
  }
  std::uint32_t count32(std::string_view key) {
    return static_cast<std::uint32_t>(whole(key, 0, std::numeric_limits<std::uint32_t>::max()));
  }
  std::string text(std::string_view key, std::size_t longest = 256);
  // Nothing when the array or object is not there; check() then says so.
  const json::array* array(std::string_view key, std::size_t longest);
  const json::object* object(std::string_view key);

  [[nodiscard]] bool has(std::string_view key) const {
    return ok_ && object_->contains(json::string_view(key.data(), key.size()));
  }
  void refuse(Error error);
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] Result<void> check() const {
    if (!ok_) return Failure(error_);
    return {};
  }

 private:
  const json::value* member(std::string_view key);  // null, and refused, when it is missing
  void take_whole(const json::value& found, std::string_view key, std::int64_t& value,
                  const Limit& limit);
  void take_text(const json::value& found, std::string_view key, std::string& value,
                 std::size_t longest);
  void refuse_word(std::string_view key, std::string_view word, const std::string& known);
  void refuse_kind(std::string_view key, const json::value& found, std::string_view expected);
  void refuse_entry(std::string_view key, std::size_t index, const Error& error);

  template <std::integral Int>
  void take(const json::value& found, std::string_view key, Int& value, Limit limit) {
    constexpr auto kLeast = static_cast<std::int64_t>(std::numeric_limits<Int>::min());
    constexpr auto kTop = static_cast<std::uint64_t>(std::numeric_limits<Int>::max());
    limit.least = std::max(limit.least, kLeast);
    if (limit.most >= 0 && static_cast<std::uint64_t>(limit.most) > kTop)
      limit.most = static_cast<std::int64_t>(kTop);
    std::int64_t number = 0;
    take_whole(found, key, number, limit);
    if (ok_) value = static_cast<Int>(number);
  }
  template <Unit T>
  void take(const json::value& found, std::string_view key, T& value, const Limit& limit) {
    take_whole(found, key, number_in(value), limit);
  }
  void take(const json::value& found, std::string_view key, std::string& value,
            const Limit& limit) {
    take_text(found, key, value, limit.bytes == 0 ? text_bytes_ : limit.bytes);
  }
  void take(const json::value& found, std::string_view key, EventId& value, const Limit& limit);
  template <NamedEnum Enum>
  void take(const json::value& found, std::string_view key, Enum& value, const Limit&) {
    std::string word;
    take_text(found, key, word, text_bytes_);
    if (!ok_) return;
    if (const auto known = by_name<Enum>(word)) {
      value = *known;
    } else {
      refuse_word(key, word, all_names<Enum>());
    }
  }
  template <Described T>
  void take(const json::value& found, std::string_view key, T& value, const Limit&) {
    const json::object* object = found.if_object();
    if (object == nullptr) return refuse_kind(key, found, "an object");
    JsonReader inner(*object, text_bytes_);
    T::describe(value, inner);
    if (!inner.ok_) refuse(Error{inner.error_.code, fmt::format("{}: {}", key, inner.error_.what)});
  }
  template <class T>
  void take(const json::value& found, std::string_view key, std::vector<T>& values,
            const Limit& limit) {
    const json::array* array = list(found, key, limit.entries);
    if (array == nullptr) return;
    values.clear();
    values.reserve(array->size());
    for (const json::value& each : *array) {
      T entry{};
      JsonReader inner(*object_, text_bytes_);
      if constexpr (Described<T>) {
        const json::object* object = each.if_object();
        if (object == nullptr) {
          inner.refuse_kind(key, each, "an object");
        } else {
          inner.object_ = object;
          T::describe(entry, inner);
        }
      } else {
        inner.take(each, key, entry, limit);
      }
      if (!inner.ok_) return refuse_entry(key, values.size(), inner.error_);
      values.push_back(std::move(entry));
    }
  }
  const json::array* list(const json::value& found, std::string_view key, std::size_t longest);

  const json::object* object_;
  std::size_t text_bytes_;
  Error error_;
  bool ok_ = true;
};

// A whole message as a text, and back. Errors of the reader: bad_input, naming the field; `what` is
// what the text should be ("a request").
template <Described T>
std::string write_message(const T& message) {
  std::string out;
  append_json(out, message);
  return out;
}
template <Described T>
Result<T> read_message(std::string_view text, std::string_view what, std::size_t text_bytes = 256) {
  json::monotonic_resource arena(kArenaFactor * text.size() + 1);
  const auto value = parse_json(text, &arena);
  if (!value) return Failure(value.error());
  const auto object = as_object(*value, what);
  if (!object) return Failure(object.error());
  T message{};
  JsonReader fields(**object, text_bytes);
  T::describe(message, fields);
  if (auto good = fields.check(); !good) return Failure(good.error());
  return message;
}

// A sum of described structs, each of which says what it is called:
//   struct Cancel { static constexpr std::string_view kName = "cancel"; ... };
//   using Command = std::variant<Enter, Cancel>;
template <class Sum>
struct Kinds;
template <class... Kind>
struct Kinds<std::variant<Kind...>> {
  static constexpr std::array<std::string_view, sizeof...(Kind)> kNames = {Kind::kName...};

  static std::string_view name(const std::variant<Kind...>& sum) { return kNames[sum.index()]; }
  // The kind of that name, filled from `fields`; nothing when none is called so.
  static std::optional<std::variant<Kind...>> read(std::string_view called, JsonReader& fields) {
    std::optional<std::variant<Kind...>> found;
    const auto try_one = [&]<class One>(std::type_identity<One>) {
      if (One::kName != called) return false;
      One::describe(std::get<One>(found.emplace(One{})), fields);
      return true;
    };
    static_cast<void>((try_one(std::type_identity<Kind>{}) || ...));
    return found;
  }
};

}  // namespace tillrig::base
