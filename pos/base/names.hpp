#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::base {

// A value of an enumeration and what it is called: on the wire, in scenarios, in sentences.
template <class Enum>
struct Named {
  Enum value;
  std::string_view name;
};

// The names of an enumeration stand beside it, once; name() and by_name() come from them:
//
//   enum class Link { starting, online };
//   constexpr auto names_of(Link) {
//     return base::named<Link>({{Link::starting, "starting"}, {Link::online, "online"}});
//   }
//   using base::name;
//
// All values, in order and without gaps; a table that lacks one does not compile. A row may say
// more than the name: any type with a value and a name will do.
template <class Enum, std::size_t N>
constexpr std::array<Named<Enum>, N> named(const Named<Enum> (&rows)[N]) {
  std::array<Named<Enum>, N> table{};
  for (std::size_t i = 0; i < N; ++i) table[i] = rows[i];
  return table;
}

template <class Enum>
concept NamedEnum = requires(Enum value) {
  names_of(value).size();
};

// Whether the enumeration has this value. g++ and clang write one that it lacks as "(Link)2".
template <auto Value>
constexpr bool is_enumerator() {
  constexpr std::string_view kText = __PRETTY_FUNCTION__;
  constexpr std::size_t kCast = kText.rfind(')');
  constexpr char kNext = kCast + 1 < kText.size() ? kText[kCast + 1] : '\0';
  return kNext != '-' && (kNext < '0' || kNext > '9');
}

template <class Enum>
constexpr bool names_every_value() {
  constexpr auto kTable = names_of(Enum{});
  constexpr auto kFirst = static_cast<std::int64_t>(kTable.front().value);
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::int64_t>(kTable[i].value) != kFirst + static_cast<std::int64_t>(i))
      return false;
  }
  if constexpr (kFirst > 0) {
    if (is_enumerator<static_cast<Enum>(kFirst - 1)>()) return false;
  }
  return !is_enumerator<static_cast<Enum>(kFirst + static_cast<std::int64_t>(kTable.size()))>();
}

template <NamedEnum Enum>
inline constexpr auto kNames = names_of(Enum{});

// The table itself, for whoever lists all values.
template <NamedEnum Enum>
constexpr const auto& names() {
  static_assert(names_every_value<Enum>(), "each value of the enumeration has its name, in order");
  return kNames<Enum>;
}

template <NamedEnum Enum>
constexpr std::string_view name(Enum value) {
  for (const auto& row : names<Enum>()) {
    if (row.value == value) return row.name;
  }
  return "?";  // no value of the enumeration
}

// Nothing when no value is called so.
template <NamedEnum Enum>
constexpr std::optional<Enum> by_name(std::string_view text) {
  for (const auto& row : names<Enum>()) {
    if (row.name == text) return row.value;
  }
  return std::nullopt;
}

// "queued, acked, quarantined", for a sentence that says what is known.
template <NamedEnum Enum>
std::string all_names() {
  std::string list;
  for (const auto& row : names<Enum>()) {
    if (!list.empty()) list += ", ";
    list += row.name;
  }
  return list;
}

}  // namespace tillrig::base
