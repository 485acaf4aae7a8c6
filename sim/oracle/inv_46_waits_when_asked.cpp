#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_46_waits_when_asked {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

// What was on its way to the cloud when the answer came to the till is seen a little after it.
constexpr base::Duration kOnItsWay = 5s;
// On a bed of real time the end of one exchange and the start of the next are seen on two sockets.
constexpr base::Duration kSockets = 1ms;

constexpr base::Duration kComeBack = 30s;
constexpr base::Duration kAtOnce = 50ms;
constexpr std::size_t kMany = 4;

// What a till does beside everything else: uploads, or the pages that it reads. Empty: neither.
std::string_view lane_of(const WireEntry& wire) {
  for (const std::string_view lane : {"/v1/sync/up", "/v1/sync/down"}) {
    if (wire.target.starts_with(lane)) return lane;
  }
  return {};
}

// The wait that a till was asked for on one lane.
struct Wait {
  Instant from;
  Instant until;
  const WireEntry* asked = nullptr;
};

// When a line that was down for everybody is back, each till has a moment of its own: so long after
// it says that it is online its first upload goes.
struct Comeback {
  std::size_t tills = 0;
  base::Duration longest{};
};

void come_back(const Evidence& evidence, std::string_view till, Instant healed, Comeback& all) {
  const Tapes& tapes = evidence.tapes;
  const Instant over = healed + kComeBack;
  std::uint64_t pending = 0;
  for (const CashierEntry& entry : tapes.cashier) {
    if (entry.till != till || entry.at > over) continue;
    if (entry.kind == CashierEntry::Kind::counters) pending = entry.pending;
    const bool back = entry.kind == CashierEntry::Kind::connection && entry.text == "online" &&
                      entry.at >= healed;
    if (!back) continue;
    if (pending == 0 || evidence.life.next_change(till, healed) < over) return;
    const auto first =
        std::find_if(tapes.wire.begin(), tapes.wire.end(), [&](const WireEntry& wire) {
          return wire.till == till && wire.target == "/v1/sync/up" && wire.sent >= entry.at;
        });
    if (first == tapes.wire.end()) return;
    ++all.tills;
    all.longest = std::max(all.longest, first->sent - entry.at);
    return;
  }
}

void check_comebacks(const Evidence& evidence, Judgement& judgement) {
  for (const ActEntry& act : evidence.tapes.acts) {
    const bool everybody = act.till.empty() || act.till == "*";
    if (act.kind != ActEntry::Kind::heal || act.what != "wan.down" || !everybody) continue;
    Comeback all;
    for (const std::string_view till : evidence.tills) come_back(evidence, till, act.at, all);
    if (all.tills < kMany) continue;
    judgement.judged += all.tills;
    if (all.longest > kAtOnce) continue;
    judgement.blame(
        {}, act.at, act.line,
        fmt::format("{} tills whose lines are back at one moment send at once.", all.tills),
        "each has a moment of its own",
        fmt::format("all within {} ms after they were online", kAtOnce / 1ms));
  }
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  check_comebacks(evidence, judgement);
  std::map<std::pair<std::string_view, std::string_view>, std::vector<Wait>> waits;
  for (const WireEntry& wire : evidence.tapes.wire) {
    const base::Duration wait = asked_wait(wire);
    if (wait == base::Duration{} || lane_of(wire).empty()) continue;
    const Instant ended = evidence.life.next_change(wire.till, wire.ended);
    waits[{wire.till, lane_of(wire)}].push_back(
        {wire.ended, std::min(wire.ended + wait, ended), &wire});
    ++judgement.judged;
  }
  if (waits.empty()) return judgement;
  for (const WireEntry& wire : evidence.tapes.wire) {
    const auto at = waits.find({wire.till, lane_of(wire)});
    if (at == waits.end()) continue;
    const auto broken = std::find_if(at->second.begin(), at->second.end(), [&](const Wait& wait) {
      return wire.sent > wait.from + kOnItsWay && wire.sent + kSockets < wait.until;
    });
    if (broken == at->second.end()) continue;
    Violation violation;
    violation.till = wire.till;
    violation.at = wire.sent;
    violation.what =
        fmt::format("{} sent to {} although it was asked to wait.", wire.till, lane_of(wire));
    violation.expected =
        fmt::format("nothing before {}, as exchange {} was answered with {} and Retry-After",
                    moment_text(broken->until), broken->asked->exchange, broken->asked->status);
    violation.seen = fmt::format("exchange {} at {}", wire.exchange, moment_text(wire.sent));
    judgement.violations.push_back(std::move(violation));
    waits.erase(at);  // one tells it
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-46",
     .doc = "A till that is answered with 429 or 503 and Retry-After sends nothing more of that "
            "kind, uploads or questions for changes, before that time is over; and of tills whose "
            "lines are back at one moment each has one of its own to send.",
     .params = {},
     .example = "waive = { INV-46 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_46_waits_when_asked
