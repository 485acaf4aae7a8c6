#include "pos/pay/coordinator.hpp"

#include "pos/base/assert.hpp"
#include "pos/pay/acts.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::pay {

using base::Code;
using base::fail;

namespace {

// The bugs of domain 2.3 and the rules of its model check, each with a switch of its name.
const base::Mutant kCancelIsLocal{
    "cancel_is_local", "INV-09", "domain 3.5, model check",
    "Cancel lets go of the payment at the till alone: the terminal goes on"};
constexpr std::string_view kNotFoundIsFinal = "not_found_is_final";
const base::Mutant kOtherTender{
    "other_tender_while_unknown", "INV-35", "domain 3.5, model check",
    "other money is taken while nobody knows whether the card was charged"};
const base::Mutant kVoidWhileUnknown{
    "void_while_unknown", "INV-35", "domain 3.5, model check",
    "an order is voided while nobody knows whether its card was charged"};
const base::Mutant kNotDurable{"intent_not_durable", "INV-09", "domain 3.5, model check",
                               "the terminal is asked before the attempt is on the disk"};
const base::Mutant kNewCharge{"retry_new_charge", "INV-08",
                              "odoo/odoo#74972, stripe-terminal-android#747",
                              "Re-sync asks for the money again, under another name"};
const base::Mutant kSecondIntent{"second_intent_allowed", "INV-08",
                                 "woocommerce-payments#6203, #6670",
                                 "a card is taken once more while nobody knows of the first"};
const base::Mutant kWebhookOnly{"webhook_only", "INV-11", "odoo/odoo#207425",
                                "what became of a payment is waited for and never asked"};
const base::Mutant kStoredDropped{
    "stored_payment_dropped", "INV-09", "stripe-terminal-ios#261, stripe-terminal-android#485",
    "a till that is opened again forgets the payments that it left open"};

constexpr std::string_view kNoReversal = "no_automatic_reversal";
const base::Mutant kWrongOrder{"result_to_wrong_order", "INV-09", "odoo/odoo#75246",
                               "an approval goes to whichever payment is under way"};
const base::Mutant kDeletedOnRead{"result_deleted_on_read", "INV-11", "odoo/odoo#79680",
                                  "the answer to Re-sync is dropped when it is read"};
const base::Mutant kWithoutCapture{"done_without_capture", "INV-10", "odoo/odoo#261521",
                                   "an order counts as paid while the terminal is still at it"};
const base::Mutant kForceDone{"force_done_on_error", "INV-10", "odoo/odoo#173119, #198014",
                              "an order whose card was declined counts as paid"};

const base::Mutant kPressesFree{"resync_uncounted", "INV-34", "a fault planted by a reviewer",
                                "a press of Re-sync that brings no answer does not count"};
const base::Mutant kPartPays{"partial_is_paid", "INV-10", "a fault planted by a reviewer",
                             "an approval of a part of it pays all of it"};
const base::Mutant kAppliedTwice{"result_applied_twice", "INV-41", "domain 1.3, MP-26",
                                 "a payment that is told of by both channels completes two sales"};

using Kind = Action::Kind;
using What = Told::What;

// Whether the cashier may ask what became of it.
bool is_in_doubt(const Attempt& attempt) {
  return attempt.state == AttemptState::unknown || attempt.state == AttemptState::wrong_attempt;
}

std::string unresolved(const Attempt& attempt) {
  return fmt::format("payment_unresolved: whether the card paid {} is not known yet ({}, {})",
                     in_words(attempt.amount, attempt.currency), attempt.id, name(attempt.state));
}

}  // namespace

const Attempt* Coordinator::find(std::string_view id) const {
  const auto found = std::find_if(attempts_.begin(), attempts_.end(),
                                  [&](const Attempt& each) { return each.id == id; });
  return found == attempts_.end() ? nullptr : &*found;
}

