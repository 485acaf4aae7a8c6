#include "sim/net/link.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tillrig::net {

Duration Passage::sending_time(std::size_t bytes) const {
  if (bytes_per_second == 0) return {};
  __extension__ using Wide = unsigned __int128;
  const Wide ns = static_cast<Wide>(bytes) * 1'000'000'000 + bytes_per_second - 1;
  return Duration{static_cast<std::int64_t>(ns / bytes_per_second)};
}

Duration Passage::delay() const {
  using std::chrono::milliseconds;
  constexpr Duration kLeast = milliseconds(200);  // as Linux has it: TCP_RTO_MIN and TCP_RTO_MAX
  constexpr Duration kMost = std::chrono::seconds(120);
  Duration all = latency;
  Duration again = std::min(kLeast + 2 * latency, kMost);
  for (unsigned i = 0; i < resent; ++i) {
    all += again;
    again = std::min(2 * again, kMost);
  }
  return all;
}

Link::Link(std::string till, const ports::Clock& clock, Conditions conditions, std::uint64_t seed)
    : till_(std::move(till)),
      clock_(clock),
      conditions_(conditions),
      chance_(std::make_shared<kernel::NamedStreams>(seed, till_ + ".line")) {}

Dice Link::dice(std::string_view fault) {
  const unsigned nth = ++started_[std::string(fault)];
  std::string stream = std::string(fault) + "#" + std::to_string(nth);
  return [chance = chance_, stream = std::move(stream)](std::uint64_t below) {
    return chance->below(stream, below);
  };
}

Duration Link::latency() const {
  Duration all = conditions_.latency;
  for (const auto& [id, fault] : faults_) all += fault->latency();
  return all;
}

std::uint64_t Link::bytes_per_second(Way way) const {
  std::uint64_t least = conditions_.bytes_per_second;
  for (const auto& [id, fault] : faults_) {
    const std::uint64_t most = fault->bytes_per_second(way);
    if (most != 0 && (least == 0 || most < least)) least = most;
  }
  return least;
}

Passage Link::carry(Way way, std::size_t bytes) {
  Passage passage{latency(), bytes_per_second(way), 0};
  std::vector<FaultId> hits;  // as in held()
  for (const auto& [id, fault] : faults_) {
    if (fault->carry(way, bytes, passage)) hits.push_back(id);
  }
  for (const FaultId id : hits) fired(id);
  return passage;
}

void Link::start(FaultId id, std::unique_ptr<LineFault> fault) {
  const Change change{id, fault->cuts_live()};
  TILLRIG_ASSERT(!faults_.contains(id), "each fault of a run has a number of its own");
  faults_[id] = std::move(fault);
  tell(change);
}

void Link::heal(FaultId id) {
  if (faults_.erase(id) != 0) tell(Change{id, false});
}

Link::Met Link::connecting() const {
  for (const auto& [id, fault] : faults_) {
    const Obstacle obstacle = fault->connecting(now());
    if (obstacle != Obstacle::none) return Met{obstacle, id};
  }
  return {};
}

bool Link::holds() const {
  return std::any_of(faults_.begin(), faults_.end(),
                     [this](const auto& one) { return one.second->holds(now()); });
}

void Link::held() {
  std::vector<FaultId> hits;  // told of at the end: who hears of a hit may start or heal a fault
  for (const auto& [id, fault] : faults_) {
    if (fault->holds(now())) hits.push_back(id);
  }
  for (const FaultId id : hits) fired(id);
}

Instant Link::next_change() const {
  Instant next = Instant::never();
  for (const auto& [id, fault] : faults_) next = std::min(next, fault->next_change(now()));
  TILLRIG_ASSERT(next > now(), "the next change of a line is yet to come");
  return next;
}

Verdict Link::judge(const base::HttpRequest& request) {
  Verdict verdict;
  std::vector<FaultId> hits;
  for (const auto& [id, fault] : faults_) {
    if (verdict.settled()) break;
    if (!fault->judge(request, verdict)) continue;
    if (verdict.late) {
      verdict.late_by = id;
    } else {
      hits.push_back(id);
    }
  }
  TILLRIG_ASSERT(
      int{verdict.answer.has_value()} + int{verdict.lose_request} + int{verdict.late.has_value()} <=
          1,
      "one thing becomes of a request");
  TILLRIG_ASSERT(verdict.late.has_value() == (verdict.late_by != 0),
                 "a late request knows whose doing that is");
  for (const FaultId id : hits) fired(id);
  return verdict;
}

std::uint64_t Link::watch(Watcher watcher) {
  watchers_.emplace(++watched_, std::move(watcher));
  return watched_;
}

void Link::unwatch(std::uint64_t number) {
  watchers_.erase(number);
}

void Link::tell(const Change& change) {
  // A watcher may come or go while it is told.
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, watcher] : watchers_) numbers.push_back(number);
  for (const std::uint64_t number : numbers) {
    const auto at = watchers_.find(number);
    if (at != watchers_.end()) at->second(change);
  }
}

}  // namespace tillrig::net
