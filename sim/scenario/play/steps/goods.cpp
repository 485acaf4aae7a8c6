// What the shop's office does at the cloud.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::goods {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<void>> change_item(Stage& stage, const Args& args) {
  const std::string sku = args.text("item");
  std::optional<world::Item> item = stage.bed().item(sku);
  // One that was removed, or comes later, is sold from now on, as the fixture has it.
  if (!item) item = *stage.plan().setup.shop.by_sku(sku);
  item->price = base::Money{args.number("price")};
  return stage.bed().office().change(sku, std::move(item));
}

Awaitable<Result<void>> remove_item(Stage& stage, const Args& args) {
  return stage.bed().office().change(args.text("item"), std::nullopt);
}

// As a shop does it overnight: more than the cloud tells a till at a time.
Awaitable<Result<void>> change_prices(Stage& stage, const Args& args) {
  const base::Rate up{args.number("up")};
  for (const world::Item& known : stage.plan().setup.shop.items) {
    std::optional<world::Item> item = stage.bed().item(known.sku);
    if (!item || item->price_embedded) continue;
    item->price += base::share(item->price, up);
    const std::string sku = known.sku;
    auto changing = stage.bed().office().change(sku, std::move(item));
    auto changed = co_await std::move(changing);
    if (!changed) co_return changed;
  }
  co_return Result<void>{};
}

Awaitable<Result<void>> change_customer(Stage& stage, const Args& args) {
  const std::string id = args.text("customer");
  std::optional<world::Customer> customer = stage.bed().customer(id);
  // One who was removed is known again, as the fixture has him.
  if (!customer) customer = *stage.plan().setup.shop.customer(id);
  customer->name = args.text("name", customer->name);
  customer->phone = args.text("phone", customer->phone);
  return stage.bed().office().change_customer(id, std::move(customer));
}

Awaitable<Result<void>> remove_customer(Stage& stage, const Args& args) {
  return stage.bed().office().change_customer(args.text("customer"), std::nullopt);
}

Awaitable<Result<void>> start_feed_again(Stage& stage, const Args& /*args*/) {
  return stage.bed().office().move_horizon();
}

Awaitable<Result<void>> deliver(Stage& stage, const Args& args) {
  return stage.bed().office().deliver(args.text("item"), base::Quantity{args.number("quantity")});
}

Awaitable<Result<void>> check_stock(Stage& stage, const Args& args) {
  world::Order order("stock");
  order.with("sku", args.text("item"));
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

words::Row<Step> check_stock_row() {
  Step step;
  step.name = "check-stock";
  step.doc = "Asks the till how much of an item is on hand.";
  step.params = {{"till", Kind::till, "which till; not needed when there is one"},
                 {"item", Kind::item, "which item", true}};
  step.example = R"({ till = "till-1", act = "check-stock", item = "milk" })";
  step.play = check_stock;
  step.plain = "{till} checks how much {item} is on hand";
  step.needs_app = true;
  return words::Row<Step>(std::move(step));
}

const auto kCheckStock = check_stock_row();

words::Row<Step> row(std::string_view name, std::string_view doc, std::vector<words::Param> params,
                     std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
                     std::string_view plain, std::vector<KeyRule> rules = {}) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = std::move(params);
  step.example = example;
  step.play = play;
  step.plain = plain;
  step.rules = std::move(rules);
  return words::Row<Step>(std::move(step));
}

const auto kChange = row(
    "change-item",
    "Changes an item's price at the cloud, which tells the tills; one that was removed, or that "
    "the fixture has as later, is sold from now on.",
    {{"item", Kind::item, "which item", true},
     {"price", Kind::money, "what it costs from now on", true}},
    R"({ act = "change-item", item = "milk", price = "1.49" })", change_item,
    "{item} costs {price} from now on");
const auto kRemove =
    row("remove-item", "Takes an item out of the shop's goods at the cloud.",
        {{"item", Kind::item, "which item", true}}, R"({ act = "remove-item", item = "milk" })",
        remove_item, "{item} is not sold any more");
const auto kPrices =
    row("change-prices", "Raises the prices of all goods at the cloud, one after the other.",
        {{"up", Kind::rate, "by so much", true}}, R"({ act = "change-prices", up = "3" })",
        change_prices, "all prices go up by {up} percent");
const auto kChangeCustomer = row(
    "change-customer",
    "Changes a customer at the cloud, which tells the tills; one who was removed is known "
    "again.",
    {{"customer", Kind::customer, "which customer", true},
     {"name", Kind::text, "the name from now on"},
     {"phone", Kind::text, "the phone number from now on"}},
    R"({ act = "change-customer", customer = "ana", phone = "+49 40 66969 020" })", change_customer,
    "{customer} is changed to {name} {phone}", {{"act", "", "name phone", ""}});
const auto kRemoveCustomer =
    row("remove-customer", "Takes a customer out of those whom the shop knows, at the cloud.",
        {{"customer", Kind::customer, "which customer", true}},
        R"({ act = "remove-customer", customer = "ana" })", remove_customer,
        "{customer} is not known any more");
const auto kDeliver = row("deliver", "Goods come to the shop, by its office's word to the cloud.",
                          {{"item", Kind::item, "which item", true},
                           {"quantity", Kind::quantity, "how many, or how much", true}},
                          R"({ act = "deliver", item = "milk", quantity = "24" })", deliver,
                          "{quantity} {item} come");
const auto kAgain =
    row("move-horizon",
        "The cloud cannot tell any more what changed up to now: each till that has not read all of "
        "it has to read its goods from the start.",
        {}, R"({ act = "move-horizon" })", start_feed_again,
        "tills that are behind have to read their goods from the start");

}  // namespace
}  // namespace tillrig::scenario::goods
