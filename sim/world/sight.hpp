#pragma once

#include "pos/base/money.hpp"
#include "sim/oracle/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::world {

// What an outsider sees of a till, in the rig's own words: the fields of the control line, each
// described once (base/json_fields.hpp). Amounts are those of the shop's currency. A field that a
// till leaves out says nothing.

// A question or message that stands on the screen.
struct Prompt {
  std::string id;  // "no_internet"
  std::string text;
  std::vector<std::string> buttons;
  bool modal = false;  // nothing else works until it is answered

  static void describe(auto& self, auto& fields) {
    fields("id", self.id).maybe("text", self.text).maybe("buttons", self.buttons);
    fields.maybe("modal", self.modal);
  }
};

// Whose the sale in hand is.
struct CustomerSeen {
  std::string id;
  std::string name;
  std::optional<std::int64_t> points;  // nothing: the till does not show them

  static void describe(auto& self, auto& fields) {
    fields.maybe("id", self.id).maybe("name", self.name)("points", self.points);
  }
};

// What the till says of the documents that it has to send.
struct Counters {
  std::uint64_t pending = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t uploaded = 0;
  base::Money value;           // of the pending ones
  std::int64_t oldest_ms = 0;  // of the pending ones, since 1970; 0: there is none

  static void describe(auto& self, auto& fields) {
    fields.maybe("pending", self.pending).maybe("quarantined", self.quarantined);
    fields.maybe("uploaded", self.uploaded).maybe("value", self.value);
    fields.maybe("oldest_ms", self.oldest_ms);
  }
};

// How far a forced resync is.
struct ResyncSeen {
  std::string stage;  // "running", "interrupted", "done"
  std::uint64_t done = 0;
  std::uint64_t all = 0;
  std::uint64_t missing = 0;
  std::uint64_t different = 0;

  static void describe(auto& self, auto& fields) {
    fields("stage", self.stage).maybe("done", self.done).maybe("all", self.all);
    fields.maybe("missing", self.missing).maybe("different", self.different);
  }
};

// What a clean-up came to.
struct CleanedSeen {
  std::uint64_t removed = 0;
  std::uint64_t unconfirmed = 0;
  std::uint64_t bytes = 0;

  static void describe(auto& self, auto& fields) {
    fields.maybe("removed", self.removed).maybe("unconfirmed", self.unconfirmed);
    fields.maybe("bytes", self.bytes);
  }
};

// A rehearsal of local mode: what was tried in it.
struct RehearsalSeen {
  bool on = false;
  std::vector<std::string> passed;
  std::vector<std::string> missing;

  static void describe(auto& self, auto& fields) {
    fields("on", self.on).maybe("passed", self.passed).maybe("missing", self.missing);
  }
};

// What the till is at.
struct State {
  std::string stage;  // "starting", "register", "critical", "closed"
  std::string link;   // "starting", "online", "suspect", "offline"
  std::string cause;  // "none", "dns", ...
  std::vector<Prompt> prompts;
  std::vector<std::string> cart;  // a text a line
  base::Money total;
  base::Money tax;  // of it
  base::Money due;
  Counters counters;
  base::Money change;
  std::optional<CustomerSeen> customer;
  std::string health;  // "sound", "degraded", "critical"
  std::uint32_t epoch = 0;
  std::string day;                   // the business day in hand; empty: none is open
  std::string arrows;                // "green", "blue", "amber", "red"
  std::int64_t in_step_ms = 0;       // how long ago it was
  std::int64_t local_ms = 0;         // until local mode ends; -1: when it is ended; 0: off
  std::optional<ResyncSeen> resync;  // the one that runs, or ran last
  std::optional<RehearsalSeen> rehearsal;

  static void describe(auto& self, auto& fields) {
    fields("stage", self.stage).maybe("link", self.link).maybe("cause", self.cause);
    fields.maybe("prompts", self.prompts).maybe("cart", self.cart).maybe("total", self.total);
    fields.maybe("tax", self.tax)
        .maybe("due", self.due)
        .maybe("change", self.change)
        .maybe("counters", self.counters);
    fields("customer", self.customer);
    fields.maybe("health", self.health).maybe("epoch", self.epoch).maybe("day", self.day);
    fields.maybe("arrows", self.arrows).maybe("in_step_ms", self.in_step_ms);
    fields.maybe("local_ms", self.local_ms)("resync", self.resync)("rehearsal", self.rehearsal);
  }
};

// A row of Register Sales.
struct SaleRow {
  std::string sale;  // event id
  std::string kind;  // "sale", "refund"
  std::uint32_t epoch = 0;
  std::uint64_t number = 0;
  base::Money total;
  std::int64_t wall_ms = 0;  // since 1970
  std::string sync;          // "queued", "acked", "quarantined"
  std::string why;

  static void describe(auto& self, auto& fields) {
    fields("sale", self.sale).maybe("kind", self.kind).maybe("epoch", self.epoch);
    fields.maybe("number", self.number).maybe("total", self.total).maybe("wall_ms", self.wall_ms);
    fields.maybe("sync", self.sync).maybe("why", self.why);
  }
};

// One thing that the till sells.
struct Sold {
  std::string sku;
  std::string name;
  base::Money price;

  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku).maybe("name", self.name)("price", self.price);
  }
};

// Somebody whom the till knows.
struct KnownCustomer {
  std::string id;
  std::string name;
  std::string phone;
  std::string card;

