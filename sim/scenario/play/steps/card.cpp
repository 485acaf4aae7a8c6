// Payments by card: what the cashier and the customer do.
#include "sim/scenario/play/stage.hpp"

#include <algorithm>

namespace tillrig::scenario::card {
namespace {

using words::Args;
using words::Kind;
using words::Param;
using world::Order;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};

Awaitable<Result<void>> ask(Stage& stage, std::string till, Order order) {
  auto asking = stage.bed().command(std::move(till), std::move(order));
  auto answer = co_await std::move(asking);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

// The attempt that a till began after this place of the tape; empty: none.
std::string attempt_since(Stage& stage, const std::string& till, std::size_t place) {
  const auto& cashier = stage.bed().recording().tapes().cashier;
  for (std::size_t i = place; i < cashier.size(); ++i) {
    const oracle::CashierEntry& entry = cashier[i];
    if (entry.till != till || entry.code != "card") continue;
    return std::string(entry.facts.text("attempt").value_or(""));
  }
  return {};
}

Awaitable<Result<void>> pay_card(Stage& stage, const Args& args) {
  constexpr base::Duration kGlance = std::chrono::milliseconds(5);
  constexpr int kGlances = 400;  // until it stands in the till's store
  const std::string till = args.text("till");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const std::size_t place = stage.bed().recording().tapes().cashier.size();
  Order order("tender");
  order.with("kind", "card").with("amount", args.number("amount", state->due.minor));
  auto asking = ask(stage, till, std::move(order));
  auto asked = co_await std::move(asking);
  if (!asked) co_return asked;
  std::string attempt = attempt_since(stage, till, place);
  for (int i = 0; attempt.empty() && i < kGlances && stage.bed().running(till); ++i) {
    co_await stage.pause(kGlance);
    attempt = attempt_since(stage, till, place);
  }
  stage.sales.try_card(till, std::move(attempt), stage.carts.is_poisoned(till), args.text("as"));
  co_return Result<void>{};
}

// What the customer does at the terminal.
Result<void> by_hand(Stage& stage, const Args& args, std::string_view act,
                     const std::string& detail) {
  return stage.bed().at_terminal(args.text("till"), act, detail);
}

Awaitable<Result<void>> insert_card(Stage& stage, const Args& args) {
  co_return by_hand(stage, args, "card", args.text("card", "girocard"));
}
Awaitable<Result<void>> tap_card(Stage& stage, const Args& args) {
  co_return by_hand(stage, args, "card", "contactless");
}
Awaitable<Result<void>> type_pin(Stage& stage, const Args& args) {
  co_return by_hand(stage, args, "pin", args.text("pin", "right"));
}
Awaitable<Result<void>> stop_key(Stage& stage, const Args& args) {
  co_return by_hand(stage, args, "stop", {});
}
Awaitable<Result<void>> take_card(Stage& stage, const Args& args) {
  co_return by_hand(stage, args, "take_card", {});
}
Awaitable<Result<void>> update(Stage& stage, const Args& args) {
  co_return by_hand(stage, args, "update", {});
}

// Presses the only button of whichever of these prompts stands there.
Awaitable<Result<void>> press(Stage& stage, std::string till, std::vector<std::string> prompts) {
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  for (const world::Prompt& each : state->prompts) {
    const bool meant = std::find(prompts.begin(), prompts.end(), each.id) != prompts.end();
    if (!meant || each.buttons.empty()) continue;
    Order order("press");
    order.with("prompt", each.id).with("button", each.buttons.front());
    auto pressing = ask(stage, till, std::move(order));
    co_return co_await std::move(pressing);
  }
  co_return base::fail(base::Code::not_found, "the prompt {} does not stand at {}", prompts.front(),
                       till);
}

Awaitable<Result<void>> cancel_card(Stage& stage, const Args& args) {
  return press(stage, args.text("till"), {"card_payment"});
}
Awaitable<Result<void>> re_sync(Stage& stage, const Args& args) {
  return press(stage, args.text("till"), {"card_unknown", "card_still_unknown"});
}
Awaitable<Result<void>> close_and_back(Stage& stage, const Args& args) {
  stage.carts.close(args.text("till"));
  return press(stage, args.text("till"), {"card_unresolved"});
}

Awaitable<Result<void>> reload(Stage& stage, const Args& args) {
  return ask(stage, args.text("till"), Order("reload"));
}

// Of the unpaid orders in Register Sales, newest first.
Awaitable<Result<void>> download(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  std::string order = args.text("order");
  if (order.empty()) {
    const Order sales("sales");
    auto answer = co_await stage.bed().command(till, sales);
    if (!answer) co_return base::Failure(answer.error());
    if (answer->unpaid.empty()) {
      co_return base::fail(base::Code::not_found, "no order stands as unpaid at {}", till);
    }
    const bool first = args.text("which", "last") == "first";
    order = first ? answer->unpaid.back().order : answer->unpaid.front().order;
  }
  auto asking = ask(stage, till, Order("download").with("order", order));
  co_return co_await std::move(asking);
}

words::Row<Step> row(std::string_view name, std::string_view doc, std::vector<Param> params,
                     std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
                     std::string_view plain, bool needs_app = true) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = std::move(params);
  step.example = example;
  step.play = play;
  step.plain = plain;
  step.needs_app = needs_app;
  step.waits_for_hands = needs_app;
  return words::Row<Step>(std::move(step));
}

const auto kPay =
    row("pay-card",
        "Takes a card for all that is due; goes on when the card terminal is being asked. The sale "
        "completes by itself.",
        {kTill,
         {"amount", Kind::money, "another amount than what is due"},
         {"as", Kind::name, "what this scenario calls the sale: sale = \"cheese\""}},
        R"({ till = "till-1", act = "pay-card" })", pay_card, "{till} takes a card {amount}");
const auto kInsert =
    row("insert-card", "The customer puts a card into the terminal.",
        {kTill, {"card", Kind::text, "which one", false, "girocard credit unreadable", "girocard"}},
        R"({ till = "till-1", act = "insert-card" })", insert_card,
        "the customer at {till} puts a card in", false);
const auto kTap = row("tap-card", "The customer holds a card before the terminal.", {kTill},
                      R"({ till = "till-1", act = "tap-card" })", tap_card,
                      "the customer at {till} taps a card", false);
const auto kPin =
    row("type-pin", "The customer types a PIN.",
        {kTill, {"pin", Kind::text, "whether it is his", false, "right wrong", "right"}},
        R"({ till = "till-1", act = "type-pin", pin = "wrong" })", type_pin,
        "the customer at {till} types the PIN", false);
const auto kStop = row("stop-key", "The customer presses the terminal's stop key.", {kTill},
                       R"({ till = "till-1", act = "stop-key" })", stop_key,
                       "the customer at {till} presses stop", false);
const auto kTake = row("take-card", "The customer takes the card out.", {kTill},
                       R"({ till = "till-1", act = "take-card" })", take_card,
                       "the customer at {till} takes the card out", false);
const auto kUpdate = row("update-terminal", "The card terminal installs its update.", {kTill},
                         R"({ till = "till-1", act = "update-terminal" })", update,
                         "the card terminal of {till} is updated", false);
const auto kCancel =
    row("cancel-card", "Presses Cancel while a card is being asked for.", {kTill},
        R"({ till = "till-1", act = "cancel-card" })", cancel_card, "{till} cancels the card");
const auto kResync = row("re-sync", "Presses Re-sync, or Re-sync again.", {kTill},
                         R"({ till = "till-1", act = "re-sync" })", re_sync, "{till} re-syncs");
const auto kClose =
    row("close-and-back", "Presses Close & back to Register: the order is closed as unpaid.",
        {kTill}, R"({ till = "till-1", act = "close-and-back" })", close_and_back,
        "{till} closes the order and goes back to the register");
const auto kReload = row("reload", "Reloads the store: unpaid orders are asked about.", {kTill},
                         R"({ till = "till-1", act = "reload" })", reload, "{till} is reloaded");
const auto kDownload =
    row("download", "Register Sales, an unpaid order, options, download.",
        {kTill,
         {"which", Kind::text, "of the unpaid ones", false, "first last", "last"},
         {"order", Kind::text, "or the id of an order"}},
        R"({ till = "till-1", act = "download" })", download, "{till} downloads an unpaid order");

}  // namespace
}  // namespace tillrig::scenario::card
