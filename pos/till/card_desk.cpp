#include "pos/till/card_desk.hpp"

#include "pos/base/spawn.hpp"
#include "pos/sync/service.hpp"
#include "pos/till/card_slip.hpp"
#include "pos/till/card_words.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;
using pay::Action;
using pay::Button;
using pay::Told;

namespace {

const base::Mutant kAnyReceipt{
    "receipt_of_another", "INV-09", "a terminal's repeated receipt is that of its last customer",
    "the terminal's last payment of that amount counts as the one that is asked about"};

const base::Mutant kStaysInCart{"closed_order_stays", "INV-41", "domain 1.3, MP-13",
                                "an order that was closed as unpaid stays in the cart"};
const base::Mutant kCancelLasts{"cancel_never_ends", "INV-34", "domain 1.3, MP-02",
                                "Cancel is there for longer than thirty seconds"};
const base::Mutant kUnlisted{"unpaid_left_out", "INV-11", "domain 1.3, MP-14",
                             "Register Sales lists no unpaid orders"};
const base::Mutant kPointsLate{"late_payment_without_points", "INV-13", "domain 1.3, MP-21",
                               "an order that is paid after it was closed gives no points"};
const base::Mutant kNeedsLine{"card_needs_connection", "INV-33", "domain 1.4, SM-19",
                              "no card is taken without a connection to the cloud"};

constexpr std::chrono::milliseconds kLately = std::chrono::minutes(2);
constexpr base::Duration kMoment = std::chrono::milliseconds(10);
constexpr base::Duration kTryAgain = std::chrono::minutes(10);  // what a closed day left open

pay::CardRules rules_of(const Config& config) {
  pay::CardRules rules;
  if (kCancelLasts.on(config.mutants)) rules.cancel_window = rules.result_timeout;
  return rules;
}

}  // namespace

CardDesk::CardDesk(const Parts& parts, Cart& cart, Patron& patron, PurseDesk& purses,
                   Checkout& checkout, std::function<void()> show_cart)
    : parts_(parts),
      cart_(cart),
      patron_(patron),
      purses_(purses),
      checkout_(checkout),
      show_cart_(std::move(show_cart)),
      cards_(rules_of(parts.config), parts.config.mutants),
      book_(parts.store),
      neighbours_(parts.ports, parts.config.name),
      work_(parts.ports.make_alarm()) {}

void CardDesk::attach(TerminalLine& line) {
  line_ = &line;
  auto running = run();
  base::spawn(parts_.ports.executor, std::move(running));
}

void CardDesk::reopen() {
  if (!on() || std::exchange(reopened_, true)) return;
  if (auto read = book_.read(); !read) {
    return parts_.refuse(
        {read.error().code, "the payments by card cannot be read: " + read.error().what});
  }
  left_open_ = cards_.reopen(book_.attempts(), book_.incomplete());
  ask_all();
}

void CardDesk::put(pay::Event event) {
  came_.push_back({std::move(event), parts_.ports.clock.now()});
  work_->ring();
}

void CardDesk::stop() {
  stopped_ = true;
  work_->ring();
}

bool CardDesk::waiting() const {
  return beginning_ || closing_ || cards_.in_hand() != nullptr;
}

bool CardDesk::lets_pass() const {
  const base::Mutants& mutants = parts_.config.mutants;
  return mutants.has("other_tender_while_unknown") || mutants.has("void_while_unknown") ||
         mutants.has("second_intent_allowed");
}

void CardDesk::sale_is_over() {
  if (order_.empty()) return;
  put(pay::OrderDead{std::exchange(order_, {})});
}

Result<void> CardDesk::pay(Money amount) {
  if (purses_.moves_any()) {
    return fail(Code::not_allowed,
                "the card terminal takes no sale with gift cards, accounts or store credit on it: "
                "take the rest in cash");
  }
  if (auto may = cards_.may_begin(order_); !may) return may;
  if (kNeedsLine.on(parts_.config.mutants) && !parts_.service.online()) {
    return fail(Code::needs_connection, "cards need a connection");
  }
  if (beginning_ || !line_->ready() || !line_->idle()) {
    return fail(Code::not_allowed,
                "the card terminal is not ready: wait, or see to it that it is "
                "connected");
  }
  if (auto ready = checkout_.ready(); !ready) return ready;
  Cart paid = cart_;
  if (auto fine = paid.tender_card(amount); !fine) return fine;
  auto sale = paid.document(parts_.config.currency, day());
  if (!sale) return Failure(sale.error());
  const base::EventId next = parts_.store.next_id();
  const std::string id = fmt::format("{}-{}-{}", next.till, next.epoch, next.seq);
  wire::Tail tail = paid.tail();
  tail.set(wire::kAttempt, id);
  static_cast<void>(checkout_.earn_points(*sale, tail));
  book_.begin(id, *std::move(sale), std::move(tail));
  if (order_.empty()) order_ = id;
  beginning_ = true;
  errands_.clear();  // what is asked about earlier payments waits for the next occasion
  put(pay::Begin{id, order_, amount, parts_.config.currency, "terminal", line_->bookmark()});
  return {};
}

