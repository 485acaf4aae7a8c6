// What the Sync Manager says of its heavy controls.
#include "sim/scenario/play/expectations/seen.hpp"

namespace tillrig::scenario::resync_seen {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<Seen>> resync(Stage& stage, const Args& args) {
  const std::string till = args.text("resync");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const world::ResyncSeen seen = state->resync.value_or(world::ResyncSeen{"idle", 0, 0, 0, 0});
  const auto said = [&](std::string_view key, std::uint64_t value) {
    return !args.has(key) || args.number(key) == static_cast<std::int64_t>(value);
  };
  const bool holds = (!args.has("is") || args.text("is") == seen.stage) &&
                     said("missing", seen.missing) && said("different", seen.different) &&
                     said("done", seen.done);
  std::string expected = fmt::format("the resync of {}", till);
  if (args.has("is")) expected += " is " + args.text("is");
  for (const std::string_view key : {"done", "missing", "different"}) {
    if (args.has(key)) expected += fmt::format(", {} {}", args.number(key), key);
  }
  co_return saw(holds, expected,
                fmt::format("{}, {} of {} done, {} missing, {} different", seen.stage, seen.done,
                            seen.all, seen.missing, seen.different));
}

const auto kResync = expectation(
    "resync", "What the till says of the full resync that was forced last.",
    {{"resync", Kind::till, "at which till", true},
     {"is", Kind::text, "how far it is", false, "idle running paused interrupted done"},
     {"done", Kind::integer, "how many events are compared"},
     {"missing", Kind::integer, "how many the cloud did not have, and are sent again"},
     {"different", Kind::integer, "how many it had otherwise, and are in quarantine"}},
    R"({ resync = "till-1", is = "done", missing = 3, different = 0 })", resync,
    "the full resync of {resync} is {is}", {{"resync", "", "is done missing different", ""}});

}  // namespace
}  // namespace tillrig::scenario::resync_seen
