#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tillrig::oracle::inv_29_force_resync_sends_what_lacks {
namespace {

// A kill so soon after an answer may have lost it.
constexpr base::Duration kKept = std::chrono::seconds(1);

// One event of the till: when it was sent, when an answer that it was taken came, and as what.
struct Way {
  std::vector<Instant> sent;    // in time order
  std::vector<Instant> proved;  // likewise
  std::string_view hash;        // of what was proved
};

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {
    for (const Upload& upload : evidence.uploads) {
      if (upload.wire->till == till) read(upload);
    }
    for (auto& [id, way] : ways_) std::sort(way.proved.begin(), way.proved.end());
  }

  // One time that a full resync was forced; `over`: when the next one was, or the cloud was put
  // back again.
  void forced(const OrderEntry& order, Instant over) {
    const Instant put_back = last_put_back(order.at);
    const CloudLook* const look = look_at(order.at);
    if (look == nullptr || evidence_.life.cloud_put_back(look->at, order.at)) return;
    std::unordered_map<std::string_view, std::string_view> held;
    for (const CloudEntry& row : look->rows) held.emplace(row.id, row.hash);
    for (const auto& [id, way] : ways_) {
      if (way.proved.empty() || way.proved.front() > order.at) continue;
      ++judgement_.judged;
      const auto there = held.find(id);
      const bool again = std::any_of(way.proved.begin(), way.proved.end(),
                                     [&](Instant at) { return put_back < at && at <= order.at; });
      const bool other = there != held.end() && there->second != way.hash;
      if (other) {
        if (order.outcome == OrderEntry::Outcome::done) put_aside(id);
        not_sent(order, id, way, over);
      } else if (there != held.end() || again) {
        not_sent(order, id, way, over);
      } else if (order.outcome == OrderEntry::Outcome::done) {
        sent(id, way, put_back, over);
      }
    }
  }

