#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_30_cleanup_confirms_first {
namespace {

constexpr std::int64_t kDaysIfNotSaid = 30;

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {
    for (const OrderEntry& order : evidence.tapes.orders) {
      const bool deletes = order.what == "clean_up" || order.what == "full_resync";
      if (order.till == till && deletes) orders_.push_back(&order);
    }
  }

  // What was there once, was gone after a clean-up, and is there again.
  void stays_gone(const RegisterLook& look) {
    const bool any = std::any_of(orders_.begin(), orders_.end(),
                                 [&](const OrderEntry* order) { return order->at <= look.at; });
    const Life& life = evidence_.life;
    const bool judged = any && !life.lost_power(till_) && !life.disk_faulted() &&
                        !life.disk_put_back(till_, Instant{0}, look.at);
    std::set<std::string_view> there;
    for (const RegisterEntry& row : look.rows) there.insert(row.id);
    for (const std::string_view id : gone_) {
      if (!judged) break;
      ++judgement_.judged;
      if (!there.contains(id) || !told_.insert(id).second) continue;
      Violation violation = evidence_.witness(id);
      violation.till = till_;
      violation.at = look.at;
      violation.what =
          fmt::format("{} shows the {} again, which was deleted when it was cleaned up.", till_,
                      evidence_.name(id));
      violation.expected = "gone for good";
      violation.seen = fmt::format("in Register Sales at {}", moment_text(look.at));
      judgement_.violations.push_back(std::move(violation));
    }
    for (const std::string_view id : shown_) {
      if (!there.contains(id)) gone_.insert(id);
    }
    shown_ = std::move(there);
  }

  // What one look at Register Sales had and the next one does not.
  void between(const RegisterLook& before, const RegisterLook& after) {
    const auto asked = [&](const OrderEntry* order) {
      return order->at >= before.at && order->at <= after.at;
    };
    const auto first = std::find_if(orders_.begin(), orders_.end(), asked);
    if (first == orders_.end()) return;
    std::set<std::string_view> there;
    for (const RegisterEntry& row : after.rows) there.insert(row.id);
    newest_stays(there, (*first)->at);
    const bool one = std::none_of(std::next(first), orders_.end(), asked);
    if (one && (*first)->what == "clean_up") young_stays(before, there, **first);
    for (const RegisterEntry& row : before.rows) {
      ++judgement_.judged;
      if (!there.contains(row.id)) gone(row, (*first)->at, after.at);
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  // The newest document of each epoch says where its numbers go on: it stays, whatever the cloud
  // has. `from`: when the clean-up was asked for.
  void newest_stays(const std::set<std::string_view>& there, Instant from) {
    if (evidence_.life.lost_power(till_) || evidence_.life.disk_faulted()) return;
    std::map<std::uint32_t, std::pair<std::uint64_t, std::string_view>> newest;  // by epoch
    for (const Document& document : evidence_.documents) {
      const auto id = read_id(document.id);
      if (!id || id->till != till_ || !document.acknowledged() || document.at() > from) continue;
      auto& last = newest[id->epoch];
      if (id->seq > last.first) last = {id->seq, document.id};
    }
    for (const auto& [epoch, last] : newest) {
      ++judgement_.judged;
      if (there.contains(last.second)) continue;
      add(last.second, "gone, though nothing of its epoch is newer",
          "kept: the numbers of its epoch go on from it");
    }
  }

  // What is younger than the days that were asked for stays, by the till's own clock.
  void young_stays(const RegisterLook& before, const std::set<std::string_view>& there,
                   const OrderEntry& order) {
    const auto now = wall_at(order.at);
    if (!now) return;
    constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
    constexpr std::int64_t kMinuteMs = 60LL * 1000;
    const std::int64_t days = order.fields.number("days").value_or(kDaysIfNotSaid);
    for (const RegisterEntry& row : before.rows) {
      if (there.contains(row.id) || row.wall_ms == 0) continue;
      ++judgement_.judged;
      if (row.wall_ms <= *now - days * kDayMs + kMinuteMs) continue;
      add(row.id, fmt::format("gone, and it is {} hours old", (*now - row.wall_ms) / (kDayMs / 24)),
          fmt::format("kept: what is older than {} days is cleaned up", days));
    }
  }

  // The till's wall clock, by the last document before and the time since; nothing where somebody
  // set it meanwhile.
  [[nodiscard]] std::optional<std::int64_t> wall_at(Instant at) const {
    const Document* last = nullptr;
    for (const Document& document : evidence_.documents) {
      const bool its = document.till() == till_ && document.acked != nullptr &&
                       document.at() <= at && made_at(document) != 0;
      if (its && (last == nullptr || document.at() > last->at())) last = &document;
    }
    if (last == nullptr || evidence_.life.lost_power(till_)) return std::nullopt;
    for (const ActEntry& act : evidence_.tapes.acts) {
      const bool clock = act.what.starts_with("clock.") && act.at <= at;
      if (clock && (act.at >= last->at() || act.what == "clock.drift")) return std::nullopt;
    }
    return made_at(*last) + (at - last->at()) / std::chrono::milliseconds(1);
  }

  [[nodiscard]] std::int64_t made_at(const Document& document) const {
    const auto stamp = read_stamp(evidence_.body_in_cloud(document.id));
    return stamp ? stamp->wall_ms : 0;
  }

  void gone(const RegisterEntry& row, Instant from, Instant to) {
    const Compared* confirmed = nullptr;
    for (const Compared& each : evidence_.compared) {
      const bool of_it = each.till == till_ && each.id == row.id && each.as == Compared::As::held;
      if (of_it && each.at >= from && each.at <= to) confirmed = &each;
    }
    if (confirmed == nullptr) {
      return add(row.id, "the cloud was not asked whether it still has it",
                 "confirmed by the cloud in that run");
    }
    const CloudEntry* const held = evidence_.in_cloud(row.id);
    if (held == nullptr || held->hash != confirmed->hash) {
      add(row.id, held == nullptr ? "the cloud does not have it" : "the cloud has other content",
          fmt::format("in the cloud with the hash {}", confirmed->hash));
    }
    if (row.sync == "quarantined") add(row.id, "a person has not seen to it yet", "kept");
  }

  void add(std::string_view id, std::string_view seen, std::string expected) {
    if (!told_.insert(id).second) return;
    Violation violation = evidence_.witness(id);
    violation.till = till_;
    violation.what =
        fmt::format("{} deleted the {} when it was cleaned up.", till_, evidence_.name(id));
    violation.expected = std::move(expected);
    violation.seen = seen;
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::vector<const OrderEntry*> orders_;
  std::set<std::string_view> shown_;  // at the last look
  std::set<std::string_view> gone_;   // shown once, and not at a look after that
  std::set<std::string_view> told_;
  Judgement judgement_;
};

// What cannot be taken back is done for who has typed its name, and for nobody else.
void check_typed(const Evidence& evidence, Judgement& judgement) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"clean_up", "Clean up old transactions already on server"},
      {"full_resync", "Full data resync"},
      {"force_resync", "Force full resync on all local transactions"},
  };
  for (const OrderEntry& order : evidence.tapes.orders) {
    for (const auto& [what, name] : kNames) {
      if (order.what != what || order.outcome != OrderEntry::Outcome::done) continue;
      ++judgement.judged;
      const std::string_view typed = order.fields.text("confirm").value_or("");
      if (typed == name) continue;
      Violation violation;
      violation.till = order.till;
      violation.at = order.at;
      violation.line = order.line;
      violation.what =
          fmt::format("{} began \"{}\" although it was not confirmed.", order.till, name);
      violation.expected = fmt::format("a refusal, unless \"{}\" is typed", name);
      violation.seen = fmt::format("done for \"{}\"", typed);
      judgement.violations.push_back(std::move(violation));
    }
  }
}