base::Awaitable<void> CardDesk::run() {
  while (!stopped_) {
    if (!left_open_.empty()) {
      auto finishing = carry_out(std::exchange(left_open_, {}));
      co_await std::move(finishing);
    }
    while (!came_.empty() && !stopped_) {
      const Came came = std::move(came_.front());
      came_.pop_front();
      busy_ = true;
      auto carrying = carry_out(cards_.step(came.event, came.when));
      co_await std::move(carrying);
      if (std::holds_alternative<pay::Begin>(came.event)) beginning_ = false;
      busy_ = false;
      if (!stopped_) show_prompt();
    }
    if (stopped_) co_return;
    pump();
    const base::Instant next = next_look();
    if (!came_.empty()) continue;
    co_await work_->sleep_until(next);
    const base::Instant now = parts_.ports.clock.now();
    if (stopped_) co_return;
    if (now >= try_again_) {
      try_again_ = base::Instant::never();
      if (!unpaid().empty()) try_again_ = now + kTryAgain;
      ask_all();
    }
    if (now >= cards_.poll_at()) put(pay::Tick{});
    show_prompt();
  }
}

base::Instant CardDesk::next_look() const {
  base::Instant next = std::min(cards_.poll_at(), try_again_);
  const pay::Attempt* const paying = cards_.in_hand();
  const base::Instant now = parts_.ports.clock.now();
  if (paying != nullptr && cards_.button(*paying, now) == Button::cancel) {
    next = std::min(next, cards_.cancel_ends(*paying));
  }
  return next;
}

base::Awaitable<void> CardDesk::carry_out(std::vector<Action> actions) {
  for (std::size_t i = 0; i < actions.size() && !stopped_; ++i) {
    auto one = carry_out_one(actions[i]);
    const Result<void> done = co_await std::move(one);
    if (stopped_ || done) continue;
    const pay::NotKept not_kept{actions[i].attempt.id, done.error().what};
    actions = cards_.step(not_kept, parts_.ports.clock.now());
    i = static_cast<std::size_t>(-1);  // these instead of the rest
  }
}

// An Error: it could not be kept.
base::Awaitable<Result<void>> CardDesk::carry_out_one(Action action) {
  const pay::Attempt& attempt = action.attempt;
  switch (action.kind) {
    case Action::Kind::keep: {
      auto keeping = keep(attempt);
      co_return co_await std::move(keeping);
    }
    case Action::Kind::send:
      send(attempt);
      break;
    case Action::Kind::abort:
      static_cast<void>(line_->abort());  // when there is nothing any more its answer is on its way
      break;
    case Action::Kind::ask:
    case Action::Kind::reverse:
      errands_.push_back({action.kind == Action::Kind::reverse, attempt.id});
      pump();
      break;
    case Action::Kind::ask_oms: {
      to_ask_cloud_.push_back(attempt.id);
      if (std::exchange(asking_cloud_, true)) break;
      auto asking = ask_cloud_all();
      base::spawn(parts_.ports.executor, std::move(asking));
      break;
    }
    case Action::Kind::complete: {
      auto completing = complete(attempt);
      co_await std::move(completing);
      break;
    }
    case Action::Kind::back_to_pay:
      if (attempt.order != order_) break;
      parts_.refuse({Code::not_allowed, action.text});
      show_cart_();
      break;
    case Action::Kind::close_order:
      note("payment.unpaid", attempt, attempt.why);
      if (!kStaysInCart.on(parts_.config.mutants)) clear_sale(attempt);
      break;
    case Action::Kind::not_charged:
      note("payment.not_charged", attempt, action.text);
      break;
    case Action::Kind::say:
      note("payment.said", attempt, action.text);
      break;
  }
  co_return Result<void>{};
}

void CardDesk::note(std::string_view mark, const wire::Attempt& attempt, std::string_view text) {
  parts_.ports.recorder.note({.mark = mark, .sale = attempt.id},
                             {{"order", std::string_view(attempt.order)},
                              {"state", name(attempt.state)},
                              {"amount", attempt.amount.minor},
                              {"text", text}});
}

