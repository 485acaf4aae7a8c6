// Payments by card: what the cashier and the customer do.
#include "sim/scenario/play/stage.hpp"
#include "sim/words/fault.hpp"

#include <algorithm>

namespace tillrig::scenario::card {
namespace {

using words::Args;
using words::Kind;
using words::Param;
using world::Order;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};
const Param kIfThere{"if-there", Kind::flag, "true: nothing is pressed where it does not stand"};
const Param kAfter{"after", Kind::duration, "so long after the card was asked for"};

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

// Waits until the card was asked for so long ago: the till counts from then, too.
Awaitable<Result<void>> wait_after(Stage& stage, const Args& args) {
  if (!args.has("after")) co_return Result<void>{};
  const std::string till = args.text("till");
  const auto& orders = stage.bed().recording().tapes().orders;
  const auto asked = std::find_if(orders.rbegin(), orders.rend(), [&](const auto& order) {
    return order.till == till && order.what == "tender" && order.fields.text("kind") == "card";
  });
  if (asked == orders.rend()) {
    co_return base::fail(base::Code::not_found, "no card was asked for at {}", till);
  }
  const Duration left = asked->at + args.duration("after") - stage.bed().recording().now();
  if (left > Duration{}) co_await stage.pause(left);
  co_return Result<void>{};
}

// What the customer does at the terminal.
Awaitable<Result<void>> by_hand(Stage& stage, const Args& args, std::string act,
                                std::string detail) {
  auto waiting = wait_after(stage, args);
  auto waited = co_await std::move(waiting);
  if (!waited) co_return waited;
  auto done = stage.bed().at_terminal(args.text("till"), act, detail);
  const bool late = !done && done.error().code == base::Code::not_allowed;
  co_return late&& args.number("if-there") != 0 ? Result<void>() : done;
}

Awaitable<Result<void>> insert_card(Stage& stage, const Args& args) {
  return by_hand(stage, args, "card", args.text("card", "girocard"));
}
Awaitable<Result<void>> tap_card(Stage& stage, const Args& args) {
  return by_hand(stage, args, "card", "contactless");
}
Awaitable<Result<void>> type_pin(Stage& stage, const Args& args) {
  return by_hand(stage, args, "pin", args.text("pin", "right"));
}
Awaitable<Result<void>> stop_key(Stage& stage, const Args& args) {
  return by_hand(stage, args, "stop", {});
}
Awaitable<Result<void>> take_card(Stage& stage, const Args& args) {
  return by_hand(stage, args, "take_card", {});
}
Awaitable<Result<void>> end_of_day(Stage& stage, const Args& args) {
  return by_hand(stage, args, "end_of_day", {});
}
Awaitable<Result<void>> settlement_file(Stage& stage, const Args& /*args*/) {
  stage.bed().cards().day_ends();
  co_return Result<void>{};
}
Awaitable<Result<void>> set_terminal(Stage& stage, const Args& args) {
  return by_hand(stage, args, "lost_ack", args.text("lost-ack"));
}
Awaitable<Result<void>> update(Stage& stage, const Args& args) {
  return by_hand(stage, args, "update", {});
}

// Presses the only button of whichever of these prompts stands there.
Awaitable<Result<void>> press(Stage& stage, std::string till, std::vector<std::string> prompts,
                              bool if_there) {
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
  if (if_there) co_return Result<void>{};
  co_return base::fail(base::Code::not_found, "the prompt {} does not stand at {}", prompts.front(),
                       till);
}

Awaitable<Result<void>> cancel_card(Stage& stage, const Args& args) {
  auto waiting = wait_after(stage, args);
  auto waited = co_await std::move(waiting);
  if (!waited) co_return waited;
  std::vector<std::string> prompts{"card_payment"};
  auto pressing = press(stage, args.text("till"), std::move(prompts), args.number("if-there") != 0);
  co_return co_await std::move(pressing);
}
Awaitable<Result<void>> re_sync(Stage& stage, const Args& args) {
  return press(stage, args.text("till"), {"card_unknown", "card_still_unknown"},
               args.number("if-there") != 0);
}
Awaitable<Result<void>> close_and_back(Stage& stage, const Args& args) {
  stage.carts.close(args.text("till"));
  return press(stage, args.text("till"), {"card_unresolved"}, args.number("if-there") != 0);
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

// A sale whose card is charged while its till dies and its terminal says nothing, until an end of
// day there has made it forget: an order of which only the acquirer knows. All of it again, so
// often.
Awaitable<Result<void>> leave_unpaid(Stage& stage, const Args& args) {
  constexpr base::Duration kAuthorising = std::chrono::milliseconds(3500);
  constexpr base::Duration kCharged = std::chrono::seconds(1);
  constexpr base::Duration kGivesUp = std::chrono::seconds(20);
  constexpr base::Duration kLater = std::chrono::minutes(2);  // nobody settles a day at once
  const std::string till = args.text("till");
  const std::string item = args.text("item");
  const auto* const mute = words::Table<words::Fault>::find("terminal.mute");
  const Args none;
  for (std::int64_t i = 0; i < args.number("times", 1); ++i) {
    auto entering = ask(stage, till, Order("enter").with("code", item));
    auto entered = co_await std::move(entering);
    if (!entered) co_return entered;
    Args pay;
    pay.set("till", till);
    auto paying = pay_card(stage, pay);
    auto paid = co_await std::move(paying);
    if (!paid) co_return paid;
    co_await stage.pause(kAuthorising);
    auto begun = stage.bed().start_fault(*mute, none, till);
    if (!begun) co_return base::Failure(begun.error());
    co_await stage.pause(kCharged);
    if (auto killed = stage.bed().kill(till); !killed) co_return killed;
    auto starting = stage.start(till);
    auto started = co_await std::move(starting);
    if (!started) co_return started;
    co_await stage.pause(kLater);
    if (auto settled = stage.bed().at_terminal(till, "end_of_day", {}); !settled) co_return settled;
    co_await stage.pause(kGivesUp);
    if (auto healed = stage.bed().faults().heal(*begun); !healed) co_return healed;
    co_await stage.pause(kGivesUp);
  }
  co_return Result<void>{};
}

// Another till, or the same, is to give back an order that stands as unpaid.
Awaitable<Result<void>> refund_unpaid(Stage& stage, const Args& args) {
  const std::string at = args.text("at", args.text("till"));
  const Order sales("sales");
  auto answer = co_await stage.bed().command(at, sales);
  if (!answer) co_return base::Failure(answer.error());
  if (answer->unpaid.empty()) {
    co_return base::fail(base::Code::not_found, "no order stands as unpaid at {}", at);
  }
  auto asking =
      ask(stage, args.text("till"), Order("refund").with("sale", answer->unpaid.front().order));
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
        {kTill,
         {"card", Kind::text, "which one", false, "girocard credit unreadable", "girocard"},
         kAfter},
        R"({ till = "till-1", act = "insert-card" })", insert_card,
        "the customer at {till} puts a card in", false);
const auto kTap = row("tap-card", "The customer holds a card before the terminal.",
                      {kTill, kAfter, kIfThere}, R"({ till = "till-1", act = "tap-card" })",
                      tap_card, "the customer at {till} taps a card", false);
const auto kPin =
    row("type-pin", "The customer types a PIN.",
        {kTill, {"pin", Kind::text, "whether it is his", false, "right wrong", "right"}, kAfter},
        R"({ till = "till-1", act = "type-pin", pin = "wrong" })", type_pin,
        "the customer at {till} types the PIN", false);
const auto kStop = row("stop-key", "The customer presses the terminal's stop key.", {kTill, kAfter},
                       R"({ till = "till-1", act = "stop-key" })", stop_key,
                       "the customer at {till} presses stop", false);
const auto kTake = row("take-card", "The customer takes the card out.", {kTill, kAfter},
                       R"({ till = "till-1", act = "take-card" })", take_card,
                       "the customer at {till} takes the card out", false);
const auto kEndOfDay =
    row("terminal-end-of-day", "Somebody lets the card terminal settle its day: it forgets it.",
        {kTill}, R"({ till = "till-1", act = "terminal-end-of-day" })", end_of_day,
        "the card terminal of {till} settles its day", false);
const auto kSet = row(
    "set-terminal", "Says what the card terminal does with an approval that the till did not hear.",
    {kTill,
     {"lost-ack", Kind::text, "keeps it, sends it back at once, or with the next payment, or later",
      true, "keep auto_reverse sync_1f1f void_unconfirmed_after"}},
    R"({ till = "till-1", act = "set-terminal", lost-ack = "sync_1f1f" })", set_terminal,
    "the card terminal of {till} is set to {lost-ack}", false);
const auto kFile =
    row("settlement-file",
        "The acquirer's file of the day comes to the cloud: of unpaid orders that it does not have "
        "nothing was charged.",
        {}, R"({ act = "settlement-file" })", settlement_file, "the settlement file comes", false);
const auto kUpdate = row("update-terminal", "The card terminal installs its update.", {kTill},
                         R"({ till = "till-1", act = "update-terminal" })", update,
                         "the card terminal of {till} is updated", false);
const auto kCancel =
    row("cancel-card", "Presses Cancel while a card is being asked for.", {kTill, kAfter, kIfThere},
        R"({ till = "till-1", act = "cancel-card" })", cancel_card, "{till} cancels the card");
const auto kResync = row("re-sync", "Presses Re-sync, or Re-sync again.", {kTill, kIfThere},
                         R"({ till = "till-1", act = "re-sync" })", re_sync, "{till} re-syncs");
const auto kClose =
    row("close-and-back", "Presses Close & back to Register: the order is closed as unpaid.",
        {kTill, kIfThere}, R"({ till = "till-1", act = "close-and-back" })", close_and_back,
        "{till} closes the order and goes back to the register");
const auto kReload = row("reload", "Reloads the store: unpaid orders are asked about.", {kTill},
                         R"({ till = "till-1", act = "reload" })", reload, "{till} is reloaded");
const auto kDownload =
    row("download", "Register Sales, an unpaid order, options, download.",
        {kTill,
         {"which", Kind::text, "of the unpaid ones", false, "first last", "last"},
         {"order", Kind::text, "or the id of an order"}},
        R"({ till = "till-1", act = "download" })", download, "{till} downloads an unpaid order");
const auto kLeave =
    row("leave-unpaid",
        "A sale by card whose till is killed after the charge, while the terminal says nothing, "
        "until an end of day there has made it forget: one more unpaid order, of which the "
        "acquirer alone knows.",
        {kTill,
         {"item", Kind::item, "what is sold", true},
         {"times", Kind::count, "all of it so often; once if left out"}},
        R"({ till = "till-1", act = "leave-unpaid", item = "milk", times = 3 })", leave_unpaid,
        "{till} is left with unpaid orders of {item}");
const auto kRefundUnpaid =
    row("refund-unpaid", "Tries to give back the newest order that stands as unpaid.",
        {kTill, {"at", Kind::till, "at which till it stands; the same if left out"}},
        R"({ till = "till-2", act = "refund-unpaid", at = "till-1" })", refund_unpaid,
        "{till} gives back the unpaid order of {at}");

}  // namespace
}  // namespace tillrig::scenario::card
