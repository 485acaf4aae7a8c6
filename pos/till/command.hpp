#pragma once

#include "pos/base/money.hpp"
#include "pos/base/result.hpp"
#include "pos/till/card_commands.hpp"
#include "pos/till/day_commands.hpp"
#include "pos/till/order_commands.hpp"
#include "pos/till/purse_commands.hpp"
#include "pos/till/screen.hpp"
#include "pos/till/sync_commands.hpp"
#include "pos/wire/api.hpp"
#include "pos/wire/customer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::till {

using base::Result;

// What a cashier does at the till, other than scanning, which comes in through the scanner: one
// struct a command, with its name and fields as the control line has them. Lines count from 1.

struct Enter {  // a code typed in by hand, or a SKU
  static constexpr std::string_view kName = "enter";
  std::string code;
  static void describe(auto& self, auto& fields) { fields("code", self.code); }
};

struct SetQuantity {
  static constexpr std::string_view kName = "quantity";
  std::size_t line = 0;
  base::Quantity quantity;
  static void describe(auto& self, auto& fields) {
    fields("line", self.line)("quantity", self.quantity);
  }
};

struct VoidLine {
  static constexpr std::string_view kName = "void_line";
  std::size_t line = 0;
  static void describe(auto& self, auto& fields) { fields("line", self.line); }
};

struct Discount {
  static constexpr std::string_view kName = "discount";
  std::size_t line = 0;            // 0: the whole cart
  std::optional<base::Rate> rate;  // one of the two
  std::optional<Money> amount;
  static void describe(auto& self, auto& fields) {
    fields.maybe("line", self.line)("rate", self.rate)("amount", self.amount);
  }
};

struct Tender {
  static constexpr std::string_view kName = "tender";
  std::string kind;  // "cash", "card", "gift-card", "account", "credit"
  Money amount;
  std::string of = {};  // the card, or the customer
  static void describe(auto& self, auto& fields) {
    fields("kind", self.kind)("amount", self.amount).maybe("of", self.of);
  }
};

struct SelectCustomer {  // the sale in hand is this customer's
  static constexpr std::string_view kName = "customer";
  std::string customer;  // id, card or phone number
  static void describe(auto& self, auto& fields) { fields("customer", self.customer); }
};

struct TakeReward {  // points of the customer's for so much off the sale in hand
  static constexpr std::string_view kName = "reward";
  std::int64_t times = 1;  // how many rewards
  static void describe(auto& self, auto& fields) { fields.maybe("times", self.times); }
};

struct Complete {  // finishes the sale: checkout, commit, receipt
  static constexpr std::string_view kName = "complete";
  static void describe(auto&, auto&) {}
};

struct Cancel {  // empties the cart
  static constexpr std::string_view kName = "cancel";
  static void describe(auto&, auto&) {}
};

struct Refund {
  static constexpr std::string_view kName = "refund";
  std::string sale;                        // event id
  std::vector<std::size_t> lines;          // empty: all that is left
  std::vector<base::Quantity> quantities;  // of each line; 0: what is left of it; empty: of all
  static void describe(auto& self, auto& fields) {
    fields("sale", self.sale)
        .maybe("lines", self.lines, {.least = 1, .entries = wire::kDocumentLines})
        .maybe("quantities", self.quantities, {.least = 0, .entries = wire::kDocumentLines});
  }
};

struct Press {
  static constexpr std::string_view kName = "press";
  std::string prompt;  // id
  std::string button;
  static void describe(auto& self, auto& fields) {
    fields("prompt", self.prompt)("button", self.button);
  }
};

struct Sales {  // Register Sales
  static constexpr std::string_view kName = "sales";
  std::uint32_t epoch = 0;  // of this one and later ones alone; 0: all
  static void describe(auto& self, auto& fields) { fields.maybe("epoch", self.epoch); }
};

struct AskState {  // what the till is at
  static constexpr std::string_view kName = "state";
  static void describe(auto&, auto&) {}
};

struct AskItem {  // what the till sells it for
  static constexpr std::string_view kName = "item";
  std::string sku;
  static void describe(auto& self, auto& fields) { fields("sku", self.sku); }
};

struct AskStock {  // how much of it there is, by the cloud
  static constexpr std::string_view kName = "stock";
  std::string sku;
  static void describe(auto& self, auto& fields) { fields("sku", self.sku); }
};

struct Find {  // goods and customers that go by that
  static constexpr std::string_view kName = "find";
  std::string text;
  static void describe(auto& self, auto& fields) { fields("text", self.text); }
};

struct Close {  // closes the app in an orderly way
  static constexpr std::string_view kName = "close";
  static void describe(auto&, auto&) {}
};

