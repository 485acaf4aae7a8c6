#pragma once

#include "devices/terminal/payment.hpp"
#include "pos/base/bytes.hpp"
#include "pos/base/names.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"

#include <string>
#include <variant>
#include <vector>

namespace tillrig::terminal {

// What a driver was asked.
enum class Question { pay, ask, reverse, end_of_day };

constexpr auto names_of(Question) {
  return base::named<Question>({
      {Question::pay, "pay"},
      {Question::ask, "ask"},
      {Question::reverse, "reverse"},
      {Question::end_of_day, "end_of_day"},
  });
}

// Where a payment is, as far as the terminal says.
enum class Step {
  started,  // the terminal has taken the command
  waiting_for_card,
  reading_pin,
  wrong_pin,  // and asks for it again
  authorising,
  reversing,  // it gives back what it had charged, by itself
  remove_card,
  please_wait,
  other,
};

constexpr auto names_of(Step) {
  return base::named<Step>({
      {Step::started, "started"},
      {Step::waiting_for_card, "waiting_for_card"},
      {Step::reading_pin, "reading_pin"},
      {Step::wrong_pin, "wrong_pin"},
      {Step::authorising, "authorising"},
      {Step::reversing, "reversing"},
      {Step::remove_card, "remove_card"},
      {Step::please_wait, "please_wait"},
      {Step::other, "other"},
  });
}

// The terminal can be asked to pay from now on: TerminalDriver::bookmark() is known.
struct Ready {
  std::string terminal_id;
};

// It is connected, and says why it takes no payment now. Asked again by itself.
struct NotReady {
  Reason reason = Reason::none;
  std::string sentence;
};

struct Progress {
  std::string reference;
  Step step = Step::other;
  std::string sentence;  // "the terminal waits for a card"
};

// Exactly one for each question that was accepted. `reference` is the charge's; empty for an end
// of day.
struct Answered {
  std::string reference;
  Question question = Question::pay;
  Outcome outcome;
};

// What came of abort(). Accepted or not, the payment's own answer still comes.
struct AbortAnswered {
  bool accepted = false;
  std::string sentence;
};

// The terminal prints through the till: the lines of a receipt.
struct Printed {
  std::vector<std::string> lines;
};

// Something came that cannot be read or that nobody asked for. Never an answer.
struct Rubbish {
  base::Bytes bytes;
  std::string sentence;
};

// The driver gives this connection up: close it, call line_down(), connect anew.
struct HangUp {
  std::string sentence;
};

using TerminalEvent =
    std::variant<Ready, NotReady, Progress, Answered, AbortAnswered, Printed, Rubbish, HangUp>;

// The till's side of a card terminal, whichever protocol it speaks. Sans-I/O: the caller owns the
// line, says when it comes and goes, hands in what it reads, writes what take_bytes() gives, polls
// at poll_at(), and takes the events after each call.
//
// An outcome that is not proved is `unknown`, never `failed`: whatever was in flight when the line
// was lost or the terminal fell silent. A question that is refused with an Error was not sent, and
// has no Answered; so after pay() fails nothing is charged.
//
// One question at a time. Only ask() may be put as soon as the line is up; the others wait for
// Ready.
class TerminalDriver {
 public:
  virtual ~TerminalDriver() = default;

  virtual void line_up(base::Instant now) = 0;
  virtual void line_down(base::Instant now) = 0;
  virtual void feed(base::ByteView bytes, base::Instant now) = 0;
  virtual void poll(base::Instant now) = 0;
  [[nodiscard]] virtual base::Instant poll_at() const = 0;
  // What to write now; empty when there is nothing.
  [[nodiscard]] virtual base::Bytes take_bytes() = 0;
  [[nodiscard]] virtual std::vector<TerminalEvent> take_events() = 0;

  // Where the terminal stands now, for Charge::since; empty until Ready has come once.
  [[nodiscard]] virtual std::string bookmark() const = 0;
  [[nodiscard]] virtual bool ready() const = 0;
  // The reference of the payment, question or reversal in flight; empty: idle.
  [[nodiscard]] virtual std::string in_flight() const = 0;

  // Errors of all: unreachable (no line), busy (another question is in flight), bad_input.
  virtual base::Result<void> pay(const Charge& charge, base::Instant now) = 0;
  // What became of an attempt that was sent earlier, in this run or another.
  virtual base::Result<void> ask(const Charge& charge, base::Instant now) = 0;
  // Stops the payment in flight, if the terminal still can. Errors: not_found, nothing is.
  virtual base::Result<void> abort(base::Instant now) = 0;
  // Gives back what this slip says was charged for the attempt.
  virtual base::Result<void> reverse(const Charge& charge, const CardSlip& slip,
                                     base::Instant now) = 0;
  virtual base::Result<void> end_of_day(base::Instant now) = 0;
};

}  // namespace tillrig::terminal
