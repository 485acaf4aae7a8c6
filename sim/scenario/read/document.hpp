#pragma once

#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/shared.hpp"
#include "sim/scenario/read/source.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::scenario {

// A scenario file as it was read, from which each of its runs is made.
class Document {
 public:
  // `uses`: what put_in_shared_phases() gave.
  Document(std::string file, Node root, std::vector<PhaseUse> uses)
      : file_(std::move(file)), root_(std::move(root)), uses_(std::move(uses)) {}

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const Node& root() const { return root_; }

  // The use that put in what stands there; null: it stands in this file.
  [[nodiscard]] const PhaseUse* use_of(Where where) const {
    const auto number = static_cast<std::size_t>(where.file);
    return number > 0 && number <= uses_.size() ? &uses_[number - 1] : nullptr;
  }

  // The shop of that name; read once.
  const world::Shop* shop(const std::string& name, Where asked, Problems& problems) const;

 private:
  std::string file_;
  Node root_;
  std::vector<PhaseUse> uses_;
  mutable std::map<std::string, std::optional<world::Shop>> shops_;
};

// What a case and the matrix give to one run.
struct Variant {
  std::map<std::string, Node> bindings;
  std::string label;  // "cause=dns, seed=3"
  std::string sweep;  // the axis that counts port calls
};
std::vector<Variant> read_variants(const Node& root, Problems& problems);
// What no line uses gives runs that differ in nothing but their names.
void check_bindings_are_used(const Node& root, Problems& problems);

// One run, checked; problems are added.
Plan make_plan(const Document& document, const Variant& variant, Problems& problems);

}  // namespace tillrig::scenario