base::Awaitable<Result<void>> CardDesk::keep(pay::Attempt attempt) {
  const Result<void> kept = book_.keep(attempt, day());
  if (!kept) co_return kept;
  co_await ports::settle(parts_.ports);
  if (stopped_) co_return Result<void>{};
  note("payment.kept", attempt, attempt.why);
  show(attempt);
  parts_.show_counters();
  parts_.service.kick();
  co_return Result<void>{};
}

void CardDesk::show(const pay::Attempt& attempt) {
  CardShown shown;
  shown.attempt = attempt.id;
  shown.order = attempt.order;
  shown.state = attempt.state;
  shown.amount = attempt.amount;
  shown.resyncs = attempt.resyncs;
  shown.from = attempt.channel;
  shown.text = attempt.why;
  parts_.screen.show(shown);
}

// Nobody settles a terminal's day while a till starts again.
terminal::Charge CardDesk::charge_of(const wire::Attempt& attempt) {
  const auto* const entry = book_.find(attempt.id);
  const std::int64_t rung_up = entry != nullptr ? entry->wall_ms : 0;
  const std::int64_t ago = parts_.ports.clock.wall().ms - rung_up;
  const bool lately = ago >= 0 && ago < kLately.count();
  return {attempt.id, attempt.amount, attempt.currency, attempt.since, attempt.closed && !lately};
}

void CardDesk::send(const pay::Attempt& attempt) {
  const auto sent = line_->pay(charge_of(attempt));
  if (sent) return note("payment.sent", attempt, "");
  Told told;  // nothing was sent, so nothing is charged
  told.asked = attempt.id;
  told.reference = attempt.id;
  told.what = Told::What::declined;
  told.why = sent.error().what;
  put(std::move(told));
}

// The terminal does one thing at a time. A payment that it does not answer is asked about over a
// new connection.
void CardDesk::pump() {
  const bool stuck = !errands_.empty() && !errands_.front().reverse && line_->up() &&
                     line_->in_flight() == errands_.front().id;
  const pay::Attempt* const asked_about = stuck ? cards_.find(errands_.front().id) : nullptr;
  const bool given_up =
      asked_about != nullptr && asked_about->asking && wire::is_unresolved(asked_about->state);
  if (given_up && !std::exchange(renewing_, true)) return line_->renew();
  while (!errands_.empty() && line_->idle()) {
    const Errand errand = errands_.front();
    const pay::Attempt* const attempt = cards_.find(errand.id);
    const auto slip =
        attempt != nullptr ? read_slip(attempt->slip) : std::optional<terminal::CardSlip>();
    if (errand.reverse && !line_->ready()) return;
    errands_.pop_front();
    if (attempt == nullptr || !wire::is_unresolved(attempt->state)) continue;
    if (auto* const entry = book_.find(errand.id)) {
      entry->checked_ms = parts_.ports.clock.wall().ms;
    }
    Result<void> asked = fail(Code::bad_input, "the terminal's slip is not known");
    if (!errand.reverse) asked = line_->ask(charge_of(*attempt));
    if (errand.reverse && slip) asked = line_->reverse(charge_of(*attempt), *slip);
    if (asked) {
      note(errand.reverse ? "payment.reversing" : "payment.asked", *attempt, "");
      continue;
    }
    Told told;
    told.asked = errand.id;
    told.why = asked.error().what;
    put(std::move(told));
  }
}

void CardDesk::line(bool up) {
  if (!up && !renewing_) return put(pay::LineLost{});
  if (up) renewing_ = false;
  work_->ring();
}

void CardDesk::said(const terminal::TerminalEvent& event) {
  if (const auto* answered = std::get_if<terminal::Answered>(&event)) {
    const bool unknown = answered->outcome.verdict == terminal::Verdict::unknown;
    if (renewing_ && unknown) return;  // the question goes over the new connection
    const pay::Attempt* const attempt = cards_.find(answered->reference);
    Told told = told_by_terminal(*answered, attempt, parts_.config.mutants);
    const auto& all = cards_.attempts();
    const bool alike = std::any_of(all.begin(), all.end(), [&](const pay::Attempt& each) {
      return attempt != nullptr && each.state == wire::AttemptState::approved &&
             each.amount == attempt->amount;
    });
    if (alike && told.what == Told::What::not_found && kAnyReceipt.on(parts_.config.mutants)) {
      told.what = Told::What::approved;
    }
    put(std::move(told));
  }
  if (const auto* rubbish = std::get_if<terminal::Rubbish>(&event)) {
    parts_.refuse({Code::protocol, "the card terminal: " + rubbish->sentence});
  }
  work_->ring();
}

