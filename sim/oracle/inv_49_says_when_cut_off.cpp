#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace tillrig::oracle::inv_49_says_when_cut_off {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kDeclared = 20s;
constexpr base::Duration kGoodBefore =
    10min;                               // what was learnt of a slow line is forgotten by then
constexpr base::Duration kFast = 500ms;  // such a line's latency

// Nothing comes through from then on.
bool cuts_off(std::string_view fault) {
  return fault == "wan.down" || fault == "wan.blackhole" || fault == "wan.refuse" ||
         fault == "wan.dns";
}

// What the till said of its line last before a moment; null: nothing.
const CashierEntry* shown_at(const Evidence& evidence, std::string_view till, Instant at) {
  const CashierEntry* last = nullptr;
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    const bool its = entry.till == till && entry.kind == CashierEntry::Kind::connection;
    if (its && entry.at <= at) last = &entry;
  }
  return last;
}

// Whether this is a line that was sound for long, of a till that runs on without it.
bool judges(const Evidence& evidence, const ActEntry& act, std::string_view till) {
  const Life& life = evidence.life;
  const Tapes& tapes = evidence.tapes;
  const Instant due = act.at + kDeclared;
  const Instant good = act.at - std::min(kGoodBefore, act.at - Instant{0});
  if (tapes.wan_bytes_per_second != 0 || tapes.wan_latency > kFast) return false;
  if (life.end() < due || life.next_change(till, good) <= due) return false;
  if (life.faulted("disk", till, good, due) || life.faulted("app", till, good, due)) return false;
  for (const ActEntry& other : tapes.acts) {
    const bool here = other.till.empty() || other.till == "*" || other.till == till;
    if (&other == &act || !here || other.at < good || other.at > due) continue;
    return false;  // something else is done to it
  }
  for (const OrderEntry& order : tapes.orders) {
    if (order.till == till && order.what == "local_mode" && order.at <= due) return false;
  }
  const CashierEntry* const before = shown_at(evidence, till, act.at);
  return before != nullptr && before->text == "online" && before->at <= act.at;
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  for (const ActEntry& act : evidence.tapes.acts) {
    if (act.kind != ActEntry::Kind::fault || !cuts_off(act.what)) continue;
    for (const std::string_view till : evidence.tills) {
      const bool here = act.till.empty() || act.till == "*" || act.till == till;
      if (!here || !judges(evidence, act, till)) continue;
      ++judgement.judged;
      const CashierEntry* const shown = shown_at(evidence, till, act.at + kDeclared);
      if (shown->text == "offline") continue;
      Violation violation;
      violation.till = till;
      violation.at = act.at + kDeclared;
      violation.line = act.line;
      violation.what = fmt::format("{} does not say that its line is gone.", till);
      violation.expected = fmt::format("offline by {}", moment_text(violation.at));
      violation.seen = shown->text;
      judgement.violations.push_back(std::move(violation));
    }
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-49",
     .doc = "A till whose line was sound for ten minutes says within 20 s when it is gone: "
            "whatever it had to be patient with before.",
     .params = {},
     .example = "waive = { INV-49 = \"why it cannot hold here\" }"},
    "always",
    "liveness",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_49_says_when_cut_off
