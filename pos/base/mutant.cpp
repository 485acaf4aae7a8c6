#include "pos/base/mutant.hpp"

#include <algorithm>

namespace tillrig::base {
namespace {

std::vector<const Mutant*>& rows() {
  static std::vector<const Mutant*> table;  // filled before main, read-only after
  return table;
}

}  // namespace

Mutant::Mutant(std::string_view name_, std::string_view invariant_, std::string_view evidence_,
               std::string_view effect_)
    : name(name_), invariant(invariant_), evidence(evidence_), effect(effect_) {
  rows().push_back(this);
}

bool Mutant::on(const Mutants& mutants) const {
  return mutants.has(name);
}

std::vector<const Mutant*> all_mutants() {
  auto sorted = rows();
  std::sort(sorted.begin(), sorted.end(),
            [](const Mutant* a, const Mutant* b) { return a->name < b->name; });
  return sorted;
}

const Mutant* find_mutant(std::string_view name) {
  for (const Mutant* row : rows()) {
    if (row->name == name) return row;
  }
  return nullptr;
}

bool Mutants::has(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

}  // namespace tillrig::base
