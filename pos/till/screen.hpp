#pragma once

#include "pos/base/names.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/connectivity.hpp"
#include "pos/sync/freshness.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::till {

using base::Money;
using base::name;

// A question or message to the cashier, as data: whoever shows it also answers it, so that a
// headless run never waits for a click that nobody can make (INV-25). The wording of buttons is the
// articles'.
struct Prompt {
  std::string id;    // "no_internet"
  std::string text;  // what the cashier reads
  std::vector<std::string> buttons;
  bool modal = false;  // nothing else works until it is answered

  bool operator==(const Prompt&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("id", self.id)("text", self.text)("buttons", self.buttons)("modal", self.modal);
  }
};

enum class Stage { starting, register_page, critical, closed };
constexpr auto names_of(Stage) {
  return base::named<Stage>({
      {Stage::starting, "starting"},
      {Stage::register_page, "register"},
      {Stage::critical, "critical"},
      {Stage::closed, "closed"},
  });
}

// What the cashier could see happen, one struct a kind. A new fact is a field here: it reaches the
// control line, and whoever listens there, by this description alone.

struct StageShown {
  static constexpr std::string_view kName = "stage";
  Stage stage = Stage::starting;
  static void describe(auto& self, auto& fields) { fields("stage", self.stage); }
};

struct PromptShown {
  static constexpr std::string_view kName = "prompt";
  Prompt prompt;
  static void describe(auto& self, auto& fields) { fields("prompt", self.prompt); }
};

struct PromptClosed {
  static constexpr std::string_view kName = "prompt_closed";
  std::string prompt;   // its id
  std::string button;   // that was pressed
  std::string because;  // or why it was taken away without an answer
  static void describe(auto& self, auto& fields) {
    fields("prompt", self.prompt).maybe("button", self.button).maybe("because", self.because);
  }
};

struct ConnectionShown {
  static constexpr std::string_view kName = "connection";
  sync::Link link = sync::Link::starting;
  sync::Cause cause = sync::Cause::none;
  std::string text;  // the cause, as the cashier reads it
  static void describe(auto& self, auto& fields) {
    fields("link", self.link)("cause", self.cause)("text", self.text);
  }
};

struct CountersShown {
  static constexpr std::string_view kName = "counters";
  store::Counters counters;
  static void describe(auto& self, auto& fields) {
    store::Counters::describe(self.counters, fields);
  }
};

struct LineAdded {
  static constexpr std::string_view kName = "line_added";
  std::string text;  // the item's name
  Money amount;      // the new total
  static void describe(auto& self, auto& fields) {
    fields("text", self.text)("amount", self.amount);
  }
};

// After every change of the cart, whole.
struct CartShown {
  static constexpr std::string_view kName = "cart";
  std::vector<std::string> lines;  // "2 x milk 2.58"
  Money total;
  Money tax;
  Money due;
  Money change;
  Money reward;  // that is off the total
  static void describe(auto& self, auto& fields) {
    fields("lines", self.lines)("total", self.total)("tax", self.tax)("due", self.due)("change",
                                                                                       self.change);
    fields.maybe("reward", self.reward);
  }
};

// Who the sale in hand is for, after each change of it.
struct CustomerShown {
  static constexpr std::string_view kName = "customer";
  std::string id;                      // empty: nobody in particular
  std::string name;                    // as the cashier reads it
  std::optional<std::int64_t> points;  // only while the cloud itself has said them
  static void describe(auto& self, auto& fields) {
    fields.maybe("id", self.id).maybe("name", self.name)("points", self.points);
  }
};

// How much of an item there is, as the cloud has just said.
struct StockShown {
  static constexpr std::string_view kName = "stock";
  std::string sku;
  base::Quantity quantity;
  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku)("quantity", self.quantity);
  }
};

