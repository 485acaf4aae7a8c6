#include "sim/net/lan_switch.hpp"

#include <algorithm>

namespace tillrig::net {
namespace {

constexpr Duration kOverTheSwitch = std::chrono::microseconds(300);  // one way

}  // namespace

LanPort& LanSwitch::add(const std::string& till) {
  for (const auto& [other, port] : ports_) {
    auto link =
        std::make_unique<Link>(other + "~" + till, clock_, Conditions{kOverTheSwitch, 0}, seed_);
    link->watch_hits([this](words::FaultId id) -> std::uint64_t {
      const auto at = standing_.find(id);
      if (at == standing_.end()) return 0;
      at->second.first->fired(id);
      return at->second.first->struck();
    });
    links_.emplace(pair_of(other, till), std::move(link));
  }
  auto& port = ports_[till];
  port = std::make_unique<LanPort>(*this, till);
  return *port;
}

Link* LanSwitch::between(const std::string& a, const std::string& b) const {
  const auto at = links_.find(pair_of(a, b));
  return at == links_.end() ? nullptr : at->second.get();
}

std::vector<std::string> LanPort::others() const {
  std::vector<std::string> names;
  for (const auto& [name, port] : lan_.ports_) {
    if (name != till_) names.push_back(name);
  }
  return names;
}

void LanPort::start(words::FaultId id, const Make& make, const std::vector<std::string>& to) {
  LanSwitch::Standing& standing = lan_.standing_[id];
  if (standing.first == nullptr) standing.first = this;
  for (const std::string& other : to) {
    Link* const link = lan_.between(till_, other);
    const auto& on = standing.on;
    if (link == nullptr || std::find(on.begin(), on.end(), link) != on.end()) continue;
    standing.on.push_back(link);
    link->start(id, make());
  }
}

void LanPort::heal(words::FaultId id) {
  const auto at = lan_.standing_.find(id);
  if (at == lan_.standing_.end()) return;
  for (Link* const link : std::exchange(at->second.on, {})) link->heal(id);
}

}  // namespace tillrig::net
