#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace tillrig::oracle::inv_26_counters_are_true {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kKept = 5s;  // an answer, by a till that lives on
constexpr int kLooks = 5;             // at its counters, after a start

// An answer for one event that has reached its till: from then on it counts as uploaded.
struct Proof {
  Instant at;
  std::string_view id;
};

// One till: what it shows, held against what it can know.
class Counting {
 public:
  Counting(const Evidence& evidence, std::string_view till)
      : evidence_(evidence), till_(till), called_(till) {
    for (const CloneEntry& clone : evidence.tapes.clones) {
      if (clone.till == till) called_ = clone.of;
    }
  }

  void learn(const Upload& upload) {
    for (const SentItem& item : upload.batch.items) {
      if (!is_document(item.kind)) others_.insert(item.id);
    }
    for (const ItemAnswer& answer : upload.delivered) {
      if (answer.acknowledges()) proofs_.push_back({upload.wire->ended, answer.id});
    }
  }

  // What its original was told before it was cloned it knows, too.
  void inherit(const CloneEntry& clone, const Counting& original) {
    for (const Proof& proof : original.proofs_) {
      if (proof.at <= clone.at) proofs_.push_back(proof);
    }
  }

  void ready() {
    std::stable_sort(proofs_.begin(), proofs_.end(),
                     [](const Proof& a, const Proof& b) { return a.at < b.at; });
  }

  void see(const CashierEntry& entry) {
    if (entry.kind == CashierEntry::Kind::acknowledged) {
      if (acknowledged_.emplace(entry.sale, entry.amount).second && !proved_.contains(entry.sale)) {
        ++owed_;
        owed_value_ += entry.amount;
      }
      if (!counted_since(entry.at)) uncounted_.push_back(&entry);
    } else if (entry.code == "booked") {
      booked_.emplace(entry.facts.text("event").value_or(""));
    } else if (entry.kind == CashierEntry::Kind::counters) {
      counters(entry);
    }
  }

  // One more waits, and the screen says so soon.
  void counted() {
    for (const CashierEntry* const entry : uncounted_) {
      const Life& life = evidence_.life;
      const Instant deadline = entry->at + kKept;
      const bool hindered = life.end() < deadline ||
                            life.next_change(till_, entry->at) < deadline ||
                            life.faulted("app", till_, entry->at, deadline) ||
                            life.faulted("disk", till_, entry->at, deadline);
      if (hindered) continue;
      ++judgement_.judged;
      add(*entry, fmt::format("{} does not show that one more document waits.", till_),
          fmt::format("its counters by {}", moment_text(deadline)), "they were not shown again");
      return;
    }
  }

