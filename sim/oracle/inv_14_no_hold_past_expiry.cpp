#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace tillrig::oracle::inv_14_no_hold_past_expiry {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kHoldLasts = 15min;
constexpr base::Duration kClocks = 5s;  // the cloud counts by its own
constexpr base::Duration kReleasedWithin = 10s;

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

// POST /v1/holds/{id}/keep: the event that it was kept for last; empty: none.
std::map<std::string, std::string> kept_for(const Evidence& evidence) {
  constexpr std::string_view kBefore = "/v1/holds/";
  constexpr std::string_view kAfter = "/keep";
  std::map<std::string, std::string> places;
  for (const WireEntry& wire : evidence.tapes.wire) {
    const std::string& target = wire.target;
    if (!target.starts_with(kBefore) || !target.ends_with(kAfter)) continue;
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;
    JsonScan scan(wire.body);
    scan.object([&](std::string_view key) {
      if (key == "epoch") {
        epoch = scan.count();
      } else if (key == "seq") {
        seq = scan.count();
      } else {
        scan.skip();
      }
    });
    const std::string id(
        target.substr(kBefore.size(), target.size() - kBefore.size() - kAfter.size()));
    if (scan.finished()) places[id] = fmt::format("{}.{}.{}", wire.till, epoch, seq);
  }
  return places;
}

// When the till says for the first time after this that it is connected, and that lasts for a while
// in which nobody ends it; never(): it does not.
Instant connected_again(const Evidence& evidence, std::string_view till, Instant after) {
  Instant since = Instant::never();
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.till != till || entry.kind != CashierEntry::Kind::connection) continue;
    if (entry.at <= after) continue;
    if (entry.text == "online") {
      since = std::min(since, entry.at);
    } else if (since != Instant::never() && entry.at < since + kReleasedWithin) {
      since = Instant::never();
    }
  }
  const bool lasts = since != Instant::never() && evidence.life.end() > since + kReleasedWithin &&
                     evidence.life.next_change(till, after) > since + kReleasedWithin;
  return lasts ? since : Instant::never();
}

// What a till asked for and heard nothing of may be held: it lets go of it with the next line.
void check_released(const Evidence& evidence, Judgement& judgement) {
  for (const WireEntry& wire : evidence.tapes.wire) {
    const bool unheard = wire.target == "/v1/holds" && wire.cloud_status == 200 &&
                         wire.status == 0 && wire.ended != Instant::never();
    if (!unheard) continue;
    const Instant since = connected_again(evidence, wire.till, wire.ended);
    if (since == Instant::never()) continue;
    ++judgement.judged;
    const std::string id = id_of(wire.body);
    const std::string release = "/v1/holds/" + id + "/release";
    const bool released = std::any_of(
        evidence.tapes.wire.begin(), evidence.tapes.wire.end(), [&](const WireEntry& other) {
          return other.till == wire.till && other.target == release && other.sent >= wire.ended &&
                 other.sent <= since + kReleasedWithin;
        });
    if (released) continue;
    Violation violation;
    violation.till = wire.till;
    violation.at = wire.ended;
    violation.what =
        fmt::format("{} does not let go of what it heard nothing of ({}).", wire.till, id);
    violation.expected =
        fmt::format("released by {}: it is online again", moment_text(since + kReleasedWithin));
    violation.seen = "not released";
    judgement.violations.push_back(std::move(violation));
  }
}

// What a sale's tail says of a reward, as it was sent.
struct Redeemed {
  std::string hold;
  std::int64_t points = 0;
};
Redeemed read_redeemed(std::string_view body) {
  Redeemed redeemed;
  JsonScan scan(body);
  const auto entry = [&](std::string_view key) {
    if (key == "hold") {
      redeemed.hold = scan.text();
    } else if (key == "redeemed") {
      redeemed.points = scan.number();
    } else {
      scan.skip();
    }
  };
  scan.object([&](std::string_view key) {
    if (key == "tail") {
      scan.object(entry);
    } else {
      scan.skip();
    }
  });
  return scan.finished() ? redeemed : Redeemed();
}

// A sale with a reward whose points nobody keeps for it any more when it comes is looked at by a
// person; one that comes in time is not.
class RewardFlags {
 public:
  RewardFlags(const Evidence& evidence, Judgement& judgement)
      : evidence_(evidence), judgement_(judgement) {
    for (const WireEntry& wire : evidence.tapes.wire) {
      if (wire.cloud_status != 200 || !wire.target.starts_with("/v1/holds")) continue;
      if (wire.target == "/v1/holds")
        given_.emplace(id_of(wire.body), wire.reached_cloud);
      else
        changed_.insert(wire.target);
    }
  }