// All data are read anew only where none of them is here alone.
void check_nothing_owed(const Evidence& evidence, Judgement& judgement) {
  for (const OrderEntry& order : evidence.tapes.orders) {
    if (order.what != "full_resync" || order.outcome != OrderEntry::Outcome::done) continue;
    const CashierEntry* shown = nullptr;
    for (const CashierEntry& entry : evidence.tapes.cashier) {
      const bool its = entry.till == order.till && entry.order < order.order &&
                       entry.kind == CashierEntry::Kind::counters;
      if (its) shown = &entry;
    }
    if (shown == nullptr) continue;
    ++judgement.judged;
    if (shown->pending == 0 && shown->quarantined == 0) continue;
    Violation violation;
    violation.till = order.till;
    violation.at = order.at;
    violation.line = order.line;
    violation.what =
        fmt::format("{} began a full data resync with data that only it has.", order.till);
    violation.expected = "a refusal, until all is sent and seen to";
    violation.seen =
        fmt::format("done, with {} pending and {} quarantined", shown->pending, shown->quarantined);
    judgement.violations.push_back(std::move(violation));
  }
}

Judgement check(const Evidence& evidence) {
  Judgement all;
  check_nothing_owed(evidence, all);
  check_typed(evidence, all);
  for (const std::string_view till : evidence.tills) {
    Checker checker(evidence, till);
    const RegisterLook* before = nullptr;
    for (const RegisterLook& look : evidence.tapes.registers) {
      if (look.till != till) continue;
      if (before != nullptr) checker.between(*before, look);
      checker.stays_gone(look);
      before = &look;
    }
    all.take(checker.take());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-30",
     .doc = "A clean-up or a full data resync deletes nothing from Register Sales but "
            "what the cloud has confirmed by id "
            "and hash in that run, and has; the newest document of an epoch and what is not old "
            "enough stays, what was deleted does not come back, and "
            "nothing is deleted "
            "unless its control's name is typed.",
     .params = {},
     .example = "waive = { INV-30 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_30_cleanup_confirms_first
