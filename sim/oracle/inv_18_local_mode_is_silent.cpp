#include "pos/base/decimal.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace tillrig::oracle::inv_18_local_mode_is_silent {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kExact = 1s;      // of its end
constexpr base::Duration kSaid = 2min;     // it looks each minute
constexpr base::Duration kTaken = 30s;     // off the screen, with a look at the line
constexpr base::Duration kMost = 72h;      // that can be typed in
constexpr base::Duration kFinished = 60s;  // what was under way at its beginning

// From the check until it was taken away or its hours were over.
struct Period {
  Instant from;
  Instant to = Instant::never();
  int line = 0;
  Instant meant = Instant::never();  // its end, if nobody ends it before
};

// "2" and "0.5" as a time.
base::Duration read_hours(std::string_view text) {
  constexpr base::Duration kThousandth = 3600ms;
  return base::parse_decimal(text, 3, "hours").value_or(0) * kThousandth;
}

std::vector<Period> periods_of(const Evidence& evidence, std::string_view till) {
  std::vector<Period> periods;
  const auto end = [&](Instant at) {
    if (!periods.empty()) periods.back().to = std::min(periods.back().to, at);
  };
  struct Turn {
    Instant at;
    const OrderEntry* order = nullptr;
  };
  std::vector<Turn> turns;
  for (const OrderEntry& order : evidence.tapes.orders) {
    const bool counts = order.till == till && order.what == "local_mode" &&
                        order.outcome == OrderEntry::Outcome::done;
    if (counts) turns.push_back({order.at, &order});
  }
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    const bool online = entry.till == till && entry.kind == CashierEntry::Kind::pressed &&
                        entry.code == "local_mode" && entry.text == "Go online";
    if (online) turns.push_back({entry.at, nullptr});
  }
  std::stable_sort(turns.begin(), turns.end(),
                   [](const Turn& a, const Turn& b) { return a.at < b.at; });
  for (const Turn& turn : turns) {
    end(turn.at);
    if (turn.order == nullptr || turn.order->fields.number("on").value_or(0) == 0) continue;
    Period period{turn.at, Instant::never(), turn.order->line};
    const auto hours = turn.order->fields.text("hours");
    if (hours && !hours->empty()) period.to = turn.at + read_hours(*hours);
    period.meant = period.to;
    periods.push_back(period);
  }
  return periods;
}

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till)
      : evidence_(evidence), till_(till), periods_(periods_of(evidence, till)) {}

  Judgement judge() {
    for (const Period& period : periods_) silent(period);
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till == till_ && entry.kind == CashierEntry::Kind::connection) shown(entry);
    }
    for (const Period& period : periods_) {
      ends(period);
      reminders(period);
      reminder_goes(period);
    }
    for (const OrderEntry& order : evidence_.tapes.orders) {
      if (order.till == till_ && order.what == "local_mode") not_for_days(order);
    }
    for (const StateLook& look : evidence_.tapes.states) {
      if (look.till == till_ && look.local_ms != 0) left(look);
    }
    return std::move(judgement_);
  }

 private:
  void silent(const Period& period) {
    ++judgement_.judged;
    std::set<std::uint64_t> finished;  // connections
    for (const WireEntry& entry : evidence_.tapes.wire) {
      if (entry.till != till_ || entry.sent <= period.from) continue;
      if (entry.sent >= period.to - kExact) continue;
      // What was under way is seen behind the line, and may be finished.
      const bool first = finished.insert(entry.connection).second;
      if (first && entry.sent <= period.from + finished_within(period)) continue;
      return add(entry.sent, period.line,
                 fmt::format("{} spoke to the cloud in local mode.", till_),
                 fmt::format("nothing from {} on", moment_text(period.from)),
                 fmt::format("{} {} at {}", entry.method, entry.target, moment_text(entry.sent)));
    }
  }

  // A line that is sound and fast brings it at once.
  [[nodiscard]] base::Duration finished_within(const Period& period) const {
    const bool slow = evidence_.tapes.wan_bytes_per_second > 0 ||
                      evidence_.tapes.wan_latency > kExact / 2 ||
                      evidence_.life.faulted("wan", till_, period.from, period.from);
    return slow ? kFinished : kExact;
  }

  [[nodiscard]] bool within(Instant at, base::Duration spare) const {
    return std::any_of(periods_.begin(), periods_.end(), [&](const Period& period) {
      return at >= period.from && (period.to == Instant::never() || at <= period.to + spare);
    });
  }

  void shown(const CashierEntry& entry) {
    if (entry.text != "local") return;
    ++judgement_.judged;
    if (entry.code != "local") {
      add(entry.at, entry.line, fmt::format("{} does not say that local mode is why.", till_),
          "local", entry.code);
    }
    if (within(entry.at, kExact)) return;
    add(entry.at, entry.line, fmt::format("{} says that it is in local mode, and is not.", till_),
        "the state of its line", "local");
  }

  // It is meant for a short time: each hour the till says so, if it runs and sells.
  void reminders(const Period& period) {
    const Instant over = std::min(period.to, evidence_.life.end());
    for (Instant hour = period.from + 1h; hour + kSaid < over; hour = hour + 1h) {
      if (!sells_throughout(hour - kSaid, hour + kSaid)) continue;
      ++judgement_.judged;
      const auto& tape = evidence_.tapes.cashier;
      const bool said = std::any_of(tape.begin(), tape.end(), [&](const CashierEntry& entry) {
        return is_reminder(entry) && entry.at + kExact >= hour && entry.at <= hour + kSaid;
      });
      if (said) continue;
      return add(hour + kSaid, period.line,
                 fmt::format("{} does not say that it is in local mode still.", till_),
                 fmt::format("a reminder each hour, at {}", moment_text(hour)), "none");
    }
  }

  // And when it is over the reminder goes.
  void reminder_goes(const Period& period) {
    const Instant due = period.to == Instant::never() ? period.to : period.to + kTaken;
    if (due >= evidence_.life.end() || within(due, 0s)) return;
    const CashierEntry* standing = nullptr;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_ || entry.at > due) continue;
      if (is_reminder(entry)) standing = &entry;
      if (entry.code == "prompt_closed" && entry.facts.text("prompt") == "local_mode") {
        standing = nullptr;
      }
    }
    if (standing == nullptr) return;
    const Life::Moment since{standing->at, standing->order};
    if (evidence_.life.changed(till_, since, {due, UINT64_MAX})) return;
    ++judgement_.judged;
    add(due, period.line, fmt::format("{} goes on to remind of local mode.", till_),
        fmt::format("no reminder: it was over at {}", moment_text(period.to)), standing->text);
  }

  [[nodiscard]] bool is_reminder(const CashierEntry& entry) const {
    return entry.till == till_ && entry.kind == CashierEntry::Kind::prompt &&
           entry.code == "local_mode";
  }

  [[nodiscard]] bool sells_throughout(Instant from, Instant to) const {
    bool sells = false;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_ || entry.kind != CashierEntry::Kind::stage || entry.at > to) continue;
      if (entry.at > from) return false;
      sells = entry.text == "register";
    }
    return sells && evidence_.life.next_change(till_, from) > to &&
           !evidence_.life.faulted("clock", till_, from, to);
  }

  // Nobody forgets it for longer than three days.
  void not_for_days(const OrderEntry& order) {
    const std::string_view hours = order.fields.text("hours").value_or("");
    if (order.outcome != OrderEntry::Outcome::done || hours.empty()) return;
    ++judgement_.judged;
    const base::Duration lasts = read_hours(hours);
    if (lasts > 0h && lasts <= kMost) return;
    add(order.at, order.line, fmt::format("{} took {} hours of local mode.", till_, hours),
        "a refusal: more than 0 and at most 72 hours", "done");
  }

  // How long it still lasts, as the screen says.
  void left(const StateLook& look) {
    for (const Period& period : periods_) {
      const bool within = look.at > period.from + kExact && look.at + kExact < period.to;
      if (!within) continue;
      ++judgement_.judged;
      const bool open = period.meant == Instant::never();
      const std::int64_t right = open ? -1 : (period.meant - look.at) / 1ms;
      const std::int64_t off = look.local_ms - right;
      if (open ? off == 0 : off * 1ms <= kExact && off * 1ms >= -kExact) continue;
      return add(look.at, period.line,
                 fmt::format("{} says wrongly how long local mode lasts.", till_),
                 open ? "until it is ended" : fmt::format("{} ms", right),
                 look.local_ms < 0 ? "until it is ended" : fmt::format("{} ms", look.local_ms));
    }
  }

  // The screen says so within a second, if the till runs.
  void ends(const Period& period) {
    if (period.to == Instant::never() || period.to + kExact > evidence_.life.end()) return;
    const CashierEntry* last = nullptr;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool of_it = entry.till == till_ && entry.kind == CashierEntry::Kind::connection;
      if (of_it && entry.at <= period.to + kExact) last = &entry;
    }
    const bool again = std::any_of(periods_.begin(), periods_.end(), [&](const Period& other) {
      return other.from >= period.to && other.from <= period.to + kExact;
    });
    if (last == nullptr || last->text != "local" || again) return;
    const Life::Moment from{last->at, last->order};
    if (evidence_.life.changed(till_, from, {period.to + kExact, UINT64_MAX})) return;
    ++judgement_.judged;
    add(period.to + kExact, period.line, fmt::format("Local mode of {} did not end.", till_),
        fmt::format("at {}", moment_text(period.to)), "it was still shown a second later");
  }

  void add(Instant at, int line, std::string what, std::string expected, std::string seen) {
    judgement_.blame(till_, at, line, std::move(what), std::move(expected), std::move(seen));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::vector<Period> periods_;
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
    Invariant{{.name = "INV-18",
               .doc = "In local mode a till says nothing to its cloud from the check on, across "
                      "restarts, shows that this is why and how long it lasts, reminds of it each "
                      "hour, lasts 72 hours at most, and it ends within "
                      "a second of its hours, "
                      "whatever the clock on the "
                      "wall shows.",
               .params = {},
               .example = "waive = { INV-18 = \"why it cannot hold here\" }"},
              "always",
              "safety",
              check}};

}  // namespace
}  // namespace tillrig::oracle::inv_18_local_mode_is_silent