  static void describe(auto& self, auto& fields) {
    fields("id", self.id)("name", self.name);
    fields.maybe("phone", self.phone).maybe("card", self.card);
  }
};

// How much of an item a till says that there is.
struct StockSeen {
  std::string sku;
  base::Quantity quantity;

  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku)("quantity", self.quantity);
  }
};

// What a till says can be spent of a purse.
struct PurseSeen {
  std::string purse;
  std::string of;
  base::Money balance;
  std::int64_t as_of_ms = 0;  // since 1970; 0: now

  static void describe(auto& self, auto& fields) {
    fields("purse", self.purse)("of", self.of)("balance", self.balance);
    fields.maybe("as_of_ms", self.as_of_ms);
  }
};

// What a till found for a text.
struct FoundThere {
  std::vector<Sold> items;
  std::vector<KnownCustomer> customers;
  std::vector<PurseSeen> balances;  // of these

  static void describe(auto& self, auto& fields) {
    fields.maybe("items", self.items).maybe("customers", self.customers);
    fields.maybe("balances", self.balances);
  }
};

// One use of a control of the Sync Manager, as it lists it.
struct ManagerUseSeen {
  std::int64_t wall_ms = 0;
  std::string control;
  std::string outcome;

  bool operator==(const ManagerUseSeen&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("control", self.control).maybe("wall_ms", self.wall_ms).maybe("outcome", self.outcome);
  }
};

// What stands in the Sync Manager.
struct SyncManager {
  Counters counters;
  std::uint64_t under_way = 0;  // of the pending ones, on their way now
  std::vector<std::string> controls;
  bool locked = false;
  std::vector<ManagerUseSeen> used;  // newest first
  std::string advice;

  static void describe(auto& self, auto& fields) {
    fields("counters", self.counters).maybe("under_way", self.under_way);
    fields.maybe("controls", self.controls).maybe("locked", self.locked).maybe("used", self.used);
    fields.maybe("advice", self.advice);
  }
};

// An order that waits, as a till lists it.
struct OrderSeen {
  std::string order;
  std::string label;
  base::Money total;
  std::string state;  // "parked", "in_hand"
  std::string till;   // that holds it
  std::string at;     // "local", "lan"

  static void describe(auto& self, auto& fields) {
    fields("order", self.order).maybe("label", self.label).maybe("total", self.total);
    fields.maybe("state", self.state).maybe("till", self.till).maybe("at", self.at);
  }
};

// The orders that wait, and the other tills as this one hears them.
struct OrdersSeen {
  std::vector<OrderSeen> open;
  std::string hub;
  std::uint64_t hub_epoch = 0;
  std::vector<std::string> there;

  static void describe(auto& self, auto& fields) {
    fields.maybe("open", self.open).maybe("hub", self.hub).maybe("hub_epoch", self.hub_epoch);
    fields.maybe("there", self.there);
  }
};

// What a till wrote down of what the cloud has not got.
struct ExportSeen {
  std::string file;
  std::vector<std::string> sales;

  static void describe(auto& self, auto& fields) {
    fields.maybe("file", self.file).maybe("sales", self.sales);
  }
};

// An order in Register Sales that was closed while nobody knew whether its card was charged.
struct UnpaidSeen {
  std::string order;
  std::string attempt;
  base::Money amount;
  std::string label;
  std::string state;
  std::string text;
  std::int64_t checked_ms = 0;  // since 1970; 0: not yet
  std::vector<std::string> options;

  static void describe(auto& self, auto& fields) {
    fields("order", self.order).maybe("attempt", self.attempt).maybe("amount", self.amount);
    fields.maybe("label", self.label).maybe("state", self.state).maybe("text", self.text);
    fields.maybe("checked_ms", self.checked_ms).maybe("options", self.options);
  }
};

// What came back for an order that was carried out.
struct Reply {
  std::string sale;    // complete, refund: the document's id
  std::string number;  // and its receipt's
  base::Money total;
  base::Money change;
  std::optional<State> state;
  std::vector<SaleRow> sales;  // newest first
  std::vector<UnpaidSeen> unpaid;
  std::optional<Sold> item;
  std::optional<FoundThere> found;
  std::optional<SyncManager> manager;
  std::optional<ResyncSeen> resync;
  std::optional<StockSeen> stock;
  std::optional<PurseSeen> purse;
  std::optional<CleanedSeen> cleaned;
  std::optional<ExportSeen> exported;
  std::string order;  // park, resume: which one
  std::optional<OrdersSeen> orders;

  static void describe(auto& self, auto& fields) {
    fields.maybe("sale", self.sale).maybe("number", self.number).maybe("total", self.total);
    fields.maybe("change", self.change)("state", self.state);
    fields.maybe("sales", self.sales)
        .maybe("unpaid", self.unpaid)("item", self.item)("found", self.found)("stock", self.stock);
    fields("purse", self.purse);
    fields("manager", self.manager)("resync", self.resync)("cleaned", self.cleaned);
    fields("exported", self.exported).maybe("order", self.order)("orders", self.orders);
  }
};

// One thing that the cashier could see happen. `facts` has every number and text of it by name;
// of a prompt that was opened, `prompt` has the rest.
struct Shown {
  std::string kind;  // "stage", "prompt", "completed", ...
  oracle::Facts facts;
  Prompt prompt;
};

}  // namespace tillrig::world
