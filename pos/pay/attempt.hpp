#pragma once

#include "pos/base/result.hpp"
#include "pos/base/time.hpp"
#include "pos/wire/attempt.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::pay {

using base::Money;
using base::Result;
using wire::AttemptState;
using wire::Channel;

// One attempt to be paid by card, in a running till: what lasts of it, and what a restart forgets.
struct Attempt : wire::Attempt {
  base::Instant requested;                           // never before it was sent by this run
  base::Instant asked;                               // when the question that is under way was sent
  base::Instant ask_again = base::Instant::never();  // it was in progress
  bool asking = false;
  bool reversing = false;
  bool pressed = false;  // the question that is under way is the cashier's

  bool operator==(const Attempt&) const = default;
};

// What somebody says of a payment.
struct Told {
  enum class What { approved, declined, aborted, in_progress, not_found, reversed, no_answer };
  Channel channel = Channel::terminal;
  std::string asked;      // the attempt that was asked about; empty: told unasked
  std::string reference;  // the attempt that the answer is of; as `asked` where nothing was found
  What what = What::no_answer;
  Money amount;
  std::string currency;
  std::string slip;
  std::string why;
};
constexpr auto names_of(Told::What) {
  return base::named<Told::What>({
      {Told::What::approved, "approved"},
      {Told::What::declined, "declined"},
      {Told::What::aborted, "aborted"},
      {Told::What::in_progress, "in_progress"},
      {Told::What::not_found, "not_found"},
      {Told::What::reversed, "reversed"},
      {Told::What::no_answer, "no_answer"},
  });
}
using base::name;

// What happens to the coordinator.
struct Begin {  // the cashier takes a card for what an order comes to
  std::string id;
  std::string order;
  Money amount;
  std::string currency;
  std::string terminal;
  std::string since = {};  // where it stands now
};
struct NotKept {  // what had to be durable before more was done is not
  std::string id;
  std::string why;
};
struct PressCancel {
  std::string id;
};
struct PressResync {
  std::string id;
};
struct PressClose {  // Close & back to Register
  std::string id;
};
struct LineLost {};  // to the terminal
// The app was opened again, the store was reloaded, the day ends, somebody pressed Download: what
// can be asked now is asked, and no press is used up. An empty id: all.
struct AskNow {
  std::string id;
  bool terminal = true;
  bool oms = true;
};
struct OrderDead {  // it was voided, or paid in another way
  std::string order;
};
struct Tick {};

using Event = std::variant<Begin, NotKept, PressCancel, PressResync, PressClose, LineLost, AskNow,
                           OrderDead, Told, Tick>;

// What the coordinator wants done, in this order; when `keep` fails the rest is not done.
struct Action {
  enum class Kind {
    keep,         // make the attempt durable as it is here
    send,         // ask the terminal for the money
    abort,        // ask the terminal to let go of it
    ask,          // ask the terminal what became of it; what it never heard of it must never take
    ask_oms,      // ask the cloud
    reverse,      // send the money back
    complete,     // the order is paid: points, stock, receipt, postings, once
    back_to_pay,  // the order is in hand and can be paid in any way
    close_order,  // as unpaid; the cart is empty
    not_charged,  // the order was closed, and nothing was taken: it is void
    say,          // a sentence to the cashier, or to whoever reads the log
  };
  Kind kind = Kind::say;
  Attempt attempt;
  std::string text;
  bool fences = true;  // a question: what the terminal has not heard of it never takes
};
constexpr auto names_of(Action::Kind) {
  return base::named<Action::Kind>({
      {Action::Kind::keep, "keep"},
      {Action::Kind::send, "send"},
      {Action::Kind::abort, "abort"},
      {Action::Kind::ask, "ask"},
      {Action::Kind::ask_oms, "ask_oms"},
      {Action::Kind::reverse, "reverse"},
      {Action::Kind::complete, "complete"},
      {Action::Kind::back_to_pay, "back_to_pay"},
      {Action::Kind::close_order, "close_order"},
      {Action::Kind::not_charged, "not_charged"},
      {Action::Kind::say, "say"},
  });
}

}  // namespace tillrig::pay
