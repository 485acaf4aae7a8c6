#pragma once

#include "pos/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::words {

using base::Duration;

// The values of one step, fault or expectation, checked against its row: integers, flags (0 or 1),
// money in minor units, quantities in thousandths, rates in basis points and durations in
// nanoseconds are numbers; all else is text.
class Args {
 public:
  using Value = std::variant<std::int64_t, std::string>;

  void set(std::string key, Value value) { values_[std::move(key)] = std::move(value); }
  [[nodiscard]] bool has(std::string_view key) const { return values_.find(key) != values_.end(); }
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t otherwise = 0) const;
  [[nodiscard]] std::string text(std::string_view key, std::string_view otherwise = {}) const;
  // A text of several words, apart.
  [[nodiscard]] std::vector<std::string> words(std::string_view key) const;
  // And of several numbers.
  [[nodiscard]] std::vector<std::int64_t> numbers(std::string_view key) const;
  [[nodiscard]] Duration duration(std::string_view key, Duration otherwise = {}) const {
    return Duration{number(key, otherwise.count())};
  }
  [[nodiscard]] const std::map<std::string, Value, std::less<>>& all() const { return values_; }

 private:
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace tillrig::words
