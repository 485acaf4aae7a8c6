// What lies in the cashier's hand: the cart on the screen, the drawer.
#include "sim/scenario/play/expectations/seen.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::scenario::hand {
namespace {

using words::Args;
using words::Kind;

// An amount in the shop's currency, for people.
std::string money(Stage& stage, std::int64_t minor) {
  const std::string& name = stage.plan().setup.shop.currency;
  const auto currency = base::find_currency(name).value_or(base::Currency{name, 2});
  return base::format_money(base::Money{minor}, currency);
}

// How a line of the cart begins: "2 x Milk ".
std::string begin_of_line(Stage& stage, const Args& args, std::string_view seen) {
  const world::Item* const item = stage.plan().setup.shop.by_sku(args.text("item"));
  std::string quantity(seen.substr(0, seen.find(' ')));
  if (args.has("quantity")) {
    quantity = base::format_quantity(base::Quantity{args.number("quantity")});
  }
  if (item == nullptr) return quantity + " x ";
  return fmt::format("{} x {} ", quantity, item->name);
}

// What is asked of one line; empty where it is so.
std::string wrong_line(Stage& stage, const Args& args, const std::vector<std::string>& cart) {
  if (!args.has("line")) return {};
  const auto number = static_cast<std::size_t>(args.number("line"));
  const std::string seen = number <= cart.size() ? cart[number - 1] : std::string();
  const std::string wanted = begin_of_line(stage, args, seen);
  return seen.starts_with(wanted) ? std::string() : fmt::format("line {} {}", number, wanted);
}

Awaitable<Result<Seen>> cart(Stage& stage, const Args& args) {
  const std::string till = args.text("cart");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const std::vector<std::string>& lines = state->cart;
  const std::string listed =
      lines.empty() ? "an empty cart" : fmt::format("{}", fmt::join(lines, "; "));
  if (args.has("lines") && static_cast<std::size_t>(args.number("lines")) != lines.size()) {
    co_return saw(false, fmt::format("{} lines in the cart of {}", args.number("lines"), till),
                  listed);
  }
  const std::string wrong = wrong_line(stage, args, lines);
  if (!wrong.empty()) co_return saw(false, wrong, listed);
  const std::pair<std::string_view, base::Money> amounts[] = {
      {"total", state->total}, {"tax", state->tax}, {"due", state->due}, {"change", state->change}};
  for (const auto& [key, amount] : amounts) {
    if (!args.has(key) || args.number(key) == amount.minor) continue;
    co_return saw(false, fmt::format("{} {} at {}", key, money(stage, args.number(key)), till),
                  fmt::format("{} {}", key, money(stage, amount.minor)));
  }
  co_return saw(true, fmt::format("the cart of {}", till), {});
}

Awaitable<Result<Seen>> drawer(Stage& stage, const Args& args) {
  const std::string till = args.text("drawer");
  const auto& devices = stage.bed().recording().tapes().devices;
  const auto opened = std::count_if(devices.begin(), devices.end(), [&](const auto& entry) {
    return entry.till == till && entry.what == "drawer opened";
  });
  co_return saw(opened == args.number("count"),
                fmt::format("the drawer of {} opened {} times", till, args.number("count")),
                fmt::format("{} times", opened));
}

const auto kCart = expectation(
    "cart", "What the till shows of the sale in hand.",
    {{"cart", Kind::till, "at which till", true},
     {"lines", Kind::integer, "how many lines it has"},
     {"line", Kind::line, "one of them, of which item and quantity speak"},
     {"item", Kind::item, "what that line sells"},
     {"quantity", Kind::quantity, "and how many"},
     {"total", Kind::money, "what it comes to, with the tax"},
     {"tax", Kind::money, "the tax of it"},
     {"due", Kind::money, "what is still to be paid"},
     {"change", Kind::money, "what is given back"}},
    R"({ cart = "till-1", lines = 1, line = 1, item = "milk", quantity = "2", due = "2.58" })",
    cart, "the cart of {cart}",
    {{"cart", "", "lines line total tax due change", ""},
     {"line", "", "item quantity", ""},
     {"item", "", "line", ""},
     {"quantity", "", "line", ""}},
    {.falls = true});
const auto kDrawer =
    expectation("drawer", "How often the drawer has sprung open so far.",
                {{"drawer", Kind::till, "at which till", true},
                 {"count", Kind::integer, "so many times in the whole run", true}},
                R"({ drawer = "till-1", count = 1 })", drawer,
                "the drawer of {drawer} has opened {count} times", {}, {.waits = kOfAMachine});

}  // namespace
}  // namespace tillrig::scenario::hand