  // How far it is: never beyond all that there is, and all of it at its end. All is at least what
  // its cashiers saw stored before it was forced.
  void progress(const StateLook& look) {
    ++judgement_.judged;
    const std::uint64_t made = made_before(look.at);
    const bool right = look.resync == "done" ? look.done == look.all : look.done <= look.all;
    if ((right && look.all >= made) || progress_told_) return;
    progress_told_ = true;
    const std::uint64_t all = std::max(look.all, made);
    Violation violation;
    violation.till = till_;
    violation.at = look.at;
    violation.what = fmt::format("{} says wrongly how far its full resync is.", till_);
    violation.expected = fmt::format("{} of {}, or more", all, all);
    violation.seen = fmt::format("{}, {} of {}", look.resync, look.done, look.all);
    judgement_.violations.push_back(std::move(violation));
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void read(const Upload& upload) {
    std::unordered_map<std::string_view, std::string_view> hashes;
    for (const SentItem& item : upload.batch.items) {
      ways_[item.id].sent.push_back(upload.wire->sent);
      hashes.emplace(item.id, item.hash);
    }
    for (const ItemAnswer& answer : upload.delivered) {
      const auto hash = hashes.find(answer.id);
      if (!answer.acknowledges() || hash == hashes.end()) continue;
      Way& way = ways_[answer.id];
      way.proved.push_back(upload.wire->ended);
      way.hash = hash->second;
    }
  }

  // Documents, until a resync was last forced.
  [[nodiscard]] std::uint64_t made_before(Instant look) const {
    const Life& life = evidence_.life;
    Instant forced{0};
    for (const OrderEntry& order : evidence_.tapes.orders) {
      const bool its = order.till == till_ && order.what == "force_resync" &&
                       order.outcome == OrderEntry::Outcome::done;
      if (its && order.at <= look) forced = std::max(forced, order.at);
    }
    if (life.lost_power(till_) || life.disk_faulted() ||
        life.disk_put_back(till_, Instant{0}, look))
      return 0;
    const auto& documents = evidence_.documents;
    return static_cast<std::uint64_t>(
        std::count_if(documents.begin(), documents.end(), [&](const Document& document) {
          return document.till() == till_ && document.acked != nullptr && document.at() < forced;
        }));
  }

  [[nodiscard]] Instant last_put_back(Instant before) const {
    Instant last{0};
    for (const ActEntry& act : evidence_.tapes.acts) {
      if (act.what == "cloud.put_back" && act.at <= before) last = std::max(last, act.at);
    }
    return last;
  }

  [[nodiscard]] const CloudLook* look_at(Instant at) const {
    const CloudLook* last = nullptr;
    for (const CloudLook& look : evidence_.tapes.cloud) {
      if (look.at <= at) last = &look;
    }
    return last;
  }

  void sent(std::string_view id, const Way& way, Instant put_back, Instant over) {
    const bool went = std::any_of(way.sent.begin(), way.sent.end(),
                                  [&](Instant at) { return put_back < at && at <= over; });
    if (went || evidence_.life.ended(till_)) return;
    add(id,
        "does not have the {} any more, and the full resync of {} did not send "
        "it.",
        "sent again", "not sent");
  }

  void not_sent(const OrderEntry& order, std::string_view id, const Way& way, Instant over) {
    if (evidence_.life.lost_power(till_) || evidence_.life.disk_faulted()) return;
    const Instant first = way.proved.front();
    if (evidence_.life.next_change(till_, first) <= first + kKept) return;
    const bool went = std::any_of(way.sent.begin(), way.sent.end(),
                                  [&](Instant at) { return order.at <= at && at <= over; });
    if (!went) return;
    add(id, "holds the {}, and after the full resync of {} it was sent again.", "not sent",
        "sent again");
  }

  void put_aside(std::string_view id) {
    const Document* const document = evidence_.document(id);
    if (document == nullptr || document->shown == nullptr || evidence_.life.ended(till_)) return;
    if (document->shown->sync == "quarantined") return;
    add(id,
        "holds other content of the {}, and the full resync of {} says nothing "
        "of it.",
        "quarantined", document->shown->sync);
  }

  void add(std::string_view id, std::string_view sentence, std::string_view expected,
           std::string_view seen) {
    if (!told_.insert(id).second) return;
    Violation violation = evidence_.witness(id);
    violation.till = till_;
    violation.what = "The cloud " + fmt::format(fmt::runtime(sentence), evidence_.name(id), till_);
    violation.expected = expected;
    violation.seen = seen;
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::map<std::string_view, Way> ways_;
  std::unordered_set<std::string_view> told_;
  bool progress_told_ = false;
  Judgement judgement_;
};

Instant over_after(const Tapes& tapes, const OrderEntry& order) {
  Instant over = Instant::never();
  for (const OrderEntry& other : tapes.orders) {
    const bool next = other.what == order.what && other.till == order.till;
    if (next && other.order > order.order) over = std::min(over, other.at);
  }
  for (const ActEntry& act : tapes.acts) {
    if (act.what == "cloud.put_back" && act.at > order.at) over = std::min(over, act.at);
  }
  return over;
}

Judgement check(const Evidence& evidence) {
  Judgement all;
  for (const std::string_view till : evidence.tills) {
    const auto& orders = evidence.tapes.orders;
    const auto is_one = [&](const OrderEntry& order) {
      return order.what == "force_resync" && order.till == till;
    };
    if (std::none_of(orders.begin(), orders.end(), is_one)) continue;
    Checker checker(evidence, till);
    for (const OrderEntry& order : orders) {
      if (is_one(order)) checker.forced(order, over_after(evidence.tapes, order));
    }
    for (const StateLook& look : evidence.tapes.states) {
      if (look.till == till && !look.resync.empty()) checker.progress(look);
    }
    all.take(checker.take());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-29",
     .doc = "A full resync that is forced sends exactly what the till had uploaded and the cloud "
            "does not hold any more; what the cloud holds is not sent, and what it holds with "
            "other content is in quarantine; and it says how far it is.",
     .params = {},
     .example = "waive = { INV-29 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_29_force_resync_sends_what_lacks