  void at_end(const RegisterLook& look) {
    if (evidence_.life.ended(till_) || evidence_.last_look() == nullptr) return;
    std::map<std::string_view, std::uint64_t> rows;
    for (const RegisterEntry& row : look.rows) ++rows[row.sync];
    std::uint64_t announced = 0;  // in the cloud, but not in Register Sales
    std::set<std::uint32_t> epochs;
    for (const CloudEntry& row : evidence_.last_look()->rows) {
      if (row.till != called_) continue;
      announced += is_document(row.kind) ? 0 : 1;
      epochs.insert(row.epoch);
    }
    for (const RegisterEntry& row : look.rows) {
      if (const auto parts = read_id(row.id)) epochs.insert(parts->epoch);
    }
    // Each epoch is announced, and what was booked of a day is no document either.
    const std::uint64_t others = epochs.size() + 1 + booked_.size();
    const std::uint64_t unseen = others > announced ? others - announced : 0;
    compare(look, "pending", look.pending, rows["queued"], rows["queued"] + unseen);
    compare(look, "quarantined", look.quarantined, rows["quarantined"],
            rows["quarantined"] + refused_epochs());
    compare(look, "uploaded", look.uploaded, rows["acked"] + evidence_.tapes.past,
            rows["acked"] + evidence_.tapes.past + announced + cleaned_up(look));
    for (const RegisterEntry& row : look.rows) {
      if (row.sync == "acked" && evidence_.in_cloud(row.id) == nullptr) green(look, row);
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  // It has shown its counters with this document in them; one that never shows any says nothing.
  [[nodiscard]] bool counted_since(Instant at) const {
    return !counters_at_ || *counters_at_ + 1s >= at;
  }

  void counters(const CashierEntry& entry) {
    counters_at_ = entry.at;
    std::erase_if(uncounted_, [&](const CashierEntry* acknowledged) {
      return entry.at <= acknowledged->at + kKept;
    });
    while (next_ < proofs_.size() && proofs_[next_].at <= entry.at) {
      const Proof& proof = proofs_[next_++];
      const std::string_view id = proof.id;
      last_proof_[id] = proof.at;
      proved_others_ += others_.contains(id) && !proved_.contains(id) ? 1U : 0U;
      const auto known = acknowledged_.find(id);
      if (!proved_.insert(id).second || known == acknowledged_.end()) continue;
      --owed_;
      owed_value_ -= known->second;
    }
    judgement_.judged += 2;
    if (entry.uploaded > proved_.size() + evidence_.tapes.past) {
      add(entry, fmt::format("{} shows more as uploaded than the cloud has answered for.", till_),
          fmt::format("at most {} uploaded", proved_.size() + evidence_.tapes.past),
          fmt::format("{} uploaded", entry.uploaded));
    }
    if (entry.pending + entry.quarantined < owed_) {
      add(entry, fmt::format("{} shows fewer documents as waiting than it owes the cloud.", till_),
          fmt::format("at least {} pending or quarantined", owed_),
          fmt::format("{} pending, {} quarantined", entry.pending, entry.quarantined));
    }
    value(entry);
    oldest(entry);
    survived(entry);
    not_owed_again(entry);
  }

  // Since when something waits is shown while something does, and only then.
  void oldest(const CashierEntry& entry) {
    const auto shown = entry.fact("oldest_ms");
    if (!shown || evidence_.life.lost_power(till_) || evidence_.life.disk_faulted()) return;
    ++judgement_.judged;
    if ((*shown != 0) == (entry.pending != 0)) return;
    add(entry, fmt::format("{} shows wrongly since when something waits.", till_),
        entry.pending == 0 ? "0: nothing waits" : "a time",
        fmt::format("{} ms, with {} pending", *shown, entry.pending));
  }

  // What waits is worth what it came to, refunds taken off; told only where nothing else waits
  // than what the cashier has seen.
  void value(const CashierEntry& entry) {
    const auto shown = entry.fact("value");
    const bool excused = evidence_.life.lost_power(till_) || evidence_.life.disk_faulted();
    if (!shown || excused || entry.quarantined != 0 || entry.pending != owed_) return;
    ++judgement_.judged;
    if (*shown == owed_value_) return;
    add(entry, fmt::format("{} shows a wrong value of what waits.", till_),
        evidence_.money(owed_value_), evidence_.money(*shown));
  }

  // A restart keeps the counters. Only a failing disk, the power, or an older disk that is put in
  // may take some of them back.
  void survived(const CashierEntry& entry) {
    const bool older = evidence_.life.disk_put_back(till_, counted_, entry.at);
    const bool excused = older || evidence_.life.lost_power(till_) || evidence_.life.disk_faulted();
    counted_ = entry.at;
    std::set<std::string_view> other;  // what it was told that the cloud holds otherwise
    for (const Compared& each : evidence_.compared) {
      if (each.till != till_ || each.at > entry.at) continue;
      const bool different = each.as == Compared::As::different;
      if (different || refused_since(each, entry.at)) other.insert(each.id);
    }
    if (entry.uploaded + other.size() < shown_ && !excused) {
      add(entry, fmt::format("{} shows fewer documents as uploaded than before.", till_),
          fmt::format("at least {} uploaded", shown_), fmt::format("{} uploaded", entry.uploaded));
    }
    shown_ = entry.uploaded + other.size();
  }

  // Owed again, and then the cloud had another one.
  [[nodiscard]] bool refused_since(const Compared& lost, Instant now) const {
    const Told* const told = evidence_.told(lost.id);
    return lost.as == Compared::As::missing && told != nullptr && told->refused >= lost.at &&
           told->refused <= now;
  }

  // Whether the cloud has answered for it after this moment, in a life of its till before this one
  // that had the time to keep that.
  [[nodiscard]] bool settled(std::string_view id, Instant since, Instant now) const {
    const auto at = last_proof_.find(id);
    if (at == last_proof_.end() || at->second < since) return false;
    const Instant over = evidence_.life.next_change(till_, at->second);
    return over <= now && over - at->second >= kKept;
  }

  // A start owes nothing again that was settled, unless a resync has found that the cloud lost it.
  // What no cashier sees may wait as well: epochs, what was booked of a day, and a document that
  // the till was killed over.
  void not_owed_again(const CashierEntry& entry) {
    const Life::Moment now{entry.at, entry.order};
    if (evidence_.life.changed(till_, std::exchange(seen_, now), now)) {
      ++starts_;
      looks_ = kLooks;
    }
    if (looks_ == 0 || starts_ < 2) return;
    --looks_;
    const bool older = evidence_.life.disk_put_back(till_, Instant{0}, entry.at);
    if (older || evidence_.life.lost_power(till_) || evidence_.life.disk_faulted()) return;
    std::set<std::string_view> owed;
    for (const auto& [id, amount] : acknowledged_) {
      if (!settled(id, Instant{0}, entry.at)) owed.insert(id);
    }
    for (const Compared& each : evidence_.compared) {
      const bool lost =
          each.till == till_ && each.at <= entry.at && each.as == Compared::As::missing;
      if (lost && !settled(each.id, each.at, entry.at) && !refused_since(each, entry.at))
        owed.insert(each.id);
    }
    const auto& acts = evidence_.tapes.acts;
    const auto kills = std::count_if(acts.begin(), acts.end(), [&](const ActEntry& act) {
      const bool its = act.till == till_ || act.till.empty() || act.till == "*";
      return act.kind == ActEntry::Kind::kill && its && act.at <= entry.at &&
             !act.what.starts_with("cloud");
    });
    // It may be shown as waiting before it is told.
    const auto& shown = evidence_.tapes.cashier;
    const auto booked = std::count_if(shown.begin(), shown.end(), [&](const CashierEntry& each) {
      return each.till == till_ && (each.code == "booked" || each.code == "card");
    });
    const std::uint64_t others = starts_ + static_cast<std::uint64_t>(booked);
    // What has been answered just now the till may not have taken in yet.
    const auto fresh = std::count_if(others_.begin(), others_.end(), [&](std::string_view id) {
      const auto at = last_proof_.find(id);
      return at != last_proof_.end() && entry.at - at->second < kKept;
    });
    const std::uint64_t proved =
        proved_others_ - std::min(proved_others_, static_cast<std::uint64_t>(fresh));
    const std::uint64_t most =
        owed.size() + static_cast<std::uint64_t>(kills) + (others > proved ? others - proved : 0);
    ++judgement_.judged;
    if (entry.pending <= most) return;
    add(entry, fmt::format("{} owes again after a start what the cloud has answered for.", till_),
        fmt::format("at most {} pending", most), fmt::format("{} pending", entry.pending));
  }

  // What the cloud has answered for and Register Sales does not show any more, if somebody had that
  // deleted.
  [[nodiscard]] std::uint64_t cleaned_up(const RegisterLook& look) const {
    const auto& orders = evidence_.tapes.orders;
    const bool asked = std::any_of(orders.begin(), orders.end(), [&](const OrderEntry& order) {
      return order.till == till_ && (order.what == "clean_up" || order.what == "full_resync");
    });
    if (!asked) return 0;
    std::uint64_t gone = 0;
    for (const Document& document : evidence_.documents) {
      const Told* const told = evidence_.told(document.id);
      const bool shown = document.shown != nullptr && document.look == &look;
      const bool proved = told != nullptr && told->proved != Instant::never();
      gone += proved && !shown && document.till() == till_ ? 1U : 0U;
    }
    return gone;
  }

  [[nodiscard]] std::uint64_t refused_epochs() const {
    std::set<std::string_view> refused;
    for (const Upload& upload : evidence_.uploads) {
      if (upload.wire->till != till_) continue;
      for (const SentItem& item : upload.batch.items) {
        if (!is_document(item.kind) && evidence_.quarantine_deserved(item.id)) {
          refused.insert(item.id);
        }
      }
    }
    return refused.size();
  }

  void compare(const RegisterLook& look, std::string_view what, std::uint64_t shown,
               std::uint64_t least, std::uint64_t most) {
    ++judgement_.judged;
    if (shown >= least && shown <= most) return;
    Violation violation;
    violation.till = till_;
    violation.at = look.at;
    violation.what = fmt::format(
        "{}'s counter \"{}\" is not what its Register Sales and the cloud show.", till_, what);
    violation.expected =
        least == most ? std::to_string(least) : fmt::format("{} to {}", least, most);
    violation.seen = std::to_string(shown);
    judgement_.violations.push_back(std::move(violation));
  }

  void green(const RegisterLook& look, const RegisterEntry& row) {
    Violation violation = evidence_.witness(row.id);
    violation.what = fmt::format("{} shows the {} as uploaded, but the cloud does not have it.",
                                 till_, evidence_.name(row.id));
    violation.expected = "queued until the cloud has it";
    violation.seen = fmt::format("{} at {}", row.sync, moment_text(look.at));
    judgement_.violations.push_back(std::move(violation));
  }

  void add(const CashierEntry& entry, std::string what, std::string expected, std::string seen) {
    // A wrong counter stays wrong: one violation of a kind tells it.
    if (!told_.insert(what).second) return;
    Violation violation;
    violation.till = till_;
    violation.at = entry.at;
    violation.line = entry.line;
    violation.what = std::move(what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::string_view called_;  // the name that its program has
  std::vector<Proof> proofs_;
  std::size_t next_ = 0;
  std::unordered_set<std::string_view> proved_;
  std::unordered_map<std::string_view, std::int64_t> acknowledged_;  // and what it came to
  std::uint64_t owed_ = 0;                                           // acknowledged and not proved
  std::int64_t owed_value_ = 0;
  std::optional<Instant> counters_at_;          // shown, last
  std::vector<const CashierEntry*> uncounted_;  // acknowledged, and the counters not shown since
  Instant counted_;                             // shown, last
  std::uint64_t shown_ = 0;  // as uploaded, last; with what was found to be held otherwise
  std::unordered_map<std::string_view, Instant> last_proof_;
  std::unordered_set<std::string_view> others_;  // sent, and no documents
  std::uint64_t proved_others_ = 0;
  std::uint64_t starts_ = 0;  // that it has shown counters after
  int looks_ = 0;             // that are still taken after the last one
  Life::Moment seen_;
  std::set<std::string> booked_;  // of the business day
  std::set<std::string> told_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  std::map<std::string_view, Counting> tills;
  for (const std::string_view till : evidence.tills) tills.try_emplace(till, evidence, till);
  for (const Upload& upload : evidence.uploads) {
    const auto at = tills.find(upload.wire->till);
    if (at != tills.end()) at->second.learn(upload);
  }
  for (const CloneEntry& clone : evidence.tapes.clones) {
    const auto to = tills.find(clone.till);
    const auto from = tills.find(clone.of);
    if (to != tills.end() && from != tills.end()) to->second.inherit(clone, from->second);
  }
  for (auto& [till, counting] : tills) counting.ready();
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    const auto at = tills.find(entry.till);
    if (at != tills.end()) at->second.see(entry);
  }
  Judgement all;
  for (auto& [till, counting] : tills) {
    if (const RegisterLook* look = evidence.last_register(till)) counting.at_end(*look);
    counting.counted();
    all.take(counting.take());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-26",
     .doc = "The counters that a till shows are the truth: never more uploaded than the cloud's "
            "answers that reached it prove, never fewer waiting than it owes and worth as much, "
            "since when only while something waits, the same after a restart, which owes nothing "
            "again "
            "that was settled, and at the end those "
            "of Register Sales and the cloud.",
     .params = {},
     .example = "waive = { INV-26 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_26_counters_are_true
