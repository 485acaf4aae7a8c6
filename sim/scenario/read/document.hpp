#pragma once

#include "sim/scenario/read/plan.hpp"
#include "sim/scenario/read/source.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::scenario {

// A scenario file as it was read, from which each of its runs is made.
class Document {
 public:
  Document(std::string file, Node root) : file_(std::move(file)), root_(std::move(root)) {}

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const Node& root() const { return root_; }

  // The shop of that name; read once.
  const world::Shop* shop(const std::string& name, Where asked, Problems& problems) const;

 private:
  std::string file_;
  Node root_;
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
