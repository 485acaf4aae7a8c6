// How fast what the tills send comes to the cloud.
#include "sim/scenario/play/expectations/seen.hpp"

#include <algorithm>
#include <deque>

namespace tillrig::scenario::pace {
namespace {

using words::Args;
using words::Kind;

constexpr std::string_view kUploadTarget = "/v1/sync/up";

// Uploads that reached the cloud since something was healed last; in time order.
std::vector<Instant> arrivals(const oracle::Tapes& tapes) {
  Instant from{0};
  for (const oracle::ActEntry& act : tapes.acts) {
    if (act.kind == oracle::ActEntry::Kind::heal) from = act.at;
  }
  std::vector<Instant> all;
  for (const oracle::WireEntry& wire : tapes.wire) {
    const bool came = wire.reached_cloud != Instant::never() && wire.reached_cloud >= from;
    if (came && wire.target.starts_with(kUploadTarget)) all.push_back(wire.reached_cloud);
  }
  std::sort(all.begin(), all.end(), [](Instant a, Instant b) { return a.ns < b.ns; });
  return all;
}

Awaitable<Result<Seen>> uploads(Stage& stage, const Args& args) {
  const std::vector<Instant> all = arrivals(stage.bed().recording().tapes());
  std::deque<Instant> second;
  std::size_t most = 0;
  for (const Instant at : all) {
    second.push_back(at);
    while (at - second.front() >= std::chrono::seconds(1)) second.pop_front();
    most = std::max(most, second.size());
  }
  const auto limit = static_cast<std::size_t>(args.number("uploads"));
  co_return saw(!all.empty() && most <= limit,
                fmt::format("at most {} uploads in any second", limit),
                fmt::format("{} uploads, {} of them in one second", all.size(), most));
}

const auto kUploads = expectation(
    "uploads",
    "How many uploads reached the cloud, from all tills, in any one second since something was "
    "healed last; there was one at least.",
    {{"uploads", Kind::count, "at most so many", true}}, R"({ uploads = 55 })", uploads,
    "in no second since, more than {uploads} uploads came to the cloud", {{"uploads", "", "", ""}});

}  // namespace
}  // namespace tillrig::scenario::pace
