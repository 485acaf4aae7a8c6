#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_28_no_loop_without_progress {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kWindow = 1h;
// Pauses grow to a minute, and by chance to half of that: some 130 tries in an hour. Twice that is
// a loop.
constexpr std::size_t kSameInAnHour = 260;
// A heartbeat each five seconds, and twice as many while a line is looked for.
constexpr std::size_t kProbesInAnHour = 1440;
constexpr std::string_view kUp = "/v1/sync/up";

bool is_probe(const WireEntry& wire) {
  return wire.target.starts_with("/v1/ping");
}

// What makes two requests of one till the same.
using Request = std::tuple<std::string_view, std::string_view, std::size_t>;

Request same(const WireEntry& wire) {
  const std::string_view target = wire.target;
  const std::size_t end = is_probe(wire) ? target.find('?') : target.size();  // it has a nonce
  return {wire.method, target.substr(0, end), std::hash<std::string_view>{}(wire.body)};
}

// What a person asks a till for is no loop, however often it is asked.
class Asked {
 public:
  Asked(const Tapes& tapes, std::string_view till) {
    for (const OrderEntry& order : tapes.orders) {
      if (order.till == till) at_.push_back(order.at);
    }
    std::sort(at_.begin(), at_.end());
  }
  [[nodiscard]] std::size_t between(Instant from, Instant to) const {
    const auto first = std::lower_bound(at_.begin(), at_.end(), from);
    return static_cast<std::size_t>(std::upper_bound(first, at_.end(), to) - first);
  }

 private:
  std::vector<Instant> at_;
};

// Counts what one till sends in an hour, by what makes two requests the same.
class Count {
 public:
  Count(const Tapes& tapes, std::string_view till) : till_(till), asked_(tapes, till) {}

  void take(const Request& request, const WireEntry& wire) {
    ++judgement_.judged;
    std::deque<Instant>& times = sent_[request];
    times.push_back(wire.sent);
    while (times.front() + kWindow < wire.sent) times.pop_front();
    const std::size_t most = is_probe(wire) ? kProbesInAnHour : kSameInAnHour;
    if (told_ || times.size() <= most) return;
    if (times.size() <= most + asked_.between(times.front(), wire.sent)) return;
    told_ = true;
    judgement_.blame(
        till_, wire.sent, 0, fmt::format("{} asks the cloud for the same again and again.", till_),
        fmt::format("{} {} at most {} times in an hour", wire.method, wire.target, most),
        fmt::format("{} times since {}", times.size(), moment_text(times.front())));
  }
  Judgement judgement() { return std::move(judgement_); }

 private:
  std::string_view till_;
  Asked asked_;
  std::map<Request, std::deque<Instant>> sent_;  // in the last hour
  bool told_ = false;
  Judgement judgement_;
};

Judgement of_till(const Evidence& evidence, std::string_view till) {
  Count count(evidence.tapes, till);
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (wire.till == till && !wire.target.starts_with(kUp)) count.take(same(wire), wire);
  }
  for (const Upload& upload : evidence.uploads) {  // each of which has a number of its own
    if (upload.wire->till != till) continue;
    std::size_t ids = 0;
    for (const SentItem& item : upload.batch.items) {
      ids = ids * 31 + std::hash<std::string_view>{}(item.id);
    }
    count.take({upload.wire->method, kUp, ids}, *upload.wire);
  }
  return count.judgement();
}

Judgement check(const Evidence& evidence) {
  Judgement all;
  for (const std::string_view till : evidence.tills) all.take(of_till(evidence, till));
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-28",
     .doc = "A till does not go round in circles: in no hour does it send the same request more "
            "than 260 times, a probe more than 1440 times, beside what a person asked for.",
     .params = {},
     .example = "waive = { INV-28 = \"why it cannot hold here\" }"},
    "always",
    "liveness",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_28_no_loop_without_progress