  void sale(const SentItem& item, Instant came) {
    const Redeemed redeemed = read_redeemed(item.body);
    const CloudEntry* const row = evidence_.in_cloud(item.id);
    if (redeemed.points <= 0 || row == nullptr) return;
    const std::string way = "/v1/holds/" + redeemed.hold;
    if (changed_.contains(way + "/release") || changed_.contains(way + "/keep")) return;
    const auto given = given_.find(redeemed.hold);
    const bool kept = given != given_.end() && came < given->second + kHoldLasts - kClocks;
    const bool gone = given == given_.end() || came > given->second + kHoldLasts + kClocks;
    if (kept == gone) return;  // in those moments either may be
    ++judgement_.judged;
    const std::string flag(row->facts.text("flag").value_or(""));
    if (gone ? flag == "no_hold" || flag == "epoch_not_opened" : flag != "no_hold") return;
    Violation violation = evidence_.witness(item.id);
    violation.what = fmt::format("{} came {} its points were kept for it, and is {} for that.",
                                 evidence_.name(item.id), gone ? "when no more" : "while",
                                 gone ? "not flagged" : "flagged");
    violation.expected = gone ? "no_hold" : "not flagged for that";
    violation.seen = flag.empty() ? "no flag" : flag;
    judgement_.violations.push_back(std::move(violation));
  }

 private:
  const Evidence& evidence_;
  Judgement& judgement_;
  std::map<std::string, Instant, std::less<>> given_;  // first, by the hold's id
  std::set<std::string, std::less<>> changed_;
};

void check_flagged(const Evidence& evidence, Judgement& judgement) {
  if (evidence.life.cloud_put_back(Instant{0}, Instant::never())) return;
  RewardFlags flags(evidence, judgement);
  for (const Upload& upload : evidence.uploads) {
    for (const ItemAnswer& answer : upload.cloud) {
      if (answer.status != "applied") continue;
      for (const SentItem& item : upload.batch.items) {
        if (item.id == answer.id && item.kind == "sale") {
          flags.sale(item, upload.wire->reached_cloud);
        }
      }
    }
  }
}

// What was kept for a sale is there for it, however late it comes.
void check_counted(const Evidence& evidence, Judgement& judgement) {
  if (evidence.life.cloud_put_back(Instant{0}, Instant::never())) return;
  std::set<std::string_view> taken;  // that the cloud said yes to
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (wire.cloud_status == 200) taken.insert(wire.target);
  }
  for (const auto& [hold, place] : kept_for(evidence)) {
    const CloudEntry* const row = evidence.in_cloud(place);
    if (row == nullptr || !taken.contains("/v1/holds/" + hold + "/keep")) continue;
    ++judgement.judged;
    if (row->facts.text("flag") != "no_hold") continue;
    Violation violation = evidence.witness(place);
    violation.what =
        fmt::format("The cloud kept something for {} ({}), and flags that there was nothing.",
                    evidence.name(place), hold);
    violation.expected = "not flagged for that";
    violation.seen = "no_hold";
    judgement.violations.push_back(std::move(violation));
  }
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  check_released(evidence, judgement);
  check_counted(evidence, judgement);
  check_flagged(evidence, judgement);
  std::map<std::string, const WireEntry*> given;  // the first time, by the hold's id
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (wire.target == "/v1/holds" && wire.cloud_status == 200) {
      given.emplace(id_of(wire.body), &wire);
    }
  }
  const CloudLook* const look = evidence.last_look();
  if (look == nullptr) return judgement;
  const auto places = kept_for(evidence);
  for (const HoldEntry& hold : evidence.tapes.holds) {
    const auto at = given.find(hold.id);
    if (at == given.end()) continue;
    ++judgement.judged;
    const auto place = places.find(hold.id);
    if (hold.state == "kept" && place != places.end() && evidence.in_cloud(place->second)) {
      Violation violation = evidence.witness(place->second);
      violation.what = fmt::format("The cloud still keeps what was kept for {} ({}).",
                                   evidence.name(place->second), hold.id);
      violation.expected = "captured by it, or free, since it is there";
      violation.seen = fmt::format("{} kept", evidence.money(hold.amount));
      judgement.violations.push_back(std::move(violation));
    }
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
            "after a quarter of an hour; what is kept for a sale that is being finished is free "
            "when another document stands in its place; what a till asked for and heard nothing of "
            "it releases when it is online again; what was kept for a sale is there for it, and a "
            "sale "
            "with a reward is flagged exactly when its points are not kept any more.",
     .params = {},
     .example = "waive = { INV-14 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_14_no_hold_past_expiry
