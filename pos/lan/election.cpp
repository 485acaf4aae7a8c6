#include "pos/lan/election.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::lan {
namespace {

const base::Mutant kTwoHubs{"lan_two_hubs", "INV-40", "domain 5.5: two hubs after a split",
                            "a hub that hears of another one goes on as hub"};
const base::Mutant kNoFence{"lan_fence_ignored", "INV-40", "a hub that comes back from a pause",
                            "a hub of an older epoch is believed again"};

}  // namespace

Election::Election(std::string self, bool wired, LanRules rules, base::Mutants mutants)
    : self_(std::move(self)), wired_(wired), rules_(rules), mutants_(std::move(mutants)) {}

void Election::begin(Instant now) {
  lease_until_ = now + rules_.lease;
}

bool Election::wired(const std::string& name) const {
  if (name == self_) return wired_;
  const auto at = peers_.find(name);
  return at != peers_.end() && at->second.wired;
}

bool Election::ranks_before(const std::string& a, const std::string& b) const {
  const bool a_wired = wired(a);
  const bool b_wired = wired(b);
  return a_wired != b_wired ? a_wired : a < b;
}

void Election::heard(const std::string& from, bool wired, std::string_view hub, std::uint64_t epoch,
                     Instant now) {
  peers_[from] = {wired, now + rules_.lease};
  highest_ = std::max(highest_, epoch);
  // Who has seen a later epoch than ours end believes us only under a new one.
  if (is_hub() && hub.empty() && epoch > epoch_) epoch_ = ++highest_;
  if (hub != from) return;  // it claims nothing itself
  if (is_hub() && kTwoHubs.on(mutants_)) return;
  const bool newer = epoch > epoch_ || (kNoFence.on(mutants_) && epoch < epoch_);
  const bool as_good =
      epoch == epoch_ && (hub_.empty() || hub_ == from || ranks_before(from, hub_));
  if (!newer && !as_good) return;
  hub_ = from;
  epoch_ = epoch;
  lease_until_ = now + rules_.lease;
}

void Election::lost(const std::string& peer) {
  peers_.erase(peer);
}

void Election::tick(Instant now) {
  std::erase_if(peers_, [&](const auto& peer) { return now >= peer.second.until; });
  if (is_hub() || now < lease_until_) return;
  hub_.clear();
  std::string first = self_;
  for (const auto& [name, peer] : peers_) {
    if (ranks_before(name, first)) first = name;
  }
  if (first != self_) return;  // that one has to say so
  hub_ = self_;
  epoch_ = ++highest_;
}

Instant Election::next(Instant now) const {
  Instant next = is_hub() || now >= lease_until_ ? Instant::never() : lease_until_;
  for (const auto& [name, peer] : peers_) next = std::min(next, peer.until);
  return next;
}

bool Election::there(std::string_view peer) const {
  return peers_.contains(peer);
}

std::vector<std::string> Election::peers() const {
  std::vector<std::string> names;
  for (const auto& [name, peer] : peers_) names.push_back(name);
  return names;
}

}  // namespace tillrig::lan
