#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::oracle {

// Numbers and texts by name, as somebody outside told them; in the order in which they were told.
struct Fact {
  std::string name;
  std::variant<std::int64_t, std::string> value;

  bool operator==(const Fact&) const = default;
};

class Facts {
 public:
  void add(std::string_view name, std::variant<std::int64_t, std::string> value) {
    all_.push_back({std::string(name), std::move(value)});
  }

  // Nothing when it was not told, or was told as a text.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const {
    const Fact* fact = find(name);
    const auto* value = fact != nullptr ? std::get_if<std::int64_t>(&fact->value) : nullptr;
    return value != nullptr ? std::optional(*value) : std::nullopt;
  }
  // As number(), for texts; the view ends with these facts.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const {
    const Fact* fact = find(name);
    const auto* value = fact != nullptr ? std::get_if<std::string>(&fact->value) : nullptr;
    return value != nullptr ? std::optional<std::string_view>(*value) : std::nullopt;
  }
  [[nodiscard]] const std::vector<Fact>& all() const { return all_; }
  bool operator==(const Facts&) const = default;

 private:
  [[nodiscard]] const Fact* find(std::string_view name) const {
    for (const Fact& fact : all_) {
      if (fact.name == name) return &fact;
    }
    return nullptr;
  }

  std::vector<Fact> all_;
};

}  // namespace tillrig::oracle
