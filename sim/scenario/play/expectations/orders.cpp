// Orders that wait, and the LAN between the tills.
#include "sim/scenario/play/expectations/seen.hpp"
#include "sim/world/lan_looks.hpp"

#include <algorithm>

namespace tillrig::scenario::orders {
namespace {

using words::Args;
using words::Kind;

// As one till lists it.
Awaitable<Result<Seen>> open_order(Stage& stage, const Args& args) {
  const std::string label = args.text("open-order");
  const std::string till = args.text("at");
  std::string which = till;
  auto asking = world::orders_at(stage.bed(), std::move(which));
  const auto orders = co_await std::move(asking);
  if (!orders) co_return base::Failure(orders.error());
  std::vector<const world::OrderSeen*> rows;
  for (const world::OrderSeen& each : orders->open) {
    if (each.label == label) rows.push_back(&each);
  }
  if (args.text("is") == "gone") {
    co_return saw(rows.empty(), fmt::format("no open order {} at {}", label, till),
                  fmt::format("{} of them", rows.size()));
  }
  std::string wanted = fmt::format("one open order {} at {}", label, till);
  if (rows.size() != 1) co_return saw(false, wanted, fmt::format("{} of them", rows.size()));
  const world::OrderSeen& row = *rows.front();
  const std::pair<std::string_view, const std::string*> fields[] = {
      {"is", &row.state}, {"held", &row.till}, {"known", &row.at}};
  std::string seen;
  bool holds = true;
  for (const auto& [key, value] : fields) {
    seen += fmt::format("{}{} {}", seen.empty() ? "" : ", ", key, *value);
    if (!args.has(key)) continue;
    wanted += fmt::format(", {} {}", key, args.text(key));
    std::string asked = args.text(key);
    std::replace(asked.begin(), asked.end(), '-', '_');
    holds = holds && (key == "held" ? args.text(key) : asked) == *value;
  }
  co_return saw(holds, wanted, seen);
}

Awaitable<Result<Seen>> hub(Stage& stage, const Args& args) {
  const std::string till = args.text("lan-hub");
  std::string which = till;
  auto asking = world::orders_at(stage.bed(), std::move(which));
  const auto orders = co_await std::move(asking);
  if (!orders) co_return base::Failure(orders.error());
  const auto there = static_cast<std::int64_t>(orders->there.size());
  const bool holds = (!args.has("is") || orders->hub == args.text("is")) &&
                     (!args.has("there") || there == args.number("there"));
  std::string wanted = fmt::format("{} on the LAN", till);
  if (args.has("is")) wanted += fmt::format(", the hub {}", args.text("is"));
  if (args.has("there")) wanted += fmt::format(", {} other tills", args.number("there"));
  co_return saw(holds, wanted,
                fmt::format("the hub {}, {} other tills",
                            orders->hub.empty() ? "unknown" : orders->hub, there));
}

const auto kOpen = expectation(
    "open-order", "An order that waits, or is in hand somewhere, as a till lists it.",
    {{"open-order", Kind::text, "what a cashier called it", true},
     {"at", Kind::till, "at which till", true},
     {"is", Kind::text, "what it is", false, "parked in-hand gone"},
     {"held", Kind::till, "which till holds it"},
     {"known", Kind::text, "whether another till knows of it as it is now", false, "local lan"}},
    R"({ open-order = "table 4", at = "till-2", is = "parked", held = "till-1" })", open_order,
    "{at} lists the order {open-order}");
const auto kHub = expectation("lan-hub", "Whom a till takes for the hub of the shop's LAN.",
                              {{"lan-hub", Kind::till, "which till", true},
                               {"is", Kind::till, "its hub"},
                               {"there", Kind::integer, "how many other tills it hears"}},
                              R"({ lan-hub = "till-2", is = "till-1", within = "10s" })", hub,
                              "{lan-hub} has the hub {is}", {{"lan-hub", "", "is there", ""}});

}  // namespace
}  // namespace tillrig::scenario::orders
