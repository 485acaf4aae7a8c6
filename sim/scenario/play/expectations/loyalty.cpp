// Customers on sales, and their points.
#include "sim/scenario/play/expectations/seen.hpp"

#include <algorithm>

namespace tillrig::scenario::loyalty {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<Seen>> points(Stage& stage, const Args& args) {
  const std::string id = args.text("points");
  auto asking = stage.bed().postings();
  auto postings = co_await std::move(asking);
  if (!postings) co_return base::Failure(postings.error());
  std::int64_t sum = 0;
  for (const oracle::PostingEntry& each : *postings) {
    if (each.ledger == "points" && each.key == id) sum += each.amount;
  }
  co_return saw(sum == args.number("are"), fmt::format("{} points of {}", args.number("are"), id),
                fmt::format("{}", sum));
}

Awaitable<Result<Seen>> member(Stage& stage, const Args& args) {
  const std::string till = args.text("member");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const world::CustomerSeen seen = state->customer.value_or(world::CustomerSeen());
  std::string now = seen.id.empty() ? "nobody" : seen.id;
  if (seen.points) now += fmt::format(" with {} points", *seen.points);
  bool holds = !args.has("customer") || seen.id == args.text("customer");
  if (args.has("has")) holds = holds && seen.points == args.number("has");
  if (args.has("shows")) holds = holds && !seen.points;
  if (args.has("is")) holds = seen.id.empty();
  std::string expected = args.has("is") ? "nobody" : args.text("customer");
  if (args.has("has")) expected += fmt::format(" with {} points", args.number("has"));
  if (args.has("shows")) expected += " with no points shown";
  co_return saw(holds, fmt::format("{} on the sale at {}", expected, till), now);
}

Awaitable<Result<Seen>> prompted(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string id = args.text("prompted");
  const auto& cashier = stage.bed().recording().tapes().cashier;
  const auto seen =
      std::count_if(cashier.begin(), cashier.end(), [&](const oracle::CashierEntry& entry) {
        return entry.till == till && entry.kind == oracle::CashierEntry::Kind::prompt &&
               entry.code == id;
      });
  co_return saw(seen == args.number("times"),
                fmt::format("the prompt {} {} times at {}", id, args.number("times"), till),
                fmt::format("{}", seen));
}

Awaitable<Result<Seen>> asked(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string path = "/v1/" + args.text("asked");
  const auto& wire = stage.bed().recording().tapes().wire;
  const auto seen = std::count_if(wire.begin(), wire.end(), [&](const oracle::WireEntry& entry) {
    return entry.till == till && entry.target.starts_with(path);
  });
  co_return saw(seen == args.number("times"),
                fmt::format("{} questions for {} from {}", args.number("times"), path, till),
                fmt::format("{}", seen));
}

const auto kPoints = expectation(
    "points", "How many points a customer has in the cloud.",
    {{"points", Kind::customer, "of which customer", true}, {"are", Kind::whole, "so many", true}},
    R"({ points = "ana", are = 487, within = "25s" })", points, "{points} has {are} points");
const auto kMember = expectation(
    "member", "Whose the sale in hand is, as the till shows it, and the points that it shows.",
    {{"member", Kind::till, "at which till", true},
     {"customer", Kind::customer, "which customer"},
     {"has", Kind::whole, "so many points are shown"},
     {"shows", Kind::text, "or none are", false, "no-points"},
     {"is", Kind::text, "or it is no customer's", false, "nobody"}},
    R"({ member = "till-1", customer = "ana", has = 100 })", member,
    "the sale at {member} is of {customer}{is}",
    {{"member", "", "customer has shows is", ""},
     {"has", "", "", "shows is"},
     {"is", "", "", "customer shows"}});
const auto kPrompted =
    expectation("prompted", "How often a prompt has come so far, in the whole run.",
                {{"prompted", Kind::prompt, "the prompt's id", true},
                 kAtTill,
                 {"times", Kind::integer, "so often", true}},
                R"({ prompted = "loyalty_unavailable", times = 20 })", prompted,
                "the prompt {prompted} has come {times} times");
const auto kAsked = expectation(
    "asked",
    "How many questions of a kind have gone from the till to the cloud so far, as far as "
    "a line was there to carry them.",
    {{"asked", Kind::text, "the path after /v1/: loyalty", true},
     kAtTill,
     {"times", Kind::integer, "so many", true}},
    R"({ asked = "loyalty", till = "till-1", times = 1 })", asked,
    "{till} has asked for {asked} {times} times");

}  // namespace
}  // namespace tillrig::scenario::loyalty
