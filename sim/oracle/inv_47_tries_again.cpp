#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace tillrig::oracle::inv_47_tries_again {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kFirstPause = 1s;
constexpr base::Duration kLongestPause = 60s;
constexpr base::Duration kSpare = 5s;  // for what else it is at
constexpr int kTrips = 3;              // over the line, until it has connected and sent
constexpr base::Duration kNow = 1s;    // when somebody says so

// Pauses are drawn, the first ones from very little. So many failures so soon are no pauses at all.
constexpr std::size_t kRestless = 12;
constexpr base::Duration kCalm = 20s;
// Until an item is asked about again of which the cloud has said nothing, or that it waits.
constexpr base::Duration kNotAtOnce = 1s;

// How long a till may pause after so many failures in a row.
base::Duration pause_after(int failures) {
  constexpr int kMostDoublings = 6;
  return std::min<base::Duration>(kFirstPause * (1 << std::min(failures - 1, kMostDoublings)),
                                  kLongestPause);
}

bool is_login(const WireEntry& wire) {
  return wire.target.ends_with("/login");
}

bool turns_login_away(const WireEntry& wire) {
  return wire.status == 401 || wire.status == 409;
}

// Whether the cloud has answered for the batch, as the till sees it too.
bool succeeded(const Upload& upload) {
  const WireEntry& wire = *upload.wire;
  if (!wire.from_cloud || upload.ended != wire.ended) return false;
  if (wire.status == 200) return !upload.delivered.empty();
  const bool turned_away = wire.status == 400 || wire.status == 413;
  return turned_away && wire.answer.find("\"damaged\"") == std::string::npos;
}

// When a till is seen to be connected, and when not.
class Line {
 public:
  Line(const Tapes& tapes, std::string_view till) {
    for (const CashierEntry& entry : tapes.cashier) {
      if (entry.till != till || entry.kind != CashierEntry::Kind::connection) continue;
      const bool online = entry.text == "online" || entry.text == "suspect";
      if (!changes_.empty() && changes_.back().second == online) continue;
      changes_.emplace_back(entry.at, online);
    }
  }

  // Since when it is not connected, as it says at this moment; never(): it is, or has said nothing.
  [[nodiscard]] Instant down_since(Instant at) const {
    Instant since = Instant::never();
    for (const auto& [when, online] : changes_) {
      if (when > at) break;
      since = online ? Instant::never() : when;
    }
    return since;
  }

  [[nodiscard]] bool up_throughout(Instant from, Instant to) const {
    bool up = false;
    for (const auto& [at, online] : changes_) {
      if (at > to) break;
      if (at > from && !online) return false;
      if (at <= from) up = online;
    }
    return up;
  }

 private:
  std::vector<std::pair<Instant, bool>> changes_;
};

using Wires = std::vector<const WireEntry*>;

class Checker {
 public:
  // `wires`: its exchanges that have ended, by that moment.
  Checker(const Evidence& evidence, std::string_view till, const Wires& wires)
      : evidence_(evidence), till_(till), wires_(wires), line_(evidence.tapes, till) {
    for (const Upload& upload : evidence.uploads) {
      if (upload.wire->till == till) by_end_.push_back(&upload);
    }
    for (const Upload* upload : by_end_) {  // by the moment they were sent still
      for (const SentItem& item : upload->batch.items) sent_[item.id].push_back(upload);
    }
    std::stable_sort(by_end_.begin(), by_end_.end(),
                     [](const Upload* a, const Upload* b) { return a->ended < b->ended; });
  }

  Judgement take() {
    int failures = 0;
    Instant good{0};         // when it was last answered
    Instant counted = good;  // when the last failure was that counts
    for (const Upload* upload : by_end_) {
      if (upload->ended == Instant::never()) break;
      if (succeeded(*upload)) {
        failures = 0;
        good = upload->ended;
        continue;
      }
      // What was under way together fails together, and is one failure: it says nothing new of the
      // line, and four connections must not wait eight times as long as one.
      if (failures == 0 || upload->wire->sent > counted) {
        ++failures;
        counted = upload->ended;
      }
      failed(*upload, failures, good);
    }
    logins();
    into_the_dark();
    restless();
    asked_at_once();
    for (const OrderEntry& order : evidence_.tapes.orders) {
      const bool now = order.till == till_ && order.what == "trigger_up" &&
                       order.outcome == OrderEntry::Outcome::done;
      if (now) send_now(order);
    }
    return std::move(judgement_);
  }