// One after the other; one that cannot be asked does not stop the rest.
base::Awaitable<void> CardDesk::ask_cloud_all() {
  while (!to_ask_cloud_.empty() && !stopped_) {
    std::string id = std::move(to_ask_cloud_.front());
    to_ask_cloud_.pop_front();
    auto asking = ask_cloud(std::move(id));
    co_await std::move(asking);
  }
  asking_cloud_ = false;
}

base::Awaitable<void> CardDesk::ask_cloud(std::string id) {
  const std::function<bool()> settled = [this, id] {
    const pay::Attempt* const attempt = cards_.find(id);
    return stopped_ || attempt == nullptr || !wire::is_unresolved(attempt->state);
  };
  auto asking_lan = neighbours_.ask(id, settled);
  const bool known_there = co_await std::move(asking_lan);
  if (stopped_ || known_there) co_return;
  if (!parts_.service.online()) {
    ask_cloud_ = true;
    co_return;
  }
  if (auto* const entry = book_.find(id)) entry->checked_ms = parts_.ports.clock.wall().ms;
  const base::Instant deadline = parts_.ports.clock.now() + parts_.config.loyalty.patience;
  std::string asked = id;
  auto asking = parts_.service.desk().attempt(std::move(asked), deadline);
  const Result<wire::AttemptKnown> known = co_await std::move(asking);
  if (stopped_ || !known) co_return;
  cloud_said(*known);
}

void CardDesk::cloud_said(const wire::AttemptKnown& known) {
  if (auto told = told_by_cloud(known)) put(*std::move(told));
}

void CardDesk::take_told() {
  const auto records = parts_.store.records(wire::kAttempts);
  if (!records) return;
  for (const store::Record& record : *records) {
    const pay::Attempt* const attempt = cards_.find(record.id);
    if (attempt != nullptr && !wire::is_unresolved(attempt->state)) continue;
    const auto known = wire::read_attempt(record.body);
    if (known && attempt == nullptr) neighbours_.tell(*known);
    if (known && attempt != nullptr) cloud_said(*known);
  }
}

void CardDesk::told_over_lan(const std::string& by, const std::string& body) {
  auto told = neighbours_.told(by, body);
  const bool ours = told && on() && !stopped_ && cards_.find(told->reference) != nullptr;
  if (ours) put(*std::move(told));
}

base::Awaitable<Result<void>> CardDesk::may_refund_elsewhere(std::string order) {
  if (auto here = may_refund(order); !here) co_return here;
  const base::Instant deadline = parts_.ports.clock.now() + parts_.config.loyalty.patience;
  std::string asked = order;
  auto asking = parts_.service.desk().attempt(std::move(asked), deadline);
  const Result<wire::AttemptKnown> known = co_await std::move(asking);
  const auto state = known ? base::by_name<wire::AttemptState>(known->state) : std::nullopt;
  if (state && wire::is_unresolved(*state)) {
    co_return fail(Code::not_allowed,
                   "payment_unresolved: whether the card paid the order {} of {} is not known yet: "
                   "please make sure not to void this order",
                   order, known->till);
  }
  if (!known && known.error().code == Code::needs_connection) co_return Failure(known.error());
  co_return fail(Code::not_found, "\"{}\" is no sale that can be given back", order.substr(0, 64));
}

void CardDesk::line_is_back() {
  if (on() && std::exchange(ask_cloud_, false)) put(pay::AskNow{{}, false, true});
}

void CardDesk::day_closed() {
  if (on() && !unpaid().empty()) try_again_ = parts_.ports.clock.now() + kTryAgain;
}

base::Awaitable<Result<void>> CardDesk::download(std::string order) {
  const auto find = [this](const std::string& what) -> const pay::Attempt* {
    for (const pay::Attempt& each : cards_.attempts()) {
      if (each.order == what && each.closed) return &each;
    }
    return nullptr;
  };
  const pay::Attempt* attempt = find(order);
  if (attempt == nullptr) {
    co_return fail(Code::not_found, "no order \"{}\" was closed as unpaid", order.substr(0, 64));
  }
  if (!wire::is_unresolved(attempt->state)) {
    co_return fail(Code::not_allowed, "the order {} is settled already: its card payment is {}",
                   order, name(attempt->state));
  }
  const bool online = parts_.service.online();
  const bool others = neighbours_.ask_at_once(attempt->id);
  if (!online && !others && !line_->idle()) {
    co_return fail(Code::needs_connection,
                   "what became of the payment can be asked neither of the cloud nor of the "
                   "card terminal now: the order stays unpaid");
  }
  std::string id = attempt->id;
  put(pay::AskNow{id, true, false});
  if (online || others) {
    auto asking = ask_cloud(id);
    co_await std::move(asking);
  }
  const base::Instant give_up = parts_.ports.clock.now() + parts_.config.loyalty.patience;
  for (;;) {
    if (stopped_) co_return fail(Code::cancelled, "the till is closed");
    attempt = cards_.find(id);
    const bool idle = came_.empty() && !busy_;
    if (idle && !wire::is_unresolved(attempt->state)) co_return Result<void>{};
    const base::Instant now = parts_.ports.clock.now();
    if (idle && (!attempt->asking || now >= give_up)) break;
    co_await parts_.ports.timer.sleep_until(now + kMoment);
  }
  co_return fail(Code::needs_connection,
                 "nobody could say yet what became of the payment: the order stays unpaid");
}

