#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace tillrig::oracle::inv_14_no_hold_past_expiry {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kHoldLasts = 15min;
constexpr base::Duration kClocks = 5s;  // the cloud counts by its own

std::string id_of(std::string_view body) {
  std::string id;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "id") {
      id = scan.text();
    } else {
      scan.skip();
    }
  });
  return scan.finished() ? id : std::string();
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  std::map<std::string, const WireEntry*> given;  // the first time, by the hold's id
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (wire.target == "/v1/holds" && wire.cloud_status == 200) {
      given.emplace(id_of(wire.body), &wire);
    }
  }
  const CloudLook* const look = evidence.last_look();
  if (look == nullptr) return judgement;
  for (const HoldEntry& hold : evidence.tapes.holds) {
    const auto at = given.find(hold.id);
    if (at == given.end()) continue;
    ++judgement.judged;
    const base::Duration age = look->at - at->second->reached_cloud;
    if (hold.state != "open" || age <= kHoldLasts + kClocks) continue;
    Violation violation;
    violation.till = hold.till;
    violation.at = at->second->reached_cloud;
    violation.what =
        fmt::format("The cloud still keeps what it held for {} ({}).", hold.till, hold.id);
    violation.expected = "captured by a sale, released, or let go after 15 minutes";
    violation.seen = fmt::format("{} held since {}", hold.amount, moment_text(violation.at));
    judgement.violations.push_back(std::move(violation));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-14",
     .doc = "What the cloud keeps for a sale in hand is captured by a sale, released, or let go "
            "after a quarter of an hour.",
     .params = {},
     .example = "waive = { INV-14 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_14_no_hold_past_expiry
