#pragma once

#include "pos/base/money.hpp"
#include "sim/oracle/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::world {

// What an outsider sees of a till, in the rig's own words: the fields of the control line. Amounts
// are those of the shop's currency.

// A question or message that stands on the screen.
struct Prompt {
  std::string id;  // "no_internet"
  std::string text;
  std::vector<std::string> buttons;
  bool modal = false;  // nothing else works until it is answered
};

// What the till says of the documents that it has to send.
struct Counters {
  std::uint64_t pending = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t uploaded = 0;
  base::Money value;           // of the pending ones
  std::int64_t oldest_ms = 0;  // of the pending ones, since 1970; 0: there is none
};

// What the till is at.
struct State {
  std::string stage;  // "starting", "register", "critical", "closed"
  std::string link;   // "starting", "online", "suspect", "offline"
  std::string cause;  // "none", "dns", ...
  std::vector<Prompt> prompts;
  std::vector<std::string> cart;  // a text a line
  base::Money total;
  base::Money due;
  Counters counters;
  std::string health;  // "sound", "degraded", "critical"
  std::uint32_t epoch = 0;
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
};

// What came back for an order that was carried out.
struct Reply {
  std::string sale;    // complete, refund: the document's id
  std::string number;  // and its receipt's
  base::Money total;
  base::Money change;
  std::optional<State> state;
  std::vector<SaleRow> sales;  // newest first
};

// One thing that the cashier could see happen. `facts` has every number and text of it by name;
// of a prompt that was opened, `prompt` has the rest.
struct Shown {
  std::string kind;  // "stage", "prompt", "completed", ...
  oracle::Facts facts;
  Prompt prompt;
};

}  // namespace tillrig::world
