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

void read_value(const words::Param& param, const Node& value, const Surroundings& around,
                words::Args& args, Problems& problems) {
  if (auto read = kind_of(param).read({param, value, around, problems})) {
    args.set(std::string(param.name), std::move(*read));
  }
}

}  // namespace tillrig::scenario
