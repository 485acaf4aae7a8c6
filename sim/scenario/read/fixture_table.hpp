#pragma once

#include "pos/base/money.hpp"
#include "sim/scenario/read/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

// A table of a fixture, taken key by key; what was not asked for by finish() is no setting of it. A
// value that is not what it has to be is a problem, told where it stands.
class FixtureTable {
 public:
  // `what` names it in sentences: "[receipt]".
  FixtureTable(const Node& table, std::string_view what, Problems& problems)
      : table_(table), what_(what), problems_(problems) {}

  enum class Need { must, may };

  // A text without control characters, or `otherwise` when it is not there.
  std::string text(std::string_view key, Need need, std::string otherwise = {});
  std::vector<std::string> texts(std::string_view key);
  bool flag(std::string_view key, bool otherwise);
  std::int64_t whole(std::string_view key, std::int64_t otherwise, std::int64_t least,
                     std::int64_t most);
  // Nothing: it is not there, or is a problem.
  std::optional<base::Money> money(std::string_view key, Need need, const base::Currency& currency);
  std::optional<base::Rate> rate(std::string_view key);
  // The tables of a list, or of one table, by its key.
  std::vector<const Node*> tables(std::string_view key);

  // Where a key's value stands, for problems; the table's own place when it is not there.
  [[nodiscard]] Where where(std::string_view key) const;
  void problem(std::string_view key, std::string found, std::string expected = {});
  void finish();

 private:
  const Node* take(std::string_view key, Node::Type type, std::string_view expected, Need need);

  const Node& table_;
  std::string what_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

}  // namespace tillrig::scenario
