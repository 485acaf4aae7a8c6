#include "sim/scenario/read/kind.hpp"

#include "pos/base/assert.hpp"

#include <fmt/format.h>

namespace tillrig::scenario {

std::nullopt_t Found::wrong() const {
  problems.add(node.where, fmt::format("{} is {}", param.name, as_found(node)),
               std::string(kind_of(param).wanted));
  return std::nullopt;
}

std::nullopt_t Found::unknown(std::string_view what,
                              const std::vector<std::string_view>& valid) const {
  problems.unknown(node.where, what, node.text, valid);
  return std::nullopt;
}

const ValueKind& kind_of(const words::Param& param) {
  const ValueKind* row = words::Table<ValueKind>::find(param.kind);
  TILLRIG_ASSERT(row != nullptr, "every parameter is of a kind that has a row");
  return *row;
}

std::string closed_list(const words::Param& param) {
  const ValueKind& kind = kind_of(param);
  return kind.list != nullptr ? kind.list(param) : std::string();
}

std::string shown_value(const words::Param& param, std::int64_t number,
                        const base::Currency& currency) {
  const auto written = kind_of(param).shown;
  return written != nullptr ? written(number, currency) : fmt::format("{}", number);
}

std::string told_kind(const words::Param& param) {
  std::string text(kind_of(param).told);
  if (param.most > 0) {
    text += ", at most " + shown_value(param, param.most, base::Currency{"EUR", 2});
  }
  if (param.required) text += ", required";
  if (!param.otherwise.empty()) text += fmt::format("; left out: {}", param.otherwise);
  return text;
}

void read_value(const words::Param& param, const Node& value, const Surroundings& around,
                words::Args& args, Problems& problems) {
  const ValueKind& kind = kind_of(param);
  auto read = kind.read({param, value, around, problems});
  if (!read) return;
  const auto* const number = std::get_if<std::int64_t>(&*read);
  if (param.most > 0 && number != nullptr && *number > param.most) {
    problems.add(value.where, fmt::format("{} is {}", param.name, as_found(value)),
                 "at most " + shown_value(param, param.most, around.currency));
  }
  args.set(std::string(param.name), std::move(*read));
}

}  // namespace tillrig::scenario