 private:
  // Whether nothing outside was in its way all this time.
  [[nodiscard]] bool free(Instant from, Instant to) const {
    const Life& life = evidence_.life;
    return evidence_.tapes.wan_bytes_per_second == 0 && life.end() >= to &&
           !life.faulted("wan", till_, from, to) && !life.faulted("disk", till_, from, to) &&
           life.next_change(till_, from) > to;
  }

  // A till that says it is not connected uploads nothing, but once for each time that somebody has
  // told it to send now.
  void into_the_dark() {
    std::uint64_t sent = 0;
    for (const Upload& upload : evidence_.uploads) {
      const Instant at = upload.wire->sent;
      if (upload.wire->till != till_) continue;
      const Instant since = line_.down_since(at);
      if (since == Instant::never() || at - since < kNow) continue;
      if (evidence_.life.next_change(till_, since) <= at) continue;
      // What a line held up was sent before.
      if (evidence_.life.faulted("wan", till_, since, at)) continue;
      ++judgement_.judged;
      ++sent;
      const auto& orders = evidence_.tapes.orders;
      const auto told = std::count_if(orders.begin(), orders.end(), [&](const OrderEntry& order) {
        return order.till == till_ && order.what == "trigger_up" && order.at <= at;
      });
      if (sent <= static_cast<std::uint64_t>(told)) continue;
      Violation violation;
      violation.till = till_;
      violation.at = at;
      violation.what = fmt::format("{} uploads while it says that it is not connected.", till_);
      violation.expected = fmt::format("nothing since {}, but once for each of {} orders to send",
                                       moment_text(since), told);
      violation.seen = fmt::format("exchange {}, the {}th", upload.wire->exchange, sent);
      judgement_.violations.push_back(std::move(violation));
      return;
    }
  }

  // Whether somebody told the till to go on, or anything outside did.
  [[nodiscard]] bool stirred(Instant from, Instant to) const {
    const auto& orders = evidence_.tapes.orders;
    return std::any_of(orders.begin(), orders.end(),
                       [&](const OrderEntry& order) {
                         return order.till == till_ && order.at >= from && order.at <= to;
                       }) ||
           evidence_.life.faulted("wan", till_, from, to) ||
           evidence_.life.next_change(till_, from) <= to || !line_.up_throughout(from, to);
  }

  // A page that has been read is not asked for again and again.
  void same_page() {
    std::map<std::string_view, std::vector<const WireEntry*>> pages;
    for (const WireEntry* wire : wires_) {
      if (!wire->target.starts_with("/v1/sync/down") || wire->status != 200) continue;
      auto& asked = pages[wire->target];
      asked.push_back(wire);
      if (asked.size() < kRestless) continue;
      const WireEntry& first = **(asked.end() - kRestless);
      ++judgement_.judged;
      if (wire->sent - first.sent >= kCalm || stirred(first.sent, wire->sent)) continue;
      Violation violation;
      violation.till = till_;
      violation.at = wire->sent;
      violation.what = fmt::format("{} asks again and again for what it has read.", till_);
      violation.expected = fmt::format("a page {} times in {} s or more", kRestless,
                                       kCalm / std::chrono::seconds(1));
      violation.seen = fmt::format("as often since {}, {}", moment_text(first.sent), wire->target);
      judgement_.violations.push_back(std::move(violation));
      return;
    }
  }

  // A cloud that fails is left in peace between two tries.
  void restless() {
    std::map<std::string_view, std::vector<const WireEntry*>> failed;  // in a row, by what is asked
    same_page();
    for (const WireEntry* wire : wires_) {
      const std::string_view target = wire->target;
      const bool up = target.starts_with("/v1/sync/up");
      if (!up && !target.starts_with("/v1/sync/down") && !is_login(*wire)) continue;
      auto& row = failed[target.substr(0, target.find('&'))];
      // What was sent before the last failure was known says nothing new.
      if (!row.empty() && wire->sent < row.back()->ended) continue;
      // Nor does a till log in so often, whatever it is told.
      const bool fails = wire->status >= 500 || wire->status == 429 || is_login(*wire);
      if (!fails) row.clear();
      if (!fails) continue;
      row.push_back(wire);
      if (row.size() < kRestless) continue;
      const WireEntry& first = **(row.end() - kRestless);
      ++judgement_.judged;
      if (wire->ended - first.ended >= kCalm || stirred(first.sent, wire->ended)) continue;
      Violation violation;
      violation.till = till_;
      violation.at = wire->sent;
      violation.what = fmt::format("{} does not pause between failures.", till_);
      violation.expected = fmt::format("{} failures in a row in {} s or more", kRestless,
                                       kCalm / std::chrono::seconds(1));
      violation.seen = fmt::format("as many since {}, of {}", moment_text(first.sent), target);
      judgement_.violations.push_back(std::move(violation));
      return;
    }
  }

