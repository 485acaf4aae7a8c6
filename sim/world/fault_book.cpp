#include "sim/world/fault_book.hpp"

#include <utility>

namespace tillrig::world {

words::FaultId FaultBook::begin(const words::Fault& fault, const words::Args& args,
                                const std::string& till, std::vector<words::Target*> targets) {
  const words::FaultId id = ++last_;
  Entry& entry = faults_[id];
  entry = {&fault, till, std::move(targets), false, 0, recording_.line(), false, {}};
  recording_.fault_edge(trace::FaultEdge::armed, fault.name, till, entry.line);
  entry.begun = recording_.act(oracle::ActEntry::Kind::fault, fault.name, till);
  for (words::Target* target : entry.targets) {
    target->watch_hits([this, target](words::FaultId hit) { return fired(hit, *target); });
    fault.start(*target, id, args);
  }
  return id;
}

std::uint64_t FaultBook::fired(words::FaultId id, const words::Target& target) {
  const auto at = faults_.find(id);
  if (at == faults_.end()) return 0;
  Entry& fault = at->second;
  std::uint64_t& last = fault.hits[&target];
  const std::uint64_t struck = recording_.cause();
  if (last != 0 && struck == last) return last;
  const bool first = !std::exchange(fault.fired, true);
  std::string whose(target.whose());
  if (whose.empty()) whose = fault.till == "*" ? "world" : fault.till;
  last =
      recording_.fired({fault.row->name, std::move(whose), fault.begun, struck, fault.line, first});
  return last;
}

base::Result<void> FaultBook::heal(words::FaultId id) {
  const auto at = faults_.find(id);
  if (at == faults_.end() || at->second.healed) {
    return base::fail(base::Code::not_found, "the fault is not active any more");
  }
  Entry& fault = at->second;
  fault.healed = true;
  recording_.act(oracle::ActEntry::Kind::heal, fault.row->name, fault.till);
  recording_.fault_edge(trace::FaultEdge::healed, fault.row->name, fault.till, fault.line);
  if (fault.row->heal == nullptr) return {};
  for (words::Target* target : fault.targets) fault.row->heal(*target, id);
  return {};
}

std::uint64_t FaultBook::hits(words::FaultId id) const {
  const auto at = faults_.find(id);
  if (at == faults_.end()) return 0;
  std::uint64_t hits = 0;
  for (const words::Target* target : at->second.targets) hits += target->hits(id);
  return hits;
}

}  // namespace tillrig::world