Attempt* Coordinator::at(std::string_view id) {
  return const_cast<Attempt*>(find(id));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

const Attempt* Coordinator::in_hand() const {
  const auto found = std::find_if(attempts_.begin(), attempts_.end(), [](const Attempt& each) {
    return wire::is_unresolved(each.state) && !each.closed && !each.dead;
  });
  return found == attempts_.end() ? nullptr : &*found;
}

Button Coordinator::button(const Attempt& attempt, base::Instant now) const {
  if (attempt.closed) return Button::none;
  if (attempt.state == AttemptState::requested) {
    return now - attempt.requested < rules_.cancel_window ? Button::cancel : Button::none;
  }
  if (wire::has_to_go_back(attempt.state)) return Button::close;
  if (!is_in_doubt(attempt) || attempt.asking) return Button::none;
  if (attempt.resyncs >= rules_.resyncs) return Button::close;
  return attempt.resyncs == 0 ? Button::resync : Button::resync_again;
}

bool Coordinator::paid_by_another(const Attempt& attempt) const {
  return std::any_of(attempts_.begin(), attempts_.end(), [&](const Attempt& each) {
    return each.id != attempt.id && each.order == attempt.order &&
           each.state == AttemptState::approved;
  });
}

Result<void> Coordinator::may_begin(std::string_view order) const {
  if (kSecondIntent.on(mutants_)) return {};
  for (const Attempt& each : attempts_) {
    if (each.order == order && each.state == AttemptState::approved) {
      return fail(Code::not_allowed, "the order is paid already ({})", each.id);
    }
    if (each.order == order && wire::is_unresolved(each.state)) {
      return fail(Code::not_allowed, "{}", unresolved(each));
    }
    if (in_flight(each)) {
      return fail(Code::not_allowed, "the card terminal is at another payment ({}): wait for it",
                  each.id);
    }
    if (each.asking) {
      return fail(Code::not_allowed,
                  "the card terminal is being asked what became of an earlier payment ({}): wait",
                  each.id);
    }
  }
  return {};
}

Result<void> Coordinator::may_tender(std::string_view order) const {
  if (kOtherTender.on(mutants_)) return {};
  for (const Attempt& each : attempts_) {
    if (each.order == order && wire::is_unresolved(each.state)) {
      return fail(Code::not_allowed, "{}: no other money is taken for it", unresolved(each));
    }
  }
  return {};
}

Result<void> Coordinator::may_void(std::string_view order) const {
  if (kVoidWhileUnknown.on(mutants_)) return {};
  for (const Attempt& each : attempts_) {
    if (each.order == order && wire::is_unresolved(each.state)) {
      return fail(Code::not_allowed, "{}: please make sure not to void this order",
                  unresolved(each));
    }
  }
  return {};
}

std::vector<Action> Coordinator::reopen(std::vector<wire::Attempt> kept,
                                        const std::vector<std::string>& incomplete) {
  Actions actions;
  attempts_.clear();
  for (wire::Attempt& each : kept) {
    if (kStoredDropped.on(mutants_) && wire::is_unresolved(each.state)) continue;
    Attempt& attempt = attempts_.emplace_back();
    static_cast<wire::Attempt&>(attempt) = std::move(each);
    const bool left =
        std::find(incomplete.begin(), incomplete.end(), attempt.id) != incomplete.end();
    if (attempt.state == AttemptState::approved && left) act(actions, Kind::complete, attempt);
    if (!wire::is_unresolved(attempt.state)) continue;
    if (in_flight(attempt)) {
      attempt.state = AttemptState::parked;
      attempt.why = "the till was stopped before the terminal's answer came";
    }
    if (!std::exchange(attempt.closed, true)) act(actions, Kind::keep, attempt);
    if (!attempt.dead) act(actions, Kind::close_order, attempt);
  }
  return actions;
}

std::vector<Action> Coordinator::step(const Event& event, base::Instant now) {
  Actions actions;
  std::visit([&](const auto& each) { on(each, now, actions); }, event);
  return actions;
}

base::Instant Coordinator::poll_at() const {
  base::Instant next = base::Instant::never();
  for (const Attempt& each : attempts_) {
    if (waits_for_terminal(each)) next = std::min(next, each.requested + rules_.result_timeout);
    if (!each.asking) continue;
    const bool again = each.ask_again != base::Instant::never();
    next = std::min(next, again ? each.ask_again : each.asked + rules_.ask_timeout);
  }
  return next;
}

void Coordinator::forget_settled() {
  std::erase_if(attempts_, [](const Attempt& each) { return !wire::is_unresolved(each.state); });
}

void Coordinator::on(const Begin& begin, base::Instant now, Actions& actions) {
  TILLRIG_ASSERT(find(begin.id) == nullptr, "no two attempts have one id");
  Attempt& attempt = attempts_.emplace_back();
  attempt.id = begin.id;
  attempt.order = begin.order;
  attempt.amount = begin.amount;
  attempt.currency = begin.currency;
  attempt.terminal = begin.terminal;
  attempt.since = begin.since;
  attempt.requested = now;
  if (!kNotDurable.on(mutants_)) act(actions, Kind::keep, attempt);
  attempt.state = AttemptState::requested;
  act(actions, Kind::send, attempt);
}

void Coordinator::on(const NotKept& not_kept, base::Instant, Actions& actions) {
  Attempt* const attempt = at(not_kept.id);
  if (attempt == nullptr) return;
  if (attempt->state == AttemptState::requested && attempt->resyncs == 0) {
    Attempt gone = *attempt;  // it was not sent
    std::erase_if(attempts_, [&](const Attempt& each) { return each.id == gone.id; });
    act(actions, Kind::back_to_pay, gone,
        "the card was not asked: the payment could not be stored: " + not_kept.why);
    return;
  }
  stop_asking(*attempt);
  say(actions, *attempt, "what became of the payment could not be stored: " + not_kept.why);
}

void Coordinator::on(const PressCancel& press, base::Instant now, Actions& actions) {
  Attempt* const attempt = at(press.id);
  if (attempt == nullptr || button(*attempt, now) != Button::cancel) {
    if (attempt != nullptr) say(actions, *attempt, "it is too late to cancel the payment");
    return;
  }
  if (kCancelIsLocal.on(mutants_)) {
    return end(*attempt, AttemptState::cancelled, "it was cancelled", actions);
  }
  attempt->state = AttemptState::cancel_asked;
  act(actions, Kind::abort, *attempt);
}

void Coordinator::on(const PressResync& press, base::Instant now, Actions& actions) {
  Attempt* const attempt = at(press.id);
  if (attempt == nullptr) return;
  const Button there = button(*attempt, now);
  if (there != Button::resync && there != Button::resync_again) {
    return say(actions, *attempt, "Re-sync is not there any more");
  }
  if (!kPressesFree.on(mutants_)) ++attempt->resyncs;
  if (kNewCharge.on(mutants_)) {
    attempt->id += 'r';
    attempt->state = AttemptState::requested;
    attempt->requested = now;
    act(actions, Kind::keep, *attempt);
    return act(actions, Kind::send, *attempt);
  }
  attempt->pressed = true;
  act(actions, Kind::keep, *attempt);  // before the question: one that gets lost counts
  ask(*attempt, now, actions);
}

void Coordinator::on(const PressClose& press, base::Instant now, Actions& actions) {
  Attempt* const attempt = at(press.id);
  if (attempt == nullptr || button(*attempt, now) != Button::close) return;
  if (is_in_doubt(*attempt)) attempt->state = AttemptState::parked;
  attempt->closed = true;
  act(actions, Kind::keep, *attempt);
  act(actions, Kind::close_order, *attempt);
}

void Coordinator::on(const LineLost&, base::Instant, Actions& actions) {
  for (Attempt& each : attempts_) {
    each.reversing = false;
    stop_asking(each);
    if (waits_for_terminal(each)) lose(each, "the line to the card terminal was lost", actions);
  }
}

void Coordinator::on(const AskNow& now_asked, base::Instant now, Actions& actions) {
  if (kWebhookOnly.on(mutants_)) return;
  for (Attempt& each : attempts_) {
    if (!now_asked.id.empty() && now_asked.id != each.id) continue;
    if (wire::has_to_go_back(each.state)) {
      if (!std::exchange(each.reversing, true)) act(actions, Kind::reverse, each);
      continue;
    }
    if (each.state != AttemptState::parked) continue;
    if (now_asked.terminal && !each.asking) {
      each.requested = now;  // from here on it may be in progress for a while
      ask(each, now, actions);
    }
    if (now_asked.oms) act(actions, Kind::ask_oms, each);
  }
}

void Coordinator::on(const OrderDead& dead, base::Instant, Actions& actions) {
  for (Attempt& each : attempts_) {
    if (each.order != dead.order || !wire::is_unresolved(each.state)) continue;
    each.dead = true;
    act(actions, Kind::keep, each);
  }
}

void Coordinator::on(const Tick&, base::Instant now, Actions& actions) {
  for (Attempt& each : attempts_) {
    if (waits_for_terminal(each) && now >= each.requested + rules_.result_timeout) {
      lose(each, "the card terminal did not say in time what became of it", actions);
    }
    if (!each.asking) continue;
    if (each.ask_again != base::Instant::never()) {
      if (now >= each.ask_again) ask(each, now, actions);
    } else if (now >= each.asked + rules_.ask_timeout) {
      stop_asking(each);
      say(actions, each, "nobody answered what became of the payment");
    }
  }
}

// The question is asked again for as long as the terminal says that it is at it.
void Coordinator::ask(Attempt& attempt, base::Instant now, Actions& actions) {
  attempt.asking = true;
  attempt.asked = now;
  attempt.ask_again = base::Instant::never();
  if (kWebhookOnly.on(mutants_)) return;
  act(actions, Kind::ask, attempt);
  actions.back().fences = !mutants_.has(kNotFoundIsFinal);
}

void Coordinator::stop_asking(Attempt& attempt) {
  attempt.asking = false;
  attempt.pressed = false;
  attempt.ask_again = base::Instant::never();
}

// Not kept: whoever finds it as it was before takes it for this, too.
void Coordinator::lose(Attempt& attempt, std::string why, Actions& actions) {
  attempt.state = AttemptState::unknown;
  attempt.why = std::move(why);
  say(actions, attempt, attempt.why);
}

// Nobody is charged for it, or not any more.
void Coordinator::end(Attempt& attempt, AttemptState state, std::string why, Actions& actions) {
  stop_asking(attempt);
  attempt.state = state;
  attempt.why = std::move(why);
  attempt.reversing = false;
  act(actions, Kind::keep, attempt);
  if (attempt.closed) {
    if (!attempt.dead && !paid_by_another(attempt)) {
      act(actions, Kind::not_charged, attempt, attempt.why);
    }
  } else if (!attempt.dead) {
    act(actions, Kind::back_to_pay, attempt, attempt.why);
  }
}

void Coordinator::go_back(Attempt& attempt, AttemptState state, std::string why, Actions& actions) {
  stop_asking(attempt);
  attempt.state = state;
  attempt.why = std::move(why);
  attempt.reversing = true;
  act(actions, Kind::keep, attempt);
  act(actions, Kind::reverse, attempt);
}

void Coordinator::on(const Told& told, base::Instant now, Actions& actions) {
  Attempt* const asked = at(told.asked);
  if (told.what == What::no_answer) {
    if (asked == nullptr) return;
    asked->reversing = false;
    stop_asking(*asked);
    if (waits_for_terminal(*asked)) {
      return lose(*asked, because("the card terminal gave no answer", told.why), actions);
    }
    return say(actions, *asked, because("nobody answered what became of the payment", told.why));
  }
  Attempt* meant = at(told.reference);
  if (kWrongOrder.on(mutants_) && told.what == What::approved) {
    for (Attempt& each : attempts_) {
      if (in_flight(each)) meant = &each;
    }
  }
  const bool crossed = !told.asked.empty() && told.asked != told.reference;
  if (crossed || meant == nullptr) foreign(told, actions);
  if (meant != nullptr) tell(*meant, told, now, actions);
}

// An answer of another payment than the one that was asked about: neither yes nor no for that one.
void Coordinator::foreign(const Told& told, Actions& actions) {
  Attempt* const asked = at(told.asked);
  if (asked == nullptr) {
    Attempt nobodys;
    nobodys.id = told.reference;
    return say(actions, nobodys,
               fmt::format("a payment was told of that this till does not know ({}, {})",
                           told.reference, name(told.what)));
  }
  stop_asking(*asked);
  const std::string why =
      fmt::format("the card terminal answered with another payment ({}) than this one ({})",
                  told.reference, asked->id);
  if (!in_flight(*asked)) return say(actions, *asked, why);
  asked->state = AttemptState::wrong_attempt;
  asked->why = why;
  act(actions, Kind::keep, *asked);
}

void Coordinator::tell(Attempt& attempt, const Told& told, base::Instant now, Actions& actions) {
  if (kDeletedOnRead.on(mutants_) && attempt.asking && told.what != What::not_found) {
    return stop_asking(attempt);
  }
  switch (told.what) {
    case What::approved:
      return approve(attempt, told, actions);
    case What::declined:
    case What::aborted:
      return refuse(attempt, told, actions);
    case What::not_found:
      return never_came(attempt, told, actions);
    case What::reversed:
      if (wire::is_unresolved(attempt.state)) {
        return end(attempt, AttemptState::reversed,
                   because(attempt.why.empty() ? "the money went back" : attempt.why, told.why),
                   actions);
      }
      if (attempt.state == AttemptState::approved) {
        say(actions, attempt, "the money went back although the order is paid: ask for it again");
      }
      return;
    case What::in_progress:
      if (kWithoutCapture.on(mutants_)) return approve(attempt, told, actions);
      if (!attempt.asking) return;
      if (now >= attempt.requested + rules_.in_progress_ends) {
        stop_asking(attempt);
      } else {
        attempt.ask_again = now + rules_.ask_again;
      }
      return say(actions, attempt, "the card terminal is still at it");
    case What::no_answer:
      break;
  }
}

void Coordinator::approve(Attempt& attempt, const Told& told, Actions& actions) {
  const AttemptState before = attempt.state;
  if (before == AttemptState::approved && kAppliedTwice.on(mutants_)) {
    return act(actions, Kind::complete, attempt);
  }
  if (before == AttemptState::approved || wire::has_to_go_back(before) ||
      before == AttemptState::reversed) {
    return say(
        actions, attempt,
        fmt::format("told again by {}: it is {} and stays so", name(told.channel), name(before)));
  }
  const bool whole = told.what != What::approved || kWrongOrder.on(mutants_);
  attempt.channel = told.channel;
  attempt.taken = told.what == What::approved ? told.amount : attempt.amount;
  attempt.slip = told.slip;
  const std::string asked_for = in_words(attempt.amount, attempt.currency);
  const std::string was_taken = in_words(told.amount, told.currency);
  const auto back = [&](AttemptState state, std::string why) {
    go_back(attempt, state, std::move(why), actions);
  };
  if (!whole && told.currency != attempt.currency) {
    return back(AttemptState::wrong_currency,
                fmt::format("the card was charged {} {} for an order in {}: it goes back",
                            was_taken, told.currency, attempt.currency));
  }
  if (!whole && told.amount < attempt.amount && !kPartPays.on(mutants_)) {
    return back(AttemptState::in_part,
                fmt::format("only {} of {} was approved: it goes back", was_taken, asked_for));
  }
  if (!whole && told.amount > attempt.amount) {
    return back(
        AttemptState::wrong_amount,
        fmt::format("{} was approved where {} was asked for: it goes back", was_taken, asked_for));
  }
  const bool over = !wire::is_unresolved(before);
  if ((over || attempt.dead || paid_by_another(attempt)) && !mutants_.has(kNoReversal)) {
    return back(
        AttemptState::reversal_pending,
        fmt::format("{} was approved for an order that {}: it goes back", asked_for,
                    over ? fmt::format("was {} before", name(before)) : "does not stand any more"));
  }
  stop_asking(attempt);
  attempt.state = AttemptState::approved;
  attempt.why.clear();
  act(actions, Kind::keep, attempt);
  const bool stands = !over && !attempt.dead && !paid_by_another(attempt);
  if (stands) act(actions, Kind::complete, attempt);
}

void Coordinator::refuse(Attempt& attempt, const Told& told, Actions& actions) {
  if (!in_flight(attempt) && attempt.state != AttemptState::parked) {
    const bool same = attempt.state == AttemptState::declined ||
                      attempt.state == AttemptState::cancelled ||
                      attempt.state == AttemptState::fenced;
    return say(actions, attempt,
               same ? fmt::format("told again by {}: it is {} and stays so", name(told.channel),
                                  name(attempt.state))
                    : fmt::format("told to be {} by {}, but it is {} and stays so", name(told.what),
                                  name(told.channel), name(attempt.state)));
  }
  if (kForceDone.on(mutants_)) {
    attempt.state = AttemptState::approved;
    act(actions, Kind::keep, attempt);
    return act(actions, Kind::complete, attempt);
  }
  attempt.channel = told.channel;
  if (told.what == What::aborted) {
    return end(attempt, AttemptState::cancelled,
               because("the card payment was cancelled", told.why), actions);
  }
  end(attempt, AttemptState::declined, because("the card was declined", told.why), actions);
}

// By the terminal alone, which does not take it any more: the cloud may not have heard of it yet.
void Coordinator::never_came(Attempt& attempt, const Told& told, Actions& actions) {
  const bool open = in_flight(attempt) || attempt.state == AttemptState::parked;
  if (!open) return;
  if (told.channel != Channel::terminal) {
    return say(actions, attempt, "the cloud has not heard what became of the payment");
  }
  attempt.channel = told.channel;
  end(attempt, AttemptState::fenced,
      "the card terminal never got the payment, and takes it no more", actions);
}

}  // namespace tillrig::pay
