#include "sim/scenario/read/document.hpp"
#include "sim/scenario/read/fixture.hpp"
#include "sim/scenario/read/reading.hpp"
#include "sim/scenario/read/sale_names.hpp"
#include "sim/scenario/read/step.hpp"

#include <fmt/format.h>

#include <set>

namespace tillrig::scenario {
namespace {

// A heal needs a fault that the file begins somewhere.
void check_heals(const Plan& plan, Problems& problems) {
  std::set<const words::Fault*> begun;
  std::vector<const Action*> heals;
  const auto note = [&](const std::vector<Action>& doing) {
    for (const Action& action : doing) {
      if (action.kind == Action::Kind::fault) begun.insert(action.fault);
      if (action.kind == Action::Kind::heal) heals.push_back(&action);
    }
  };
  for (const Phase& phase : plan.phases) note(phase.doing);
  for (const At& at : plan.ats) note(at.doing);
  for (const When& when : plan.whens) note(when.doing);
  for (const Action* heal : heals) {
    if (begun.contains(heal->fault)) continue;
    problems.add(heal->where, fmt::format("{} is healed, but never begins", heal->fault->name),
                 fmt::format("{{ fault = \"{}\" }} before it", heal->fault->name));
  }
}

// What is waited for can hardly come while a fault stands that cuts the till off and that nothing
// in the file heals.
void warn_of_standing_faults(const Plan& plan, Problems& warnings) {
  std::set<const words::Fault*> healed;
  const auto note = [&](const std::vector<Action>& doing) {
    for (const Action& action : doing) {
      if (action.kind == Action::Kind::heal) healed.insert(action.fault);
    }
  };
  for (const Phase& phase : plan.phases) note(phase.doing);
  for (const At& at : plan.ats) note(at.doing);
  for (const When& when : plan.whens) note(when.doing);
  std::vector<const Action*> standing;
  for (const Phase& phase : plan.phases) {
    for (const Action& action : phase.doing) {
      const bool stands = action.kind == Action::Kind::fault && action.fault->cuts_off &&
                          !action.for_ && !action.args.has("count") && !action.args.has("path");
      if (stands && !healed.contains(action.fault)) standing.push_back(&action);
    }
    for (const Expected& expected : phase.expects) {
      if (standing.empty() || expected.within == Duration{}) continue;
      if (expected.row->needs_line == nullptr || !expected.row->needs_line(expected.args)) continue;
      const std::string_view fault = standing.front()->fault->name;
      warnings.add(
          expected.where,
          fmt::format("{} is waited for while {} stands (line {}), which nothing in this "
                      "file heals",
                      expected.row->name, fault, standing.front()->where.line),
          fmt::format("{{ heal = \"{}\" }} before it, or for = ... with the fault", fault));
    }
  }
}

Scenario checked(const std::string& file, Node root, Problems problems) {
  auto uses = put_in_shared_phases(root, file, problems);
  const auto document = std::make_shared<const Document>(file, std::move(root), std::move(uses));
  Scenario scenario;
  scenario.file = file;
  check_bindings_are_used(document->root(), problems);
  for (const Variant& variant : read_variants(document->root(), problems)) {
    Plan plan = make_plan(*document, variant, problems);
    plan.document = document;
    scenario.plans.push_back(std::move(plan));
  }
  scenario.problems = problems.all();
  Problems warnings(file);
  for (const Plan& plan : scenario.plans) warn_of_standing_faults(plan, warnings);
  scenario.warnings = warnings.all();
  if (!scenario.problems.empty()) scenario.plans.clear();
  return scenario;
}

}  // namespace

const world::Shop* Document::shop(const std::string& name, Where asked, Problems& problems) const {
  auto at = shops_.find(name);
  if (at == shops_.end()) {
    Problems own(file_);
    const auto path = find_shop(name, file_, asked, own);
    at = shops_.emplace(name, path ? load_shop(*path, own) : std::nullopt).first;
    problems.take(own.all());
  }
  return at->second ? &*at->second : nullptr;
}

Plan make_plan(const Document& document, const Variant& variant, Problems& problems) {
  Plan plan;
  plan.file = document.file();
  plan.variant = variant.label;
  plan.sweep = variant.sweep;
  Reading reading{document, variant, problems};
  Surroundings around;
  read_head(reading, plan, around);
  read_happenings(reading, around, plan);
  check_heals(plan, problems);
  check_sale_names(plan, problems);
  if (problems.empty() && plan.phases.empty() && plan.flows.empty() && plan.ats.empty()) {
    problems.add(document.root().where, "nothing happens in this scenario",
                 "at least one [[phase]]");
  }
  plan.variant_values = std::make_shared<const Variant>(variant);
  return plan;
}

Scenario load(const std::string& path) {
  Problems problems(path);
  auto root = parse_toml_file(path, problems);
  if (!root) return {path, {}, problems.all(), {}};
  return checked(path, std::move(*root), std::move(problems));
}

Scenario load_text(std::string_view text, const std::string& near) {
  Problems problems(near);
  auto root = parse_toml(text, problems);
  if (!root) return {near, {}, problems.all(), {}};
  return checked(near, std::move(*root), std::move(problems));
}

Plan at_call(const Plan& probe, std::uint64_t n) {
  Variant variant = *probe.variant_values;
  Node& value = variant.bindings[probe.sweep];
  value.type = Node::Type::integer;
  value.number = static_cast<std::int64_t>(n);
  variant.label += fmt::format("{}{}={}", variant.label.empty() ? "" : ", ", probe.sweep, n);
  Problems none(probe.file);  // the probe was checked; the number changes no check
  Plan plan = make_plan(*probe.document, variant, none);
  plan.document = probe.document;
  plan.sweep.clear();
  plan.setup.mutants = probe.setup.mutants;
  plan.setup.seed = probe.setup.seed;
  return plan;
}

}  // namespace tillrig::scenario
