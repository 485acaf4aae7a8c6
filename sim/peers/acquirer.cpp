#include "sim/peers/acquirer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tillrig::peers {

using Errand = CardQuestion::Errand;

CardDecision Acquirer::decide(const CardQuestion& question, const CardManner& manner, Instant now) {
  Duration late = kAnswers + manner.late;
  bool hears = manner.answers;
  bool refuses = false;
  for (const auto& [id, trouble] : troubles_) {
    if (trouble.slower > Duration{} || trouble.silent || trouble.refuses) fired(id);
    late += trouble.slower;
    hears = hears && !trouble.silent;
    refuses = refuses || trouble.refuses;
  }
  CardDecision decision;
  if (question.errand == Errand::reverse) {
    decision = reverse(question, now);
  } else if (question.errand == Errand::settle) {
    decision.approved = true;
    for (auto& [key, booking] : bookings_) {
      if (key.first != question.terminal || !booking.charged || booking.reversed) continue;
      if (!std::exchange(booking.captured, true)) write(Settlement::Kind::capture, booking, now);
    }
  } else {
    const auto [at, fresh] = bookings_.try_emplace({question.terminal, question.trace});
    Booking& booking = at->second;
    if (fresh) {
      booking.question = question;
      booking.amount = manner.takes.value_or(question.amount);
      booking.currency = manner.currency.empty() ? question.currency : manner.currency;
      booking.decision.approved = manner.approves && !refuses;
      booking.decision.amount = booking.amount;
      booking.decision.currency = booking.currency;
      if (booking.decision.approved) booking.decision.code = fmt::format("{:06}", ++codes_);
      booking.charged = booking.decision.approved && manner.books;
      if (booking.charged) {
        write(Settlement::Kind::charge, booking, now);
        owe(booking, CardWord::Outcome::approved, now);
      } else if (!booking.decision.approved) {
        owe(booking, CardWord::Outcome::declined, now);
      }
    }
    decision = booking.decision;  // a repeat is answered as it was
    if (booking.reversed) decision.approved = false;
  }
  decision.answer_at = hears ? now + late : Instant::never();
  return decision;
}

// Also of what never came: should it still come, it is not charged.
CardDecision Acquirer::reverse(const CardQuestion& question, Instant now) {
  CardDecision decision;
  decision.approved = true;
  const auto [at, fresh] = bookings_.try_emplace({question.terminal, question.trace});
  Booking& booking = at->second;
  if (fresh) booking.question = question;
  if (std::exchange(booking.reversed, true) || !booking.charged) return decision;
  write(Settlement::Kind::reversal, booking, now);
  owe(booking, CardWord::Outcome::reversed, now);
  return decision;
}

void Acquirer::asked_about(const std::string& attempt, Money amount, const std::string& currency,
                           Instant now) {
  const bool known = std::any_of(bookings_.begin(), bookings_.end(), [&](const auto& each) {
    return each.second.question.attempt == attempt && each.second.charged;
  });
  const bool told = std::any_of(words_.begin(), words_.end(),
                                [&](const CardWord& word) { return word.attempt == attempt; });
  if (known || told) return;
  words_.push_back({now, attempt, CardWord::Outcome::declined, amount, currency});
  if (changed_) changed_();
}

void Acquirer::capture(Instant now) {
  for (auto& [key, booking] : bookings_) {
    if (!booking.charged || booking.reversed || std::exchange(booking.captured, true)) continue;
    write(Settlement::Kind::capture, booking, now);
  }
}

void Acquirer::write(Settlement::Kind kind, const Booking& booking, Instant now) {
  const CardQuestion& question = booking.question;
  file_.push_back({now, kind, question.attempt, question.till, question.terminal, question.trace,
                   booking.amount, booking.currency});
}

void Acquirer::owe(const Booking& booking, CardWord::Outcome outcome, Instant now) {
  if (booking.question.attempt.empty()) return;  // nobody could look it up
  int times = 1;
  for (const auto& [id, trouble] : troubles_) {
    if (trouble.doubles) times = 2;
    if (trouble.doubles || trouble.quiet) fired(id);
  }
  const CardWord word{now + kTells, booking.question.attempt, outcome, booking.amount,
                      booking.currency};
  for (; times > 0; --times) words_.push_back(word);
  if (changed_) changed_();
}

void Acquirer::end(words::FaultId id) {
  troubles_.erase(id);
  if (changed_) changed_();
}

bool Acquirer::by_amount(bool chosen) {
  bool any = false;
  for (const auto& [id, trouble] : troubles_) {
    if (!trouble.by_amount) continue;
    any = true;
    if (chosen) fired(id);
  }
  return any;
}

Instant Acquirer::tells_at() const {
  const bool quiet = std::any_of(troubles_.begin(), troubles_.end(),
                                 [](const auto& each) { return each.second.quiet; });
  return words_.empty() || quiet ? Instant::never() : words_.front().due;
}

const CardWord* Acquirer::next_word(Instant now) const {
  return tells_at() <= now ? &words_.front() : nullptr;
}

void Acquirer::told() {
  if (!words_.empty()) words_.pop_front();
}

}  // namespace tillrig::peers
