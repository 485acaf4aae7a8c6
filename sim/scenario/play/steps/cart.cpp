// What a cashier does with a cart.
#include "sim/scenario/play/steps/ring_up.hpp"

namespace tillrig::scenario::cart {
namespace {

using words::Args;
using words::Kind;
using words::Param;
using world::Order;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};

const Param kAs{"as", Kind::name, "what this scenario calls the sale: sale = \"cheese\""};

Awaitable<Result<void>> play_order(Stage& stage, std::string till, Order order) {
  auto asking = stage.bed().command(std::move(till), std::move(order));
  auto answer = co_await std::move(asking);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> scan(Stage& stage, const Args& args) {
  if (args.has("code")) return scan_code(stage, args.text("till"), args.text("code"));
  std::optional<base::Money> price;
  if (args.has("price")) price = base::Money{args.number("price")};
  return scan_item(stage, args.text("till"), args.text("item"), price);
}

Awaitable<Result<void>> enter(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string item = args.text("item");
  stage.carts.put_in(till, item);
  return play_order(stage, till, Order("enter").with("code", item));
}

Awaitable<Result<void>> quantity(Stage& stage, const Args& args) {
  return play_order(
      stage, args.text("till"),
      Order("quantity").with("line", args.number("line", 1)).with("quantity", args.number("is")));
}

Awaitable<Result<void>> void_line(Stage& stage, const Args& args) {
  return play_order(stage, args.text("till"), Order("void_line").with("line", args.number("line")));
}

Awaitable<Result<void>> discount(Stage& stage, const Args& args) {
  Order order("discount");
  order.with("line", args.number("line"));
  const char* const how = args.has("rate") ? "rate" : "amount";
  order.with(how, args.number(how));
  return play_order(stage, args.text("till"), std::move(order));
}

Awaitable<Result<void>> tender(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  std::int64_t amount = args.number("amount");
  if (!args.has("amount")) {
    auto state = co_await stage.bed().state(till);
    if (!state) co_return base::Failure(state.error());
    amount = state->due.minor;
  }
  Order order = Order("tender").with("kind", args.text("kind", "cash")).with("amount", amount);
  if (args.has("card")) order.with("of", args.text("card"));
  if (args.has("customer")) order.with("of", args.text("customer"));
  auto answer = co_await stage.bed().command(till, order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> complete(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  auto completed = co_await stage.complete(till, args.text("as"));
  if (completed) stage.carts.close(till);
  co_return completed;
}

Awaitable<Result<void>> cancel(Stage& stage, const Args& args) {
  stage.carts.close(args.text("till"));
  return play_order(stage, args.text("till"), Order("cancel"));
}

Awaitable<Result<void>> refund(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string which = args.text("of", "last");
  // Of another till's sales only those that have a name.
  Sale* sale = stage.sales.find(which, by_place(which) ? till : std::string(), true);
  if (sale == nullptr) {
    const std::string where = by_place(which) ? till : "any till";
    co_return base::fail(base::Code::not_found, "no sale \"{}\" was completed at {}", which, where);
  }
  const std::string id = sale->id;
  Order order("refund");
  order.with("sale", id);
  std::vector<std::int64_t> lines = args.numbers("lines");
  std::vector<std::int64_t> quantities;
  for (const std::string& text : args.words("quantities")) {
    quantities.push_back(base::parse_quantity(text).value_or(base::Quantity{0}).thousandths);
  }
  if (args.has("line")) lines.push_back(args.number("line"));
  if (args.has("quantity")) quantities.push_back(args.number("quantity"));
  if (!lines.empty()) order.with("lines", lines);
  if (!quantities.empty()) order.with("quantities", quantities);
  auto answer = co_await stage.bed().command(till, order);
  if (!answer) co_return base::Failure(answer.error());
  stage.sales.refund(id, *answer);
  co_return Result<void>{};
}

Awaitable<Result<void>> press(Stage& stage, const Args& args) {
  return play_order(
      stage, args.text("till"),
      Order("press").with("prompt", args.text("prompt")).with("button", args.text("button")));
}

Awaitable<Result<void>> sale(Stage& stage, const Args& args) {
  Basket basket;
  basket.skus = args.words("items");
  basket.note = args.text("cash", "exact") == "note";
  basket.as = args.text("as");
  return ring_up(stage, args.text("till"), std::move(basket));
}

Step step_of(std::string_view name, std::string_view doc, std::vector<Param> params,
             std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
             std::string_view plain) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = std::move(params);
  step.example = example;
  step.play = play;
  step.plain = plain;
  step.needs_app = true;
  return step;
}

words::Row<Step> row(std::string_view name, std::string_view doc, std::vector<Param> params,
                     std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
                     std::string_view plain, std::vector<KeyRule> rules = {},
                     void (*check)(const Node&, const Args&, const Surroundings&,
                                   Problems&) = nullptr) {
  Step step = step_of(name, doc, std::move(params), example, play, plain);
  step.rules = std::move(rules);
  step.check = check;
  return words::Row<Step>(std::move(step));
}

// A prompt may stand in the way of the very thing that the cashier is at.
words::Row<Step> row_of_press(Step step) {
  step.waits_for_hands = false;
  return words::Row<Step>(std::move(step));
}

// One thing is held before a scanner at a time, and only a scale's label has a price on it.
void check_scan(const Node& line, const Args& args, const Surroundings& around,
                Problems& problems) {
  const Entry* const item = line.find("item");
  if (item == nullptr) return;
  const Entry* const price = line.find("price");
  if (price == nullptr || around.shop == nullptr) return;
  const world::Item* const known = around.shop->by_sku(args.text("item"));
  if (known == nullptr || known->price_embedded) return;
  problems.add(price->where, fmt::format("the label of {} has no price on it", known->sku),
               "an item with `embedded`, whose labels a scale prints; or no price");
}

void check_refund(const Node& line, const Args& args, const Surroundings& /*around*/,
                  Problems& problems) {
  const Entry* const each = line.find("quantities");
  const std::size_t lines = args.words("lines").size();
  const std::size_t quantities = args.words("quantities").size();
  if (each == nullptr || lines == 0 || quantities == 0 || lines == quantities) return;
  problems.add(each->where, fmt::format("{} quantities for {} lines", quantities, lines),
               "one for each line, in their order");
}

const auto kScan =
    row("scan", "Holds an item's label, or any code, before the scanner.",
        {kTill,
         {"item", Kind::item, "what is scanned"},
         {"code", Kind::text, "or the code that the scanner reads"},
         {"price", Kind::money, "the price in a scale's label"}},
        R"({ till = "till-1", act = "scan", item = "milk" })", scan, "{till} scans {item}{code}",
        {{"act", "", "item code", ""}, {"item", "", "", "code"}, {"code", "", "", "price"}},
        check_scan);
const auto kEnter =
    row("enter", "Types an item in by hand.", {kTill, {"item", Kind::item, "what is typed", true}},
        R"({ till = "till-1", act = "enter", item = "bananas" })", enter, "{till} types in {item}",
        {}, check_scan);
const auto kQuantity = row("quantity", "Changes how many of a line are sold.",
                           {kTill,
                            {"line", Kind::line, "which line; the first if left out"},
                            {"is", Kind::quantity, "pieces or kilograms", true}},
                           R"({ till = "till-1", act = "quantity", line = 1, is = "3" })", quantity,
                           "{till} makes it {is}");
const auto kVoid = row(
    "void-line", "Takes a line out of the cart.", {kTill, {"line", Kind::line, "which line", true}},
    R"({ till = "till-1", act = "void-line", line = 2 })", void_line, "{till} voids line {line}");
const auto kDiscount =
    row("discount", "Gives a discount on a line, or on all when no line is named.",
        {kTill,
         {"line", Kind::line, "which line"},
         {"rate", Kind::rate, "in percent"},
         {"amount", Kind::money, "or as an amount"}},
        R"({ till = "till-1", act = "discount", line = 1, rate = "10" })", discount,
        "{till} gives a discount", {{"act", "", "rate amount", ""}, {"rate", "", "", "amount"}});
const auto kTender =
    row("tender", "Takes money; without an amount exactly what is due.",
        {kTill,
         {"kind", Kind::text, "cash if left out; gift-card, account, credit"},
         {"amount", Kind::money, "what is given"},
         {"card", Kind::text, "the number of the gift card"},
         {"customer", Kind::customer, "whose account or credit; the sale's if left out"}},
        R"({ till = "till-1", act = "tender", kind = "cash", amount = "10.00" })", tender,
        "{till} takes {kind} {card}{customer} {amount}", {{"card", "", "", "customer"}});
const auto kComplete =
    row("complete", "Finishes the sale: stored, acknowledged, receipt.", {kTill, kAs},
        R"({ till = "till-1", act = "complete" })", complete, "{till} completes the sale");
const auto kCancel = row("cancel", "Empties the cart.", {kTill},
                         R"({ till = "till-1", act = "cancel" })", cancel, "{till} cancels");
const auto kRefund = row(
    "refund", "Refunds a completed sale as a new document: one of this till, or by its name any.",
    {kTill,
     {"of", Kind::sale, "which sale; the last if left out"},
     {"line", Kind::line, "only this line"},
     {"quantity", Kind::quantity, "and of that so much"},
     {"lines", Kind::lines, "only these lines"},
     {"quantities", Kind::quantities, "and so much of each"}},
    R"({ till = "till-1", act = "refund", of = "last" })", refund, "{till} refunds the sale {of}",
    {{"quantity", "", "line", ""},
     {"lines", "", "", "line quantity"},
     {"quantities", "", "lines", ""}},
    check_refund);
const auto kPress = row_of_press(
    step_of("press", "Presses a button of a prompt, also while the cashier is at something else.",
            {kTill,
             {"prompt", Kind::prompt, "the prompt's id", true},
             {"button", Kind::button, "what stands on the button", true}},
            R"({ till = "till-1", act = "press", prompt = "no_internet", button = "Continue" })",
            press, "{till} presses {button}"));
const auto kSale =
    row("sale", "A whole sale: scans the items, takes cash, completes.",
        {kTill,
         {"items", Kind::items, "one item or a list", true},
         kAs,
         {"cash", Kind::text, "exact (default), or a note with change", false, "exact note"}},
        R"({ till = "till-1", act = "sale", items = ["milk", "bread"] })", sale,
        "{till} sells {items}");

}  // namespace
}  // namespace tillrig::scenario::cart
