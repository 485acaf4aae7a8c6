#include "sim/world/order.hpp"

#include "pos/base/json.hpp"

#include <fmt/ranges.h>

namespace tillrig::world {

Order& Order::with(std::string_view field, std::string_view text) {
  fields_.add(field, std::string(text));
  return *this;
}

Order& Order::with(std::string_view field, std::int64_t number) {
  fields_.add(field, number);
  return *this;
}

Order& Order::with(std::string_view field, const std::vector<std::int64_t>& numbers) {
  lists_.push_back({std::string(field), numbers});
  return *this;
}

const std::vector<std::int64_t>& Order::list(std::string_view field) const {
  static const std::vector<std::int64_t> kNone;
  for (const List& list : lists_) {
    if (list.field == field) return list.numbers;
  }
  return kNone;
}

std::string Order::line(std::int64_t id) const {
  std::string line = fmt::format("{{\"id\":{},\"do\":\"{}\"", id, what_);
  for (const oracle::Fact& field : fields_.all()) {
    line += fmt::format(",\"{}\":", field.name);
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      line += fmt::to_string(*number);
    } else {
      base::append_quoted(line, std::get<std::string>(field.value));
    }
  }
  for (const List& list : lists_) {
    line += fmt::format(",\"{}\":[{}]", list.field, fmt::join(list.numbers, ","));
  }
  return line + "}";
}

}  // namespace tillrig::world