  // What the cloud has taken a batch without a word on, or says to wait for something, is not asked
  // about again at once.
  void asked_at_once() {
    for (const Upload* upload : by_end_) {
      const Instant at = upload->ended;
      if (upload->delivered.empty() || at == Instant::never()) continue;
      for (const SentItem& item : upload->batch.items) {
        const auto& told = upload->delivered;
        const auto answer = std::find_if(
            told.begin(), told.end(), [&](const ItemAnswer& each) { return each.id == item.id; });
        if (answer != told.end() && answer->status != "deferred") continue;
        ++judgement_.judged;
        const auto& all = sent_.at(item.id);
        const auto next = std::find_if(all.begin(), all.end(), [&](const Upload* other) {
          return other != upload && other->wire->sent >= at && other->wire->sent < at + kNotAtOnce;
        });
        if (next == all.end() || stirred(at, (*next)->wire->sent)) continue;
        Violation violation = evidence_.witness(item.id);
        violation.till = till_;
        violation.at = (*next)->wire->sent;
        violation.what =
            fmt::format("{} asks about the {} again at once.", till_, evidence_.name(item.id));
        violation.expected = fmt::format("nothing of it before {}", moment_text(at + kNotAtOnce));
        violation.seen = fmt::format("exchange {}", (*next)->wire->exchange);
        judgement_.violations.push_back(std::move(violation));
        return;
      }
    }
  }