// Whether a rehearsal is under way, and what was tried in it: what went well, what was not tried.
struct RehearsalShown {
  static constexpr std::string_view kName = "rehearsal";
  bool on = false;
  std::vector<std::string> passed;
  std::vector<std::string> missing;
  static void describe(auto& self, auto& fields) {
    fields("on", self.on).maybe("passed", self.passed).maybe("missing", self.missing);
  }
};

// What is on a gift card, an account (below zero: owed) or is store credit, as the cloud has just
// said, or with `as_of_ms` as it said then, and with what this till has done since.
struct PurseShown {
  static constexpr std::string_view kName = "purse";
  std::string purse;
  std::string of;
  Money balance;
  std::optional<Money> limit;  // how far below zero it may go
  std::int64_t as_of_ms = 0;   // since 1970; 0: now

  bool operator==(const PurseShown&) const = default;
  static void describe(auto& self, auto& fields) {
    fields("purse", self.purse)("of", self.of)("balance", self.balance)("limit", self.limit)
        .maybe("as_of_ms", self.as_of_ms);
  }
};

struct ScanRejected {  // the till beeps
  static constexpr std::string_view kName = "scan_rejected";
  std::string code;
  std::string text;  // why
  static void describe(auto& self, auto& fields) { fields("code", self.code)("text", self.text); }
};

struct Completed {  // the "done" beep: an acknowledgement
  static constexpr std::string_view kName = "completed";
  std::string sale;    // event id
  std::string number;  // "3-0000042"
  Money amount;
  Money change;
  static void describe(auto& self, auto& fields) {
    fields("sale", self.sale)("number", self.number)("amount", self.amount)("change", self.change);
  }
};

// Something of the business day, or the end of an outage, is stored: an acknowledgement, too.
struct Booked {
  static constexpr std::string_view kName = "booked";
  std::string what;   // "day_opened", "cash_moved", "day_closed", "outage_closed"
  std::string event;  // its id
  std::string day;
  Money amount;      // of cash: the float, what was moved, what was counted
  Money difference;  // of a close: counted above what was expected
  static void describe(auto& self, auto& fields) {
    fields("what", self.what)("event", self.event)("day", self.day)("amount", self.amount)
        .maybe("difference", self.difference);
  }
};

// What has become of a payment by card, each time that it changed and is stored.
struct CardShown {
  static constexpr std::string_view kName = "card";
  std::string attempt;
  std::string order;
  wire::AttemptState state = wire::AttemptState::created;
  Money amount;
  std::uint64_t resyncs = 0;
  wire::Channel from = wire::Channel::none;  // who said so last
  std::string text;
  static void describe(auto& self, auto& fields) {
    fields("attempt", self.attempt)("order", self.order)("state", self.state)("amount", self.amount)
        .maybe("resyncs", self.resyncs)
        .maybe("from", self.from)
        .maybe("text", self.text);
  }
};

struct Refused {
  static constexpr std::string_view kName = "refused";
  std::string code;
  std::string text;  // why
  static void describe(auto& self, auto& fields) { fields("code", self.code)("text", self.text); }
};

// The LAN of the shop as this till sees it, after each change.
struct LanShown {
  static constexpr std::string_view kName = "lan";
  std::string hub;  // empty: none is known
  std::uint64_t hub_epoch = 0;
  std::uint64_t there = 0;  // so many other tills are heard
  std::uint64_t open = 0;   // orders that wait, or are in hand somewhere

  bool operator==(const LanShown&) const = default;
  static void describe(auto& self, auto& fields) {
    fields.maybe("hub", self.hub).maybe("hub_epoch", self.hub_epoch).maybe("there", self.there);
    fields.maybe("open", self.open);
  }
};

using Shown =
    std::variant<StageShown, PromptShown, PromptClosed, ConnectionShown, CountersShown, LineAdded,
                 CartShown, CustomerShown, StockShown, PurseShown, RehearsalShown, ScanRejected,
                 Completed, Booked, CardShown, LanShown, Refused>;

// Whoever looks at the till.
class Screen {
 public:
  virtual ~Screen() = default;
  virtual void show(const Shown& shown) = 0;
};

}  // namespace tillrig::till
