// Money that customers have with the shop.
#include "sim/scenario/play/expectations/seen.hpp"

namespace tillrig::scenario::purse {
namespace {

using words::Args;
using words::Kind;

std::string money(Stage& stage, std::int64_t minor) {
  const std::string& name = stage.plan().setup.shop.currency;
  const auto currency = base::find_currency(name).value_or(base::Currency{name, 2});
  return base::format_money(base::Money{minor}, currency);
}

// What the cloud's postings come to.
Awaitable<Result<Seen>> on_card(Stage& stage, const Args& args) {
  const std::string card = args.text("gift");
  auto asking = stage.bed().postings();
  auto postings = co_await std::move(asking);
  if (!postings) co_return base::Failure(postings.error());
  std::int64_t sum = 0;
  bool any = false;
  for (const oracle::PostingEntry& each : *postings) {
    if (each.ledger != "gift" || each.key != card) continue;
    sum += each.amount;
    any = true;
  }
  const std::string now = any ? money(stage, sum) : "it was never sold";
  if (args.has("is")) co_return saw(!any, fmt::format("no gift card {}", card), now);
  co_return saw(any && sum == args.number("has"),
                fmt::format("{} on the gift card {}", money(stage, args.number("has")), card), now);
}

// What the cloud's postings come to under a customer.
Awaitable<Result<Seen>> of_customer(Stage& stage, const Args& args) {
  const bool account = args.has("account");
  const std::string ledger = account ? "account" : "credit";
  const std::string customer = args.text(ledger);
  auto asking = stage.bed().postings();
  auto postings = co_await std::move(asking);
  if (!postings) co_return base::Failure(postings.error());
  std::int64_t sum = 0;
  for (const oracle::PostingEntry& each : *postings) {
    if (each.ledger == ledger && each.key == customer) sum += each.amount;
  }
  std::int64_t wanted = args.number("has");
  if (account) wanted = -args.number("owes");
  if (args.has("overdrawn")) wanted = -args.number("overdrawn");
  co_return saw(sum == wanted,
                fmt::format("{} in the {} of {}", money(stage, wanted), ledger, customer),
                money(stage, sum));
}

// Asks the till, which asks the cloud.
Awaitable<Result<Seen>> told(Stage& stage, const Args& args) {
  const std::string till = args.text("card-at");
  world::Order order("purse");
  order.with("purse", "gift").with("of", args.text("card"));
  auto answer = co_await stage.bed().command(till, order);
  if (!answer) co_return base::Failure(answer.error());
  const bool holds = answer->purse && answer->purse->balance.minor == args.number("has");
  co_return saw(
      holds,
      fmt::format("{} on {} at {}", money(stage, args.number("has")), args.text("card"), till),
      answer->purse ? money(stage, answer->purse->balance.minor) : "nothing said");
}

const auto kGift = expectation("gift", "What is on a gift card in the cloud.",
                               {{"gift", Kind::text, "the number of the card", true},
                                {"has", Kind::money, "so much"},
                                {"is", Kind::text, "or that it was never sold", false, "unsold"}},
                               R"({ gift = "GC-1", has = "5.00", within = "25s" })", on_card,
                               "the gift card {gift} has {has}{is}",
                               {{"gift", "", "has is", ""}, {"has", "", "", "is"}});
const auto kAccount = expectation(
    "account", "What a customer owes the shop, in the cloud.",
    {{"account", Kind::customer, "which customer", true}, {"owes", Kind::money, "so much", true}},
    R"({ account = "ana", owes = "20.00", within = "25s" })", of_customer,
    "{account} owes {owes} on account");
const auto kCredit =
    expectation("credit", "What a customer has as store credit, in the cloud.",
                {{"credit", Kind::customer, "which customer", true},
                 {"has", Kind::money, "so much"},
                 {"overdrawn", Kind::money, "or so much less than nothing"}},
                R"({ credit = "ana", has = "20.00", within = "25s" })", of_customer,
                "{credit} has a store credit of {has}{overdrawn}",
                {{"credit", "", "has overdrawn", ""}, {"has", "", "", "overdrawn"}});
// What the till knows without asking.
Awaitable<Result<Seen>> known(Stage& stage, const Args& args) {
  const std::string till = args.text("credit-at");
  const std::string customer = args.text("customer");
  auto finding = stage.bed().find_at(till, customer);
  const auto found = co_await std::move(finding);
  if (!found) co_return base::Failure(found.error());
  const std::int64_t wanted =
      args.has("overdrawn") ? -args.number("overdrawn") : args.number("has");
  std::string seen = "nothing";
  bool holds = false;
  for (const world::PurseSeen& each : found->balances) {
    if (each.purse != "credit" || each.of != customer) continue;
    seen = money(stage, each.balance.minor);
    holds = each.balance.minor == wanted && each.as_of_ms > 0;
  }
  co_return saw(holds, fmt::format("{} of {} known at {}", money(stage, wanted), customer, till),
                seen);
}

const auto kKnown = expectation(
    "credit-at", "What a till knows of a customer's store credit without asking, as of then.",
    {{"credit-at", Kind::till, "at which till", true},
     {"customer", Kind::customer, "which customer", true},
     {"has", Kind::money, "so much"},
     {"overdrawn", Kind::money, "or so much less than nothing"}},
    R"({ credit-at = "till-1", customer = "ana", has = "20.00", within = "25s" })", known,
    "{credit-at} knows a store credit of {customer} of {has}{overdrawn}",
    {{"credit-at", "", "has overdrawn", ""}, {"has", "", "", "overdrawn"}});
const auto kTold =
    expectation("card-at", "What can be spent of a gift card, as a till says by the cloud.",
                {{"card-at", Kind::till, "at which till", true},
                 {"card", Kind::text, "the number of the card", true},
                 {"has", Kind::money, "so much", true}},
                R"({ card-at = "till-1", card = "GC-1", has = "5.00", within = "25s" })", told,
                "{card-at} says that {has} is on the gift card {card}");

}  // namespace
}  // namespace tillrig::scenario::purse
