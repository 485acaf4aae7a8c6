#pragma once

#include "pos/base/money.hpp"
#include "pos/base/names.hpp"
#include "pos/base/time.hpp"
#include "sim/words/fault.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::peers {

using base::Duration;
using base::Instant;
using base::Money;

// What a terminal asks of whoever takes the cards' money.
struct CardQuestion {
  enum class Errand { authorise, advise, reverse, settle };
  Errand errand = Errand::authorise;
  std::string till;
  std::string terminal;
  std::uint32_t trace = 0;  // with the terminal it names the transaction for ever
  std::string attempt;      // the till's word for it; empty: not known
  Money amount;
  std::string currency;
};

// How a card's bank treats a payment, where it does not simply approve it.
struct CardManner {
  bool approves = true;
  bool books = true;           // charged, where it is approved
  bool answers = true;         // else nobody hears of it
  Duration late{};             // later than usual
  std::optional<Money> takes;  // another amount than was asked for
  std::string currency;        // empty: as asked
};

// What the terminal is told, and when.
struct CardDecision {
  bool approved = false;
  Money amount;
  std::string currency;
  std::string code;                      // of the authorisation
  Instant answer_at = Instant::never();  // never: it is not told
};

// A row of the settlement file.
struct Settlement {
  enum class Kind { charge, capture, reversal };
  Instant at;
  Kind kind = Kind::charge;
  std::string attempt;
  std::string till;
  std::string terminal;
  std::uint32_t trace = 0;
  Money amount;
  std::string currency;
};
constexpr auto names_of(Settlement::Kind) {
  using Kind = Settlement::Kind;
  return base::named<Kind>(
      {{Kind::charge, "charge"}, {Kind::capture, "capture"}, {Kind::reversal, "reversal"}});
}

// What it tells the shop's cloud of an attempt.
struct CardWord {
  enum class Outcome { approved, declined, reversed };
  Instant due;
  std::string attempt;
  Outcome outcome = Outcome::approved;
  Money amount;
  std::string currency;
};
constexpr auto names_of(CardWord::Outcome) {
  using Outcome = CardWord::Outcome;
  return base::named<Outcome>({{Outcome::approved, "approved"},
                               {Outcome::declined, "declined"},
                               {Outcome::reversed, "reversed"}});
}

// The acquirer: books each transaction once, keeps the settlement file, and has words for the
// cloud. Sans-I/O; whoever carries its answers and words asks it again and again.
class Acquirer final : public words::Target {
 public:
  static constexpr Duration kAnswers = std::chrono::milliseconds(800);
  static constexpr Duration kTells = std::chrono::seconds(10);  // the cloud, after it was decided

  CardDecision decide(const CardQuestion& question, const CardManner& manner, Instant now);
  // The shop asks about an attempt that it does not know how to settle: where nothing was ever
  // asked for under that name the cloud is told so.
  void asked_about(const std::string& attempt, Money amount, const std::string& currency,
                   Instant now);
  // What has been charged and not sent back is captured; each once.
  void capture(Instant now);

  [[nodiscard]] const std::vector<Settlement>& file() const { return file_; }

  // The next word that is due, if any; it stays the first until told() says that it got through,
  // or will not.
  [[nodiscard]] const CardWord* next_word(Instant now) const;
  void told();
  // When next_word() has something; never: nothing is owed, or it keeps silent.
  [[nodiscard]] Instant tells_at() const;
  [[nodiscard]] std::size_t owed() const { return words_.size(); }

  // Faults of its own; each is ended by its id.
  struct Trouble {
    Duration slower{};       // all answers
    bool silent = false;     // it does what it is asked, and nobody hears of it
    bool refuses = false;    // every card
    bool quiet = false;      // it tells the cloud nothing
    bool doubles = false;    // it tells the cloud everything twice
    bool by_amount = false;  // outcomes follow the last two digits of the amount
  };
  void begin(words::FaultId id, Trouble trouble) { troubles_[id] = trouble; }
  void end(words::FaultId id);
  // Whether outcomes follow the amounts now; `chosen`: one does.
  bool by_amount(bool chosen);
  // Called when next_word() may have something sooner than it said.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

 private:
  struct Booking {
    CardQuestion question;
    Money amount;
    std::string currency;
    bool charged = false;
    bool captured = false;
    bool reversed = false;
    CardDecision decision;
  };
  void write(Settlement::Kind kind, const Booking& booking, Instant now);
  void owe(const Booking& booking, CardWord::Outcome outcome, Instant now);
  CardDecision reverse(const CardQuestion& question, Instant now);

  std::map<std::pair<std::string, std::uint32_t>, Booking> bookings_;  // by terminal and trace
  std::vector<Settlement> file_;
  std::deque<CardWord> words_;  // by due
  std::map<words::FaultId, Trouble> troubles_;
  std::function<void()> changed_;
  std::uint32_t codes_ = 0;
};

}  // namespace tillrig::peers
