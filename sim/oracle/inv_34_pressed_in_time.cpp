#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace tillrig::oracle::inv_34_pressed_in_time {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kCancelWindow = 30s;
constexpr base::Duration kRepainted = 100ms;  // for the button to go
constexpr std::int64_t kPresses = 2;

// One till's payments, along its screen.
class Screen {
 public:
  Screen(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {}

  void see(const CashierEntry& entry) {
    using Kind = CashierEntry::Kind;
    if (entry.code == "card") return card(entry);
    if (entry.kind == Kind::pressed && is_resync(entry.code)) return pressed(entry);
    if (entry.kind == Kind::prompt && entry.code == "card_payment") stands_ = true;
    if (entry.kind == Kind::other && entry.code == "prompt_closed") return closed(entry);
  }

  // Nothing more comes from it.
  void over(Instant at) { late(at); }
  Judgement take() { return std::move(judgement_); }

 private:
  static bool is_resync(std::string_view prompt) {
    return prompt == "card_unknown" || prompt == "card_still_unknown";
  }

  void card(const CashierEntry& entry) {
    const std::string attempt(entry.facts.text("attempt").value_or(""));
    if (entry.facts.text("state") == "created") {
      attempt_ = attempt;
      begun_ = entry.at;
      presses_ = 0;
    }
    ++judgement_.judged;
    const std::int64_t resyncs = entry.fact("resyncs").value_or(0);
    if (resyncs <= kPresses) return;
    judgement_.blame(till_, entry.at, entry.line,
                     fmt::format("Re-sync was pressed {} times for {}.", resyncs, attempt),
                     "twice at most", fmt::format("{}", resyncs));
  }

  void pressed(const CashierEntry& entry) {
    ++judgement_.judged;
    if (++presses_ <= kPresses) return;
    judgement_.blame(till_, entry.at, entry.line,
                     fmt::format("{} offers Re-sync for {} a third time.", till_, attempt_),
                     "only Close & back to Register", fmt::format("{} presses", presses_));
  }

  void closed(const CashierEntry& entry) {
    if (entry.facts.text("prompt") != "card_payment") return;
    ++judgement_.judged;
    late(entry.at);
    stands_ = false;
  }

  // From 30 s on it is gone, whatever else goes on; unless its app gets no time.
  void late(Instant at) {
    if (!stands_ || attempt_.empty() || at - begun_ < kCancelWindow + kRepainted) return;
    if (evidence_.life.faulted("app.frozen", till_, begun_, at)) return;
    if (evidence_.life.next_change(till_, begun_) <= at) return;
    judgement_.blame(till_, at, 0,
                     fmt::format("{} could be cancelled for longer than it may.", attempt_),
                     fmt::format("no Cancel from {} on", moment_text(begun_ + kCancelWindow)),
                     fmt::format("it stood until {}", moment_text(at)));
    stands_ = false;
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::string attempt_;  // in hand
  Instant begun_;
  std::int64_t presses_ = 0;
  bool stands_ = false;  // Cancel
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  std::map<std::string_view, Screen> screens;
  for (const std::string_view till : evidence.tills) screens.try_emplace(till, evidence, till);
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    const auto at = screens.find(entry.till);
    if (at != screens.end()) at->second.see(entry);
  }
  Judgement all;
  for (auto& [till, screen] : screens) {
    screen.over(evidence.life.end());
    all.take(screen.take());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-34",
     .doc = "Re-sync is pressed at most twice for a card payment, and Cancel is there for 30 "
            "seconds and no longer.",
     .params = {},
     .example = "waive = { INV-34 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_34_pressed_in_time
