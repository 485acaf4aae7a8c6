#pragma once

#include "pos/base/json.hpp"
#include "pos/till/command.hpp"

#include <string>
#include <string_view>

namespace tillrig::till {

// A JSON object being written, field by field.
class ObjectWriter {
 public:
  ObjectWriter& text(std::string_view key, std::string_view value);
  ObjectWriter& number(std::string_view key, std::int64_t value);
  ObjectWriter& raw(std::string_view key, std::string_view json);
  std::string take();

 private:
  void key(std::string_view name);
  std::string out_ = "{";
};

std::string write_prompt(const Prompt& prompt);
std::string write_counters(const store::Counters& counters);
std::string write_state(const State& state);
std::string write_row(const store::SaleRow& row);

Result<Prompt> read_prompt(const base::json::object& object);
Result<store::Counters> read_counters(const base::json::object& object);
Result<State> read_state(const base::json::object& object);
Result<store::SaleRow> read_row(const base::json::object& object);

// The value of an enumeration by its name(); the first one when no name fits is an error.
template <class Enum>
Result<Enum> by_name(std::string_view text, Enum first, Enum last) {
  for (int i = static_cast<int>(first); i <= static_cast<int>(last); ++i) {
    if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  return base::fail(base::Code::bad_input, "\"{}\" is not one of the words known here", text);
}

}  // namespace tillrig::till
