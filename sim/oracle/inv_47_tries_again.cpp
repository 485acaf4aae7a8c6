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

// How long a till may pause after so many failures in a row.
base::Duration pause_after(int failures) {
  constexpr int kMostDoublings = 6;
  return std::min<base::Duration>(kFirstPause * (1 << std::min(failures - 1, kMostDoublings)),
                                  kLongestPause);
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

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till)
      : evidence_(evidence), till_(till), line_(evidence.tapes, till) {
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
    Instant good{0};  // when it was last answered
    for (const Upload* upload : by_end_) {
      if (upload->ended == Instant::never()) break;
      if (succeeded(*upload)) {
        failures = 0;
        good = upload->ended;
      } else {
        failed(*upload, ++failures, good);
      }
    }
    return std::move(judgement_);
  }

 private:
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
  Line line_;
  std::vector<const Upload*> by_end_;
  std::unordered_map<std::string_view, std::vector<const Upload*>> sent_;  // only ever asked by id
  bool told_ = false;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Judgement all;
  for (const std::string_view till : evidence.tills) {
    Judgement one = Checker(evidence, till).take();
    all.judged += one.judged;
    for (Violation& violation : one.violations) all.violations.push_back(std::move(violation));
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-47",
     .doc = "A till that is online tries an upload again that failed: within 6 s after one "
            "failure, and after each more in a row within twice the pause, up to a minute.",
     .params = {},
     .example = "waive = { INV-47 = \"why it cannot hold here\" }"},
    "always",
    "liveness",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_47_tries_again
