// What the tills sell.
#include "sim/scenario/play/expectations/seen.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::scenario::goods {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<Seen>> catalogue(Stage& stage, const Args& args) {
  const std::string till = args.text("catalogue");
  const std::string sku = args.text("item");
  auto price = co_await stage.bed().price_at(till, sku);
  if (!price) co_return base::Failure(price.error());
  const std::string now =
      *price ? fmt::format("{} minor units", (*price)->minor) : "it is not sold";
  if (!args.has("price")) {
    co_return saw(!price->has_value(), fmt::format("no {} at {}", sku, till), now);
  }
  const base::Money wanted{args.number("price")};
  co_return saw(*price && **price == wanted,
                fmt::format("{} at {} for {} minor units", sku, till, wanted.minor), now);
}

Awaitable<Result<Seen>> customers(Stage& stage, const Args& args) {
  const std::string till = args.text("customers");
  const std::string id = args.text("customer");
  auto seen = co_await stage.bed().customer_at(till, id);
  if (!seen) co_return base::Failure(seen.error());
  const std::string now =
      *seen ? fmt::format("{}, {}", (*seen)->name, (*seen)->phone) : "nobody of that id";
  if (args.text("is") == "gone") {
    co_return saw(!seen->has_value(), fmt::format("no {} at {}", id, till), now);
  }
  const bool same = *seen && (*seen)->name == args.text("name", (*seen)->name) &&
                    (*seen)->phone == args.text("phone", (*seen)->phone);
  co_return saw(
      same, fmt::format("{} at {} as {} {}", id, till, args.text("name"), args.text("phone")), now);
}

Awaitable<Result<Seen>> find(Stage& stage, const Args& args) {
  const std::string till = args.text("find");
  const std::string text = args.text("text");
  auto found = co_await stage.bed().find_at(till, text);
  if (!found) co_return base::Failure(found.error());
  std::vector<std::string> names;
  for (const world::Sold& each : found->items) names.push_back(each.sku);
  for (const world::KnownCustomer& each : found->customers) names.push_back(each.id);
  const auto there = [&](std::string_view key) {
    return std::find(names.begin(), names.end(), args.text(key)) != names.end();
  };
  const bool holds = (!args.has("has") || there("has")) && (!args.has("lacks") || !there("lacks"));
  co_return saw(holds,
                args.has("has") ? fmt::format("{} among what \"{}\" finds", args.text("has"), text)
                                : fmt::format("no {} for \"{}\"", args.text("lacks"), text),
                names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", ")));
}

// Asks the till, which asks the cloud.
Awaitable<Result<Seen>> stock(Stage& stage, const Args& args) {
  const std::string till = args.text("stock");
  world::Order order("stock");
  order.with("sku", args.text("item"));
  auto answer = co_await stage.bed().command(till, order);
  if (!answer) co_return base::Failure(answer.error());
  const base::Quantity wanted{args.number("is")};
  const bool holds = answer->stock && answer->stock->quantity == wanted;
  co_return saw(holds,
                fmt::format("{} of {} on hand", base::format_quantity(wanted), args.text("item")),
                answer->stock ? base::format_quantity(answer->stock->quantity) : "nothing said");
}

const auto kStock =
    expectation("stock", "How much of an item is on hand, as a till says by the cloud.",
                {{"stock", Kind::till, "at which till", true},
                 {"item", Kind::item, "which item", true},
                 {"is", Kind::quantity, "so much", true}},
                R"({ stock = "till-1", item = "milk", is = "23", within = "25s" })", stock,
                "{stock} has {is} of {item} on hand");
const auto kCustomers = expectation(
    "customers", "What a till knows of a customer, or that it knows nobody of that id.",
    {{"customers", Kind::till, "at which till", true},
     {"customer", Kind::customer, "which customer", true},
     {"name", Kind::text, "the name there"},
     {"phone", Kind::text, "the phone number there"},
     {"is", Kind::text, "or that the customer is not known there", false, "gone"}},
    R"({ customers = "till-1", customer = "ana", name = "Ana Berg", within = "10s" })", customers,
    "{customers} knows {customer}",
    {{"customers", "", "name phone is", ""}, {"name", "", "", "is"}, {"phone", "", "", "is"}});
const auto kFind = expectation(
    "find",
    "What a till finds, without a connection too: goods by SKU, code or part of the name, "
    "customers by id, card, phone number or part of the name.",
    {{"find", Kind::till, "at which till", true},
     {"text", Kind::text, "what is looked for", true},
     {"has", Kind::text, "a SKU or a customer's id that is found"},
     {"lacks", Kind::text, "one that is not"}},
    R"({ find = "till-1", text = "lind", has = "ana" })", find, "{find} finds \"{text}\"",
    {{"find", "", "has lacks", ""}});
const auto kCatalogue = expectation(
    "catalogue", "What a till sells an item for, or that it does not sell it.",
    {{"catalogue", Kind::till, "at which till", true},
     {"item", Kind::item, "which item", true},
     {"price", Kind::money, "what it costs there"},
     {"is", Kind::text, "or that it is not sold there", false, "gone"}},
    R"({ catalogue = "till-1", item = "milk", price = "1.49", within = "10s" })", catalogue,
    "{catalogue} sells {item}", {{"catalogue", "", "price is", ""}, {"price", "", "", "is"}});

}  // namespace
}  // namespace tillrig::scenario::goods
