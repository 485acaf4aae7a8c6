#pragma once

#include "pos/base/ids.hpp"
#include "pos/base/money.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/connectivity.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// A question or message to the cashier, as data: whoever shows it also answers it, so that a
// headless run never waits for a click that nobody can make (INV-25). The wording of buttons is the
// articles'.
struct Prompt {
  std::string id;    // "no_internet"
  std::string text;  // what the cashier reads
  std::vector<std::string> buttons;
  bool modal = false;  // nothing else works until it is answered

  bool operator==(const Prompt&) const = default;
};

enum class Stage { starting, register_page, critical, closed };
std::string_view name(Stage stage);

// One thing that the cashier could see happen.
struct Shown {
  enum class Kind {
    stage,          // stage
    prompt,         // prompt
    prompt_closed,  // prompt.id, text: the button
    connection,     // link, cause, text
    counters,       // counters
    line_added,     // text: item; amount: the new total
    scan_rejected,  // text: why; the till beeps
    completed,      // sale, number, amount: total, change: the "done" beep; an acknowledgement
    refused,        // text: why; code
  };

  Kind kind = Kind::stage;
  Stage stage = Stage::starting;
  Prompt prompt;
  sync::Link link = sync::Link::starting;
  sync::Cause cause = sync::Cause::none;
  store::Counters counters;
  std::string sale;    // event id
  std::string number;  // "3-0000042"
  base::Money amount;
  base::Money change;
  std::string code;
  std::string text;
};

std::string_view name(Shown::Kind kind);

// Whoever looks at the till: the world in a simulation, the control line on a host.
class Screen {
 public:
  virtual ~Screen() = default;
  virtual void show(const Shown& shown) = 0;
};

}  // namespace tillrig::till
