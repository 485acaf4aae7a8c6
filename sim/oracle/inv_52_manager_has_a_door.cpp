#include "pos/base/decimal.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tillrig::oracle::inv_52_manager_has_a_door {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kOpen = 5min;  // after the PIN, or a use
constexpr int kTries = 5;
constexpr base::Duration kDeaf = 1min;
constexpr std::size_t kListed = 50;
constexpr std::size_t kOften = 3;
constexpr base::Duration kWeek = std::chrono::hours(24 * 7);
constexpr base::Duration kThere = 200ms;  // after somebody asked for it

// Those of article S4, word for word.
const std::vector<std::string>& articles_controls() {
  static const std::vector<std::string> kControls = {
      "Set local mode",
      "Hours",
      "Trigger sync up",
      "Trigger sync down",
      "Full data resync",
      "Restore sync service",
      "Force full resync on all local transactions",
      "Clean up old transactions already on server",
  };
  return kControls;
}

bool is_long(std::string_view order) {
  return order == "force_resync" || order == "clean_up" || order == "full_resync";
}

bool is_control(std::string_view order) {
  return order == "local_mode" || order == "trigger_up" || order == "trigger_down" ||
         order == "restore_service" || order == "rehearse" || order == "pause" || is_long(order);
}

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {
    for (const OrderEntry& order : evidence_.tapes.orders) {
      const bool mine = order.till == till_;
      if (mine && (is_control(order.what) || order.what == "unlock_manager")) {
        uses_.push_back(&order);
      }
    }
  }

  Judgement judge() {
    if (!evidence_.tapes.shop.manager_pin.empty()) door();
    const bool kept = !evidence_.life.disk_faulted() && !evidence_.life.lost_power(till_);
    const bool one_clock =
        !evidence_.life.faulted("clock", till_, Instant{0}, evidence_.life.end());
    for (const ManagerLook& look : evidence_.tapes.managers) {
      if (look.till != till_) continue;
      usable(look);
      if (!kept) continue;
      listed(look);
      if (one_clock) advised(look);
    }
    return std::move(judgement_);
  }

 private:
  // Nothing is done without the PIN.
  void door() {
    Instant open_until{0};
    Shut shut;
    Life::Moment last;
    for (const OrderEntry* use : uses_) {
      const Life::Moment now{use->at, use->order};
      if (evidence_.life.changed(till_, last, now)) {
        open_until = Instant{0};
        shut = Shut();
      }
      last = now;
      if (use->what == "unlock_manager") typed(*use, shut);
      if (use->outcome != OrderEntry::Outcome::done) continue;
      ++judgement_.judged;
      if (use->what == "unlock_manager") {
        const std::string_view typed = use->fields.text("pin").value_or("");
        if (typed != evidence_.tapes.shop.manager_pin) {
          add(use->at, use->line, fmt::format("The Sync Manager of {} took a wrong PIN.", till_),
              "a refusal", fmt::format("\"{}\" was taken", typed));
        }
        open_until = use->at + kOpen;
        continue;
      }
      if (use->at > open_until) {
        add(use->at, use->line,
            fmt::format("The Sync Manager of {} did \"{}\" without its PIN.", till_, use->what),
            "a refusal: not_allowed", "it was done");
      }
      open_until = is_long(use->what) ? Instant::never() : std::max(open_until, use->at + kOpen);
    }
  }

  // It is there at once, whatever the lanes wait for (SM-02), with the eight controls (SM-10).
  void usable(const ManagerLook& look) {
    judgement_.judged += 2;
    const Instant asked = look.at - look.took;
    const bool hindered = evidence_.tapes.real_time ||
                          evidence_.life.faulted("app", till_, asked, look.at) ||
                          evidence_.life.faulted("disk", till_, asked, look.at);
    if (look.took > kThere && !hindered) {
      add(look.at, 0, fmt::format("The Sync Manager of {} kept somebody waiting.", till_),
          "there within 0.2 s, whatever the line does",
          fmt::format("after {}", moment_text(Instant{look.took.count()})));
    }
    if (look.controls.empty() || look.controls == articles_controls()) return;
    add(look.at, 0,
        fmt::format("The Sync Manager of {} has other controls than its article.", till_),
        fmt::format("{}", fmt::join(articles_controls(), ", ")),
        fmt::format("{}", fmt::join(look.controls, ", ")));
  }

  // Five wrong PINs in a row: none is heard for a minute, and each right one afterwards.
  struct Shut {
    int wrong = 0;
    Instant until{0};
  };
  void typed(const OrderEntry& use, Shut& shut) {
    const bool done = use.outcome == OrderEntry::Outcome::done;
    const bool right = use.fields.text("pin").value_or("") == evidence_.tapes.shop.manager_pin;
    const bool deaf = use.at < shut.until;
    if (use.outcome == OrderEntry::Outcome::unknown) return;
    ++judgement_.judged;
    if (right && done && deaf) {
      add(use.at, use.line,
          fmt::format("The Sync Manager of {} hears a PIN after {} wrong ones in a row.", till_,
                      kTries),
          fmt::format("none is heard until {}", moment_text(shut.until)), "it was taken");
    }
    if (right && !done && !deaf && use.code == "not_allowed") {
      add(use.at, use.line, fmt::format("The Sync Manager of {} refuses its PIN.", till_),
          "it is unlocked", use.why);
    }
    if (deaf) return;
    shut.wrong = right ? 0 : shut.wrong + 1;
    if (shut.wrong == kTries) shut = {0, use.at + kDeaf};
  }

  // What was done is listed, the newest first, and nothing else.
  void listed(const ManagerLook& look) {
    ++judgement_.judged;
    std::vector<const OrderEntry*> done;
    bool unknown = false;  // the till died before it answered: it may be listed
    for (const OrderEntry* use : uses_) {
      if (use->order > look.order) continue;
      if (use->outcome == OrderEntry::Outcome::done && use->ended < look.order) done.push_back(use);
      if (use->outcome == OrderEntry::Outcome::unknown || use->ended >= look.order) unknown = true;
    }
    if (unknown || look.used.size() >= kListed) return;
    std::stable_sort(done.begin(), done.end(),
                     [](const OrderEntry* a, const OrderEntry* b) { return a->ended > b->ended; });
    std::vector<std::string> expected;
    std::vector<std::string> seen;
    for (const OrderEntry* each : done) expected.push_back(each->what);
    for (const ManagerUse& each : look.used) {
      if (each.outcome == "done") seen.push_back(each.control);
    }
    if (expected == seen) return;
    add(look.at, 0, fmt::format("The Sync Manager of {} does not list what was done there.", till_),
        fmt::format("{}", fmt::join(expected, ", ")), fmt::format("{}", fmt::join(seen, ", ")));
  }

  // Whoever needs local mode often is told to have the line mended.
  void advised(const ManagerLook& look) {
    std::size_t least = 0;  // periods that surely began within the week
    std::size_t most = 0;
    bool surely_off = true;
    Instant ends = Instant::never();
    for (const OrderEntry* use : uses_) {
      const bool counts = use->what == "local_mode" && use->order < look.order &&
                          use->outcome != OrderEntry::Outcome::refused;
      if (!counts) continue;
      const bool on = use->fields.number("on").value_or(0) != 0;
      const bool done = use->outcome == OrderEntry::Outcome::done;
      if (use->at >= ends) surely_off = true;
      if (!on) {
        surely_off = surely_off || done;
        continue;
      }
      const bool this_week = use->at + kWeek > look.at;
      if (this_week) ++most;
      if (this_week && surely_off && done) ++least;
      surely_off = false;
      const auto hours = use->fields.text("hours");
      ends = hours && !hours->empty() ? use->at + hours_of(*hours) + 1s : Instant::never();
    }
    ++judgement_.judged;
    if (least >= kOften && look.advice.empty()) {
      add(look.at, 0, fmt::format("{} needs local mode often, and nobody is told.", till_),
          "an advice to have the line mended",
          fmt::format("none, after {} periods in a week", least));
    }
    if (most < kOften && !look.advice.empty()) {
      add(look.at, 0, fmt::format("{} advises without a reason.", till_), "no advice", look.advice);
    }
  }

  static base::Duration hours_of(std::string_view text) {
    constexpr base::Duration kThousandth = 3600ms;
    return base::parse_decimal(text, 3, "hours").value_or(0) * kThousandth;
  }

  void add(Instant at, int line, std::string what, std::string expected, std::string seen) {
    judgement_.blame(till_, at, line, std::move(what), std::move(expected), std::move(seen));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::vector<const OrderEntry*> uses_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Judgement all;
  for (const std::string_view till : evidence.tills) {
    all.take(Checker(evidence, till).judge());
  }
  return all;
}

const words::Row<Invariant> kRow{
    Invariant{{.name = "INV-52",
               .doc = "The Sync Manager's controls obey whoever typed its PIN, where there is one, "
                      "and nobody else; five wrong PINs in a row shut it for a minute; it is there "
                      "within 0.2 s with the eight controls of its article, whatever the lanes "
                      "wait for; what was done there is listed there, after a restart too; "
                      "a till that needs local mode three times a week says so.",
               .params = {},
               .example = "waive = { INV-52 = \"why it cannot hold here\" }"},
              "always",
              "safety",
              check}};

}  // namespace
}  // namespace tillrig::oracle::inv_52_manager_has_a_door
