#include "sim/scenario/play/armoury.hpp"

#include "sim/scenario/play/story.hpp"

namespace tillrig::scenario {

using base::Result;

Result<words::FaultId> Armoury::begin(const Action& action) {
  auto id = bed_.start_fault(*action.fault, action.args, action.till);
  if (!id) return id;
  armed_.push_back({*id, action.fault, action.till, action.optional, false, action.where.line});
  return id;
}

Result<void> Armoury::heal(Armed& armed) {
  if (armed.healed) return {};
  armed.healed = true;
  return bed_.faults().heal(armed.id);
}

Result<void> Armoury::heal(const words::Fault& fault, const std::string& till) {
  bool found = false;
  const std::size_t known = armed_.size();  // what a heal brings about is not healed with it
  for (std::size_t i = 0; i < known; ++i) {
    Armed& each = armed_[i];
    if (each.healed || each.row != &fault || (till != "*" && each.till != till)) continue;
    found = true;
    if (auto healed = heal(each); !healed) return healed;
  }
  if (!found) return base::fail(base::Code::not_found, "no {} is active, to be healed", fault.name);
  return {};
}

Result<void> Armoury::heal(words::FaultId id) {
  for (Armed& each : armed_) {
    if (each.id == id) return heal(each);
  }
  return {};
}

Result<void> Armoury::heal_all() {
  Result<void> all;
  for (std::size_t i = 0; i < armed_.size(); ++i) {
    auto healed = heal(armed_[i]);
    if (!healed && all) all = std::move(healed);
  }
  return all;
}

std::vector<std::string> Armoury::active() const {
  std::vector<std::string> names;
  for (const Armed& each : armed_) {
    if (!each.healed) names.push_back(fmt::format("{} at {}", each.row->name, each.till));
  }
  return names;
}

void Armoury::check_all_fired(Story& story) const {
  for (const Armed& each : armed_) {
    if (each.optional || bed_.faults().hits(each.id) > 0) continue;
    Failure failure;
    failure.kind = Failure::Kind::not_fired;
    failure.line = each.line;
    failure.till = each.till;
    failure.what = fmt::format("the fault {} was armed and never did anything", each.row->name);
    failure.expected = "at least one hit, or optional = true";
    failure.seen = "none";
    story.fail(std::move(failure));
  }
}

}  // namespace tillrig::scenario
