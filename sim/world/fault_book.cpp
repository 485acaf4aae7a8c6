#include "sim/world/fault_book.hpp"

namespace tillrig::world {

words::FaultId FaultBook::begin(const words::Fault& fault, const words::Args& args,
                                const std::string& till, std::vector<words::Target*> targets) {
  const words::FaultId id = ++last_;
  recording_.act(oracle::ActEntry::Kind::fault, fault.name, till);
  for (words::Target* target : targets) fault.start(*target, id, args);
  faults_.emplace(id, Entry{&fault, till, std::move(targets), false});
  return id;
}

base::Result<void> FaultBook::heal(words::FaultId id) {
  const auto at = faults_.find(id);
  if (at == faults_.end() || at->second.healed) {
    return base::fail(base::Code::not_found, "the fault is not active any more");
  }
  Entry& fault = at->second;
  fault.healed = true;
  recording_.act(oracle::ActEntry::Kind::heal, fault.row->name, fault.till);
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
