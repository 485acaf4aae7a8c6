#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::base {

// A bug that tills have had in the field, kept behind a switch so that the suite can prove it would
// have caught it (reference: domain 2.3). The row stands beside its switch:
//
//   const base::Mutant kDebouncedPersist{"debounced_persist", "INV-01", "odoo/odoo#267799", "..."};
//   if (kDebouncedPersist.on(config.mutants)) ...
//
// Rows register themselves in a table that is only read after start-up. Which are on is a value
// (Mutants) in the configuration of a till or a cloud, never a global.
class Mutants;

class Mutant {
 public:
  Mutant(std::string_view name, std::string_view invariant, std::string_view evidence,
         std::string_view effect);

  [[nodiscard]] bool on(const Mutants& mutants) const;

  std::string_view name;       // as in --mutant NAME
  std::string_view invariant;  // the invariant that must fail: "INV-01"
  std::string_view evidence;   // where the bug was reported
  std::string_view effect;     // one sentence for a person
};

// All rows of this program, by name.
std::vector<const Mutant*> all_mutants();
const Mutant* find_mutant(std::string_view name);

// Which bugs are switched on: none unless added.
class Mutants {
 public:
  void add(std::string_view name) { names_.emplace_back(name); }
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

}  // namespace tillrig::base