using Command =
    std::variant<Enter, SetQuantity, VoidLine, Discount, Tender, SelectCustomer, TakeReward,
                 Complete, Cancel, Refund, Press, Sales, AskState, AskItem, AskStock, LoadPurse,
                 AskPurse, Find, SetLocalMode, TriggerUp, TriggerDown, RestoreService,
                 UnlockManager, Rehearse, ForceResync, CleanUpOld, FullResync, PauseLong,
                 ExportUnsent, AskSync, OpenDay, CloseDay, PayIn, PayOut, SignOut, Reload, Download,
                 Park, Resume, AskOrders, Close>;

// What the till is at, for whoever asks.
struct State {
  Stage stage = Stage::starting;
  sync::Link link = sync::Link::starting;
  sync::Cause cause = sync::Cause::none;
  std::vector<Prompt> prompts;
  std::vector<std::string> cart;  // one text a line: "2 x milk 2.58"
  Money total;
  Money tax;  // of it
  Money due;
  Money change;
  std::optional<CustomerShown> customer;  // of the sale in hand
  Money reward;                           // that is off it
  store::Counters counters;
  store::Health health = store::Health::sound;
  std::uint32_t epoch = 0;
  std::string day;                            // the business day in hand; empty: none is open
  sync::Ladder arrows = sync::Ladder::green;  // the colour of the arrows that open the Sync Manager
  std::int64_t in_step_ms = 0;                // how long ago all was in step, both ways
  std::int64_t local_ms = 0;  // until local mode ends; -1: until it is ended; 0: it is off
  std::optional<sync::Resync::Progress> resync;  // the one that runs, or ran last
  std::optional<RehearsalShown> rehearsal;       // that is under way, or was the last
  std::string order;                             // that waited and is in hand; empty: none

  static void describe(auto& self, auto& fields) {
    fields("stage", self.stage)("link", self.link)("cause", self.cause)("prompts", self.prompts)(
        "cart", self.cart)("total", self.total)("tax", self.tax)("due", self.due)(
        "change", self.change)("customer", self.customer)
        .maybe("reward", self.reward)("counters", self.counters)("health", self.health)("epoch",
                                                                                        self.epoch)
        .maybe("day", self.day)("arrows", self.arrows)("in_step_ms", self.in_step_ms)(
            "local_ms", self.local_ms)("resync", self.resync)("rehearsal", self.rehearsal)
        .maybe("order", self.order);
  }
};

// One thing that the till sells.
struct ItemShown {
  std::string sku;
  std::string name;
  Money price;

  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku)("name", self.name)("price", self.price);
  }
};

inline constexpr std::size_t kMostFound = 20;

// What was found for a text, at most kMostFound of each.
struct Found {
  std::vector<ItemShown> items;
  std::vector<wire::Customer> customers;
  std::vector<PurseShown> balances;  // of these customers, as of when the cloud told of them

  static void describe(auto& self, auto& fields) {
    fields("items", self.items)("customers", self.customers).maybe("balances", self.balances);
  }
};

// What came of a command that was carried out; an Error in its place means that it definitely did
// not happen, but for in_doubt: both copies failed, and only the next start can tell. Each command
// says only what it has to say.
struct Answer {
  std::string sale;    // complete, refund: the event's id
  std::string number;  // complete, refund: the receipt's number
  Money total;         // of the document, or of the cart
  Money change;
  std::optional<State> state;
  std::optional<std::vector<store::SaleRow>> sales;  // newest first
  std::vector<UnpaidOrder> unpaid;                   // sales: those that the cards have not paid
  std::optional<ItemShown> item;
  std::optional<CustomerShown>
      customer;  // customer: who it is, and the points where they are known
  std::optional<Found> found;
  std::optional<SyncManagerShown> manager;
  std::optional<sync::Resync::Progress> resync;   // force_resync: what came of it
  std::optional<StockShown> stock;                // stock: as it is shown
  std::optional<PurseShown> purse;                // purse: likewise
  std::optional<sync::CleanUp::Outcome> cleaned;  // clean_up, full_resync: what came of it
  std::optional<RehearsalShown> rehearsal;        // rehearse: what was tried in it
  std::optional<Exported> exported;               // export: what was written down
  std::string order;                              // park, resume: which one
  std::optional<OrdersShown> orders;              // orders: those that wait

  static void describe(auto& self, auto& fields) {
    fields.maybe("sale", self.sale)
        .maybe("number", self.number)
        .maybe("total", self.total)
        .maybe("change", self.change)("state", self.state)("sales", self.sales)
        .maybe("unpaid", self.unpaid)("item", self.item)("customer", self.customer)(
            "found", self.found)("stock", self.stock)("purse", self.purse)("manager", self.manager)(
            "resync", self.resync)("cleaned", self.cleaned)("rehearsal", self.rehearsal)(
            "exported", self.exported)
        .maybe("order", self.order)("orders", self.orders);
  }
};

}  // namespace tillrig::till
