#include "sim/oracle/life.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::oracle {
namespace {

using Kind = ActEntry::Kind;

bool is_of_life(const ActEntry& act) {
  const bool life = act.kind == Kind::kill || act.kind == Kind::power_cut ||
                    act.kind == Kind::start || act.kind == Kind::stop;
  return life && !act.what.starts_with("cloud");
}

Instant last_moment(const Tapes& tapes) {
  Instant end{0};
  const auto take = [&](Instant at) {
    if (at != Instant::never()) end = std::max(end, at);
  };
  for (const CashierEntry& entry : tapes.cashier) take(entry.at);
  for (const PaperEntry& entry : tapes.paper) take(entry.at);
  for (const WireEntry& entry : tapes.wire) {
    take(entry.sent);
    take(entry.ended);
  }
  for (const CloudLook& look : tapes.cloud) take(look.at);
  for (const RegisterLook& look : tapes.registers) take(look.at);
  for (const ActEntry& act : tapes.acts) take(act.at);
  return end;
}

}  // namespace

Life::Life(const Tapes& tapes) : end_(last_moment(tapes)) {
  const std::size_t last_quiet = read_faults(tapes);
  const Instant looked = tapes.cloud.empty() ? Instant::never() : tapes.cloud.back().at;
  for (const CashierEntry& entry : tapes.cashier) {
    const auto at = tills_.find(entry.till);
    Till& till = at != tills_.end() ? at->second : tills_[entry.till];
    const bool put_away = quiet_ ? entry.at >= *quiet_ : entry.at > looked;
    if (entry.kind != CashierEntry::Kind::stage || put_away) continue;
    till.shut = entry.text == "closed" || entry.text == "critical";
  }
  for (const ActEntry& act : tapes.acts) {
    if (is_of_life(act) && !act.till.empty() && act.till != "*") tills_[act.till];
  }
  for (std::size_t i = 0; i < tapes.acts.size(); ++i) {
    const ActEntry& act = tapes.acts[i];
    if (act.what == "cloud.put_back") put_back_.push_back(act.at);
    if (act.what == "disk.put_back") disks_put_back_.emplace_back(act.till, act.at);
    if (!is_of_life(act)) continue;
    const bool put_away = quiet_ ? i > last_quiet : act.at > looked;
    for (auto& [name, till] : tills_) {
      if (act.till.empty() || act.till == "*" || act.till == name) take(till, act, put_away);
    }
  }
}

std::size_t Life::read_faults(const Tapes& tapes) {
  std::size_t last_quiet = 0;
  std::map<std::string, int> unhealed;  // since everything was healed
  for (std::size_t i = 0; i < tapes.acts.size(); ++i) {
    const ActEntry& act = tapes.acts[i];
    if (act.kind == Kind::fault) {
      faulted_ = true;
      faults_.push_back({act.what, act.till, act.at});
      ++unhealed[act.what + "@" + act.till];
    } else if (act.kind == Kind::heal) {
      unhealed.erase(act.what + "@" + act.till);
      end_fault(act);
    } else if (act.kind == Kind::all_healed) {
      healed_ = act.at;
      unhealed.clear();
      end_fault(act);
    } else if (act.kind == Kind::quiet) {
      quiet_ = act.at;
      last_quiet = i;
    }
  }
  if (!unhealed.empty()) healed_.reset();
  return last_quiet;
}

// Healed by name, or with all that still stand.
void Life::end_fault(const ActEntry& healed) {
  for (Standing& standing : faults_) {
    const bool meant = healed.kind == Kind::all_healed ||
                       (standing.fault == healed.what && standing.till == healed.till);
    if (meant && standing.to == Instant::never()) standing.to = healed.at;
  }
}

bool Life::faulted(std::string_view fault, std::string_view till, Instant from, Instant to) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Standing& standing) {
    const std::string_view name = standing.fault;
    const bool named =
        name == fault || (name.starts_with(fault) && name.substr(fault.size()).starts_with('.'));
    const bool here =
        till.empty() || standing.till.empty() || standing.till == "*" || standing.till == till;
    return named && here && standing.from <= to && standing.to >= from;
  });
}

void Life::take(Till& till, const ActEntry& act, bool put_away) {
  const bool starts = act.kind == Kind::start;
  TILLRIG_ASSERT(till.changes.empty() || till.changes.back().at <= act.at,
                 "a till's life is searched by time");
  till.changes.push_back({act.at, act.order, starts});
  if (starts) till.started = act.at;
  if (act.kind == Kind::power_cut) till.lost_power = true;
  if (!put_away) till.ended = !starts;
}

const Life::Till* Life::find(std::string_view till) const {
  const auto at = tills_.find(till);
  return at == tills_.end() ? nullptr : &at->second;
}

bool Life::ended(std::string_view till) const {
  const Till* found = find(till);
  return found != nullptr && (found->ended || found->shut);
}

Instant Life::started(std::string_view till) const {
  const Till* found = find(till);
  return found == nullptr ? Instant{0} : found->started;
}

Instant Life::next_change(std::string_view till, Instant from) const {
  const Till* found = find(till);
  if (found == nullptr) return Instant::never();
  const auto at = std::lower_bound(found->changes.begin(), found->changes.end(), from,
                                   [](const Change& c, Instant t) { return c.at < t; });
  return at == found->changes.end() ? Instant::never() : at->at;
}

bool Life::changed(std::string_view till, Moment from, Moment to) const {
  const Till* found = find(till);
  if (found == nullptr) return false;
  return std::any_of(found->changes.begin(), found->changes.end(), [&](const Change& change) {
    const Moment at{change.at, change.order};
    return from < at && at <= to;
  });
}

bool Life::cloud_put_back(Instant from, Instant to) const {
  return std::any_of(put_back_.begin(), put_back_.end(),
                     [&](Instant at) { return from < at && at <= to; });
}

bool Life::disk_put_back(std::string_view till, Instant from, Instant to) const {
  return std::any_of(disks_put_back_.begin(), disks_put_back_.end(), [&](const auto& each) {
    return each.first == till && from < each.second && each.second <= to;
  });
}

bool Life::lost_power(std::string_view till) const {
  const Till* found = find(till);
  return found != nullptr && found->lost_power;
}

}  // namespace tillrig::oracle