  // A till without a login tries again to log in, and after a success the pauses are short again.
  void logins() {
    Wires all;
    for (const WireEntry* wire : wires_) {
      if (is_login(*wire)) all.push_back(wire);
    }
    int failures = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const WireEntry& wire = *all[i];
      if (wire.from_cloud && wire.status == 200) {
        failures = 0;
        continue;
      }
      const Instant deadline =
          wire.ended + pause_after(++failures) + kSpare + kTrips * evidence_.tapes.wan_latency;
      if (!free(wire.ended, deadline) || !line_.up_throughout(wire.ended, deadline)) continue;
      ++judgement_.judged;
      const bool again = std::any_of(all.begin(), all.end(), [&](const WireEntry* other) {
        return other != &wire && other->sent >= wire.ended && other->sent <= deadline;
      });
      if (again || told_) continue;
      told_ = true;
      Violation violation;
      violation.till = till_;
      violation.at = wire.ended;
      violation.what = fmt::format("{} did not soon try again to log in.", till_);
      violation.expected = fmt::format("by {}", moment_text(deadline));
      violation.seen = "no login on its way";
      judgement_.violations.push_back(std::move(violation));
    }
  }

  // Whether the till has a login that counts, as far as it knows.
  [[nodiscard]] bool logged_in(Instant at) const {
    Instant since = Instant::never();
    for (const WireEntry& wire : evidence_.tapes.wire) {
      if (wire.till != till_ || wire.ended > at) continue;
      if (is_login(wire) && wire.from_cloud && wire.status == 200) since = wire.ended;
    }
    if (since == Instant::never() || evidence_.life.next_change(till_, since) <= at) return false;
    const auto& wires = evidence_.tapes.wire;
    const auto& orders = evidence_.tapes.orders;
    return std::none_of(wires.begin(), wires.end(),
                        [&](const WireEntry& wire) {
                          return wire.till == till_ && turns_login_away(wire) &&
                                 wire.ended >= since && wire.ended <= at;
                        }) &&
           std::none_of(orders.begin(), orders.end(), [&](const OrderEntry& order) {
             return order.till == till_ && order.what == "restore_service" && order.at >= since &&
                    order.at <= at;
           });
  }

  // A document that waits, and is neither under way nor refused nor sent in parts.
  [[nodiscard]] const Document* waiting(Instant at) const {
    for (const Document& document : evidence_.documents) {
      if (document.till() != till_ || document.acked == nullptr || document.at() >= at) continue;
      const Told* const told = evidence_.told(document.id);
      if (told != nullptr && (told->proved <= at || told->refused <= at)) continue;
      return &document;
    }
    return nullptr;
  }

  // Trigger sync up: what waits is sent now, however long the pause was to be.
  void send_now(const OrderEntry& order) {
    Instant from = order.at;
    for (const Upload* upload : by_end_) {
      const int status = upload->wire->status;
      if (upload->wire->sent <= order.at && upload->ended > order.at) {
        if (status != 0 && status < 500) return;  // it joins what is under way
        from = std::max(from, upload->ended);     // which fails, and takes nothing back
      }
      if (upload->ended <= order.at && (status == 400 || status == 413)) return;
    }
    const Instant deadline = from + kNow + kTrips * evidence_.tapes.wan_latency;
    const bool asked = evidence_.asked_to_wait(till_, from) > from;
    const Document* const document = waiting(from);
    if (document == nullptr || asked || !free(order.at, deadline) || !logged_in(order.at)) return;
    ++judgement_.judged;
    const bool goes = std::any_of(by_end_.begin(), by_end_.end(), [&](const Upload* upload) {
      return upload->wire->sent >= order.at && upload->wire->sent <= deadline;
    });
    if (goes) return;
    Violation violation = evidence_.witness(document->id);
    violation.till = till_;
    violation.at = order.at;
    violation.line = order.line;
    violation.what = fmt::format("{} was told to send now, and did not.", till_);
    violation.expected = fmt::format("an upload by {}", moment_text(deadline));
    violation.seen = "none";
    judgement_.violations.push_back(std::move(violation));
  }

  // Only where nothing but this answer can have been in its way.
  void failed(const Upload& upload, int failures, Instant good) {
    const Life& life = evidence_.life;
    const Instant from = upload.ended;
    const Instant deadline =
        from + pause_after(failures) + kSpare + kTrips * evidence_.tapes.wan_latency;
    const int status = upload.wire->status;
    if (status == 401 || status == 409 || upload.ended != upload.wire->ended) return;
    if (evidence_.tapes.wan_bytes_per_second != 0 || life.end() < deadline) return;
    if (life.faulted("wan", till_, good, deadline) || life.faulted("disk", till_, good, deadline)) {
      return;
    }
    if (life.next_change(till_, from) <= deadline || !line_.up_throughout(from, deadline)) return;
    if (evidence_.asked_to_wait(till_, from) > from) return;
    ++judgement_.judged;
    const Instant again = sent_again(upload);
    if (again <= deadline || told_) return;
    told_ = true;
    const SentItem& first = upload.batch.items.front();
    Violation violation = evidence_.witness(first.id);
    violation.till = till_;
    violation.at = from;
    violation.what = fmt::format(
        "{} did not soon try again to send the {}, after {}.", till_, evidence_.name(first.id),
        failures == 1 ? "an upload that failed" : fmt::format("{} that failed in a row", failures));
    violation.expected = fmt::format("sent again by {}", moment_text(deadline));
    violation.seen = fmt::format("sent again at {}", moment_text(again));
    judgement_.violations.push_back(std::move(violation));
  }

  // When any of its items was on its way again.
  [[nodiscard]] Instant sent_again(const Upload& upload) const {
    Instant again = Instant::never();
    for (const SentItem& item : upload.batch.items) {
      const auto& all = sent_.at(item.id);
      const auto next = std::find_if(all.begin(), all.end(), [&](const Upload* other) {
        return other->wire->sent > upload.wire->sent;
      });
      if (next != all.end()) again = std::min(again, (*next)->wire->sent);
    }
    return again;
  }

  const Evidence& evidence_;
  std::string_view till_;
  const Wires& wires_;
  Line line_;
  std::vector<const Upload*> by_end_;
  std::unordered_map<std::string_view, std::vector<const Upload*>> sent_;  // only ever asked by id
  bool told_ = false;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  std::unordered_map<std::string_view, Wires> wires;  // only ever asked by till
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (wire.ended != Instant::never()) wires[wire.till].push_back(&wire);
  }
  for (auto& [till, its] : wires) {
    std::stable_sort(its.begin(), its.end(),
                     [](const WireEntry* a, const WireEntry* b) { return a->ended < b->ended; });
  }
  Judgement all;
  for (const std::string_view till : evidence.tills) {
    all.take(Checker(evidence, till, wires[till]).take());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-47",
     .doc = "A till that is online tries an upload again that failed, and a login: within 6 s "
            "after one failure, and after each more in a row within twice the pause, up to a "
            "minute; what fails together is one failure. It pauses between failures, asks for no "
            "page over and over, and nothing "
            "at once again of which the cloud says nothing or that it waits. Told to send now, it "
            "does; while it says that it is not connected it sends nothing else.",
     .params = {},
     .example = "waive = { INV-47 = \"why it cannot hold here\" }"},
    "always",
    "liveness",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_47_tries_again
