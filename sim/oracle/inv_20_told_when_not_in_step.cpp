#include "pos/base/version.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_20_told_when_not_in_step {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kDay = 24h;
constexpr base::Duration kForgotten = 6min;  // at most, by a till that was killed
constexpr base::Duration kNoticed = 3min;    // after a day, on a till that runs

std::uint64_t number_of(std::string_view body, std::string_view field) {
  std::uint64_t number = 0;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == field) {
      number = scan.count();
    } else {
      scan.skip();
    }
  });
  return scan.good() ? number : 0;
}

// The moments at which a till may have been in step with its cloud: the cloud answered while
// nothing waited to be sent. `surely`: what the cloud told had been read, too.
struct InStep {
  Instant at;
  bool surely = false;
};

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {
    read_wire();
  }

  Judgement judge() {
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool told = entry.till == till_ && entry.kind == CashierEntry::Kind::prompt &&
                        entry.code == "not_synced";
      if (told) not_too_early(entry);
      if (told) goes(entry);
    }
    std::optional<Instant> since;
    for (const InStep& each : in_step_) {
      if (!each.surely) continue;  // something of what the cloud told had not come: it was not
      if (since && each.at - *since > kDay) not_forgotten(*since, each.at);
      since = each.at;
    }
    for (const StateLook& look : evidence_.tapes.states) {
      if (look.till == till_ && !look.arrows.empty()) arrows(look);
    }
    const Instant end = evidence_.life.end();
    if (since && end - *since > kDay) not_forgotten(*since, end);
    return std::move(judgement_);
  }

 private:
  // The colour says for how long it was not in step: an hour, a day, two days. From when it was
  // surely so to when it may have been.
  void arrows(const StateLook& look) {
    static constexpr std::pair<base::Duration, std::string_view> kLadder[] = {
        {0h, "green"}, {1h, "blue"}, {24h, "amber"}, {48h, "red"}};
    Instant maybe{0};
    Instant surely{0};
    for (const InStep& each : in_step_) {
      if (each.at > look.at) break;
      maybe = each.at;
      if (each.surely && look.at - each.at > kNoticed) surely = each.at;
    }
    std::set<std::string_view> right;
    for (const auto& [from, colour] : kLadder) {
      const auto* const next = std::find_if(std::begin(kLadder), std::end(kLadder),
                                            [&](const auto& step) { return step.first > from; });
      const bool reached = look.at - surely + kForgotten >= from;
      const bool passed = next != std::end(kLadder) && look.at - maybe - kForgotten >= next->first;
      if (reached && !passed) right.insert(colour);
    }
    ++judgement_.judged;
    if (right.contains(look.arrows) || std::exchange(arrows_told_, true)) return;
    add(look.at, 0, fmt::format("The arrows of {} have the wrong colour.", till_),
        fmt::format("{}: it was in step at {}", fmt::join(right, " or "), moment_text(surely)),
        look.arrows);
  }

  void read_wire() {
    std::vector<const WireEntry*> answered;
    for (const WireEntry& entry : evidence_.tapes.wire) {
      const bool good = entry.till == till_ && entry.from_cloud && entry.status == 200;
      if (good && entry.ended != Instant::never()) answered.push_back(&entry);
    }
    std::stable_sort(answered.begin(), answered.end(),
                     [](const WireEntry* a, const WireEntry* b) { return a->ended < b->ended; });
    std::uint64_t read = 0;
    for (const WireEntry* entry : answered) {
      const std::string_view target = entry->target;
      if (target.starts_with("/v1/sync/down"))
        read = std::max(read, number_of(entry->answer, "next"));
      if (!target.starts_with("/v1/ping") || pending(entry->ended) > 0) continue;
      pings_.push_back(entry->ended);
      in_step_.push_back({entry->ended, number_of(entry->answer, "feed") <= read});
    }
  }

  // As the till showed it last.
  std::uint64_t pending(Instant at) {
    const auto& tape = evidence_.tapes.cashier;
    for (; next_entry_ < tape.size() && tape[next_entry_].at <= at; ++next_entry_) {
      const CashierEntry& entry = tape[next_entry_];
      const bool counters = entry.till == till_ && entry.kind == CashierEntry::Kind::counters;
      if (counters) pending_ = entry.pending;
    }
    return pending_;
  }

  void not_too_early(const CashierEntry& entry) {
    ++judgement_.judged;
    const InStep* last = nullptr;
    for (const InStep& each : in_step_) {
      if (each.at <= entry.at && each.surely) last = &each;
    }
    if (last == nullptr) return;
    const bool same = !evidence_.life.changed(till_, {last->at, 0}, {entry.at, entry.order});
    const base::Duration spare = same ? 0s : kForgotten;
    if (entry.at - last->at > kDay - spare) return;
    add(entry.at, entry.line,
        fmt::format("{} says that it has not synchronised for more than a day, and it has.", till_),
        fmt::format("no such message: it was in step at {}", moment_text(last->at)),
        "the prompt \"not_synced\"");
  }

  // Soon after it is in step again the message goes, if the till runs on.
  void goes(const CashierEntry& told) {
    const auto again = std::find_if(in_step_.begin(), in_step_.end(), [&](const InStep& each) {
      return each.surely && each.at > told.at;
    });
    if (again == in_step_.end()) return;
    const Instant due = again->at + kNoticed;
    const Life::Moment from{told.at, told.order};
    if (due > evidence_.life.end() || evidence_.life.changed(till_, from, {due, UINT64_MAX}))
      return;
    ++judgement_.judged;
    const auto& tape = evidence_.tapes.cashier;
    const bool gone = std::any_of(tape.begin(), tape.end(), [&](const CashierEntry& entry) {
      return entry.till == till_ && entry.code == "prompt_closed" &&
             entry.facts.text("prompt") == "not_synced" && entry.at >= told.at && entry.at <= due;
    });
    if (gone) return;
    add(due, told.line, fmt::format("{} goes on to say that it has not synchronised.", till_),
        fmt::format("no such message: it was in step at {}", moment_text(again->at)), "it stands");
  }

  void not_forgotten(Instant since, Instant until) {
    const Instant due = since + kDay;
    const CashierEntry* page = nullptr;  // what the till is at, then
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till_ || entry.kind != CashierEntry::Kind::stage) continue;
      if (entry.at <= due) page = &entry;
      if (entry.at > due && entry.at <= until && entry.text == "register")
        opened(entry, since, due);
    }
    if (page == nullptr || page->text != "register" || due + kNoticed > until) return;
    const bool runs =
        !evidence_.life.changed(till_, {page->at, page->order}, {due + kNoticed, UINT64_MAX});
    if (!runs) return;
    ++judgement_.judged;
    // It may have been in step a little earlier than an outsider can see: not_too_early() judges
    // that.
    if (!told(due - kForgotten, due + kNoticed)) miss(due + kNoticed, page->line, since);
  }

  // Before its register opens, unless the cloud answered by then.
  void opened(const CashierEntry& page, Instant since, Instant due) {
    const Instant started = start_before(page.at);
    const bool answered = std::any_of(pings_.begin(), pings_.end(), [&](Instant ping) {
      return ping >= started && ping <= page.at;
    });
    const bool met = std::any_of(
        evidence_.tapes.wire.begin(), evidence_.tapes.wire.end(), [&](const WireEntry& entry) {
          return entry.till == till_ && entry.status == 200 && entry.from_cloud &&
                 entry.ended >= started && entry.ended <= page.at;
        });
    if (answered || met || started < due) return;
    ++judgement_.judged;
    if (!told(started, page.at)) miss(page.at, page.line, since);
  }

  [[nodiscard]] Instant start_before(Instant at) const {
    Instant started{0};
    for (const ActEntry& act : evidence_.tapes.acts) {
      if (act.till == till_ && act.kind == ActEntry::Kind::start && act.at <= at) started = act.at;
    }
    return started;
  }

  [[nodiscard]] bool told(Instant from, Instant to) const {
    const auto& tape = evidence_.tapes.cashier;
    return std::any_of(tape.begin(), tape.end(), [&](const CashierEntry& entry) {
      return entry.till == till_ && entry.kind == CashierEntry::Kind::prompt &&
             entry.code == "not_synced" && entry.at >= from && entry.at <= to;
    });
  }

  void miss(Instant at, int line, Instant since) {
    add(at, line, fmt::format("{} does not say that it has not synchronised for a day.", till_),
        "the prompt \"not_synced\"",
        fmt::format("none; it was in step at {} for the last time", moment_text(since)));
  }

  void add(Instant at, int line, std::string what, std::string expected, std::string seen) {
    judgement_.blame(till_, at, line, std::move(what), std::move(expected), std::move(seen));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::vector<InStep> in_step_;
  std::vector<Instant> pings_;
  bool arrows_told_ = false;
  std::size_t next_entry_ = 0;
  std::uint64_t pending_ = 0;
  Judgement judgement_;
};

// Whether tills of this version have the message (OUT-31).
bool says_so(const std::string& version) {
  const auto own = base::parse_version(version);
  return version.empty() || !own || *own >= *base::parse_version("1.14.10");
}

Judgement check(const Evidence& evidence) {
  Judgement all;
  if (!says_so(evidence.tapes.shop.version)) return all;
  for (const std::string_view till : evidence.tills) {
    const auto& installed = evidence.tapes.installed;
    const bool older = std::any_of(installed.begin(), installed.end(), [&](const auto& entry) {
      return entry.till == till && !says_so(entry.version);
    });
    if (older) continue;
    all.take(Checker(evidence, till).judge());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-20",
     .doc = "A till says that it has not synchronised for more than a day exactly when that "
            "is so, in true time and both ways: when the day is over, and at each start "
            "without a line; and its arrows have the colour of that.",
     .params = {},
     .example = "waive = { INV-20 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_20_told_when_not_in_step
