#include "sim/app/mutant_names.hpp"

#include "pos/base/nearest.hpp"

#include <string_view>

namespace tillrig::app {

base::Result<base::Mutants> read_mutants(const std::vector<std::string>& names) {
  base::Mutants mutants;
  for (const std::string& name : names) {
    if (base::find_mutant(name) != nullptr) {
      mutants.add(name);
      continue;
    }
    std::vector<std::string_view> known;
    for (const base::Mutant* mutant : base::all_mutants()) known.push_back(mutant->name);
    const std::string_view meant = base::nearest(name, known);
    return base::fail(base::Code::bad_input,
                      "there is no mutant \"{}\"{}; \"tillrig list mutants\" shows them all", name,
                      meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant));
  }
  return mutants;
}

}  // namespace tillrig::app