std::vector<UnpaidOrder> CardDesk::unpaid() {
  std::vector<UnpaidOrder> rows;
  if (kUnlisted.on(parts_.config.mutants)) return rows;
  for (const pay::Attempt& each : cards_.attempts()) {
    if (!each.closed || !wire::is_unresolved(each.state)) continue;
    UnpaidOrder& row = rows.emplace_back();
    row.order = each.order;
    row.attempt = each.id;
    row.amount = each.amount;
    const std::string& at = parts_.config.day_ends;
    row.text = "will update by day-end" + (at.empty() ? at : " " + at);
    if (const auto* const entry = book_.find(each.id)) {
      row.wall_ms = entry->wall_ms;
      row.checked_ms = entry->checked_ms;
      row.at = neighbours_.where(entry->last);
    }
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

// The sale is what was rung up, dated with it; its event is the one after the approval's.
base::Awaitable<void> CardDesk::complete(pay::Attempt attempt) {
  const bool in_hand = attempt.order == order_;
  closing_ = in_hand;
  while (checkout_.under_way() && !stopped_) {
    const base::Instant soon = parts_.ports.clock.now() + kMoment;
    co_await parts_.ports.timer.sleep_until(soon);
  }
  auto* const entry = book_.find(attempt.id);
  if (stopped_ || entry == nullptr) co_return;
  auto event = commit(attempt);
  if (event) {
    if (in_hand) clear_sale(attempt);
    auto acknowledging = checkout_.acknowledge(*std::move(event));
    static_cast<void>(co_await std::move(acknowledging));
  }
  closing_ = false;
}

Result<wire::Event> CardDesk::commit(const pay::Attempt& attempt) {
  const auto* const entry = book_.find(attempt.id);
  if (entry->sale.lines.empty()) {
    const base::Error what{
        Code::corrupt, fmt::format("the sale that the payment {} is for is not known: its money "
                                   "stands, and a person has to see to it",
                                   attempt.id)};
    parts_.refuse(what);
    return Failure(what);
  }
  if (auto ready = checkout_.ready(); !ready) return Failure(ready.error());
  if (auto last = book_.put_last(attempt.id, day()); !last) return Failure(last.error());
  const bool in_hand = attempt.order == order_;
  wire::Tail tail = entry->tail;
  if (!in_hand && kPointsLate.on(parts_.config.mutants)) tail.set(wire::kPoints, 0);
  return checkout_.post(entry->sale, std::move(tail), in_hand);
}

// The next sale begins; the holds of this one go with its event.
void CardDesk::clear_sale(const pay::Attempt& attempt) {
  if (attempt.order != order_) return;
  order_.clear();
  cart_.clear();
  patron_.sold();
  show_cart_();
}

base::Awaitable<void> CardDesk::pressed(pay::Event event) {
  put(std::move(event));
  co_return;
}

void CardDesk::show_prompt() {
  const pay::Attempt* const paying = cards_.in_hand();
  const Button button =
      paying == nullptr ? Button::none : cards_.button(*paying, parts_.ports.clock.now());
  const PromptKind* const wanted = prompt_of(button);
  for (const PromptKind* each :
       {&kCardPayment, &kCardUnknown, &kCardStillUnknown, &kCardUnresolved}) {
    if (each == wanted) continue;
    parts_.prompts.withdraw(*each, paying == nullptr       ? "the payment is settled"
                                   : each == &kCardPayment ? "it is too late to cancel"
                                                           : "the card terminal is being asked");
  }
  if (wanted == nullptr) return;
  const std::string id = paying->id;
  parts_.prompts.open(*wanted, prompt_text(*paying, button),
                      {[this, button, id] { return pressed(press_of(button, id)); }});
}

}  // namespace tillrig::till
