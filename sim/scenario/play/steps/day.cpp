// The business day at a till, and its cash.
#include "sim/oracle/account/account.hpp"
#include "sim/scenario/play/stage.hpp"

#include <algorithm>

namespace tillrig::scenario::day {
namespace {

using words::Args;
using words::Kind;
using words::Param;
using world::Order;

const Param kDayTill{"till", Kind::till, "which till; not needed when there is one"};
const Param kWhy{"reason", Kind::text, "why"};

Awaitable<Result<void>> ask_for(Stage& stage, std::string till, Order order) {
  auto answer = co_await stage.bed().command(till, order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> open_day(Stage& stage, const Args& args) {
  return ask_for(stage, args.text("till"), Order("open_day").with("float", args.number("float")));
}

// What lies in the drawer, as whoever stood there would count it: the float, what customers gave
// and got back, what was put in and taken out since the last count. What was paid from a card or an
// account lies in none.
std::int64_t in_drawer(const oracle::Tapes& tapes, const std::string& till) {
  const oracle::Account account(tapes, {});
  std::int64_t cash = 0;
  for (const oracle::CashierEntry& entry : tapes.cashier) {
    if (entry.till != till) continue;
    if (entry.kind == oracle::CashierEntry::Kind::acknowledged) {
      const oracle::Due* const due = account.find(entry.sale);
      cash += entry.amount - (due == nullptr ? 0 : due->bill.from_purse);
    }
    if (entry.code != "booked") continue;
    cash = entry.facts.text("what") == "day_closed" ? 0 : cash + entry.amount;
  }
  return std::max<std::int64_t>(cash, 0);
}

Awaitable<Result<void>> close_day(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::int64_t there = in_drawer(stage.bed().recording().tapes(), till);
  const std::int64_t counted =
      args.has("counted") ? args.number("counted") : there - args.number("short");
  return ask_for(stage, till,
                 Order("close_day").with("counted", std::max<std::int64_t>(counted, 0)));
}

Order moving(std::string_view what, const Args& args) {
  Order order(what);
  order.with("amount", args.number("amount"));
  if (args.has("reason")) order.with("reason", args.text("reason"));
  return order;
}

Awaitable<Result<void>> pay_in(Stage& stage, const Args& args) {
  return ask_for(stage, args.text("till"), moving("pay_in", args));
}

Awaitable<Result<void>> pay_out(Stage& stage, const Args& args) {
  return ask_for(stage, args.text("till"), moving("pay_out", args));
}

Awaitable<Result<void>> sign_out(Stage& stage, const Args& args) {
  return ask_for(stage, args.text("till"), Order("sign_out"));
}

words::Row<Step> row(std::string_view name, std::string_view doc, std::vector<Param> params,
                     std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
                     std::string_view plain, std::vector<KeyRule> rules = {}) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = std::move(params);
  step.example = example;
  step.play = play;
  step.plain = plain;
  step.needs_app = true;
  step.rules = std::move(rules);
  return words::Row<Step>(std::move(step));
}

const auto kOpenDay = row(
    "open-day",
    "Opens the business day with change in the drawer; a day that nobody opens is opened by its "
    "first document.",
    {kDayTill, {"float", Kind::money, "the change; none if left out"}},
    R"({ till = "till-1", act = "open-day", float = "100.00" })", open_day,
    "{till} opens the day with {float}");
const auto kCloseDay = row(
    "close-day",
    "Counts the cash and closes the business day: the Z report is printed. Without an amount what "
    "is counted is what lies in the drawer.",
    {kDayTill,
     {"counted", Kind::money, "what was counted"},
     {"short", Kind::money, "or so much less than there should be"}},
    R"({ till = "till-1", act = "close-day", counted = "123.45" })", close_day,
    "{till} closes the day", {{"counted", "", "", "short"}});
words::Row<Step> sign_out_row() {
  Step step;
  step.name = "sign-out";
  step.doc =
      "The till leaves its shop: it closes, and opens again only when the cloud has let it in. "
      "Refused while anything waits to be sent.";
  step.params = {kDayTill};
  step.example = R"({ till = "till-1", act = "sign-out" })";
  step.play = sign_out;
  step.plain = "{till} signs out";
  step.needs_app = true;
  return words::Row<Step>(std::move(step));
}

const auto kSignOut = sign_out_row();
const auto kPayIn = row("pay-in", "Puts cash into the drawer for no sale.",
                        {kDayTill, {"amount", Kind::money, "how much", true}, kWhy},
                        R"({ till = "till-1", act = "pay-in", amount = "20.00" })", pay_in,
                        "{till} puts {amount} into the drawer");
const auto kPayOut =
    row("pay-out", "Takes cash out of the drawer for no sale.",
        {kDayTill, {"amount", Kind::money, "how much", true}, kWhy},
        R"({ till = "till-1", act = "pay-out", amount = "200.00", reason = "bank" })", pay_out,
        "{till} takes {amount} out of the drawer");

}  // namespace
}  // namespace tillrig::scenario::day
