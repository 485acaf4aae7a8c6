#pragma once

#include "sim/oracle/facts.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// One thing that is asked of a till, in the words of the control line:
//   Order("tender").with("kind", "cash").with("amount", 1000)
// Amounts are minor units, quantities thousandths, rates basis points.
class Order {
 public:
  explicit Order(std::string_view what) : what_(what) {}

  Order& with(std::string_view field, std::string_view text);
  Order& with(std::string_view field, std::int64_t number);
  Order& with(std::string_view field, const std::vector<std::int64_t>& numbers);

  [[nodiscard]] const std::string& what() const { return what_; }
  // A field's text; empty when it has none.
  [[nodiscard]] std::string_view text(std::string_view field) const {
    return fields_.text(field).value_or("");
  }
  [[nodiscard]] const oracle::Facts& fields() const { return fields_; }
  // A field's list; empty when it has none.
  [[nodiscard]] const std::vector<std::int64_t>& list(std::string_view field) const;
  // The line that asks for it, without the end of line.
  [[nodiscard]] std::string line(std::int64_t id) const;

 private:
  std::string what_;
  oracle::Facts fields_;
  struct List {
    std::string field;
    std::vector<std::int64_t> numbers;
  };
  std::vector<List> lists_;
};

}  // namespace tillrig::world
