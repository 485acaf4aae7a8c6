#include "pos/till/sale_desk.hpp"

#include "pos/till/card_words.hpp"
#include "pos/till/cart_shown.hpp"

#include <type_traits>
#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kAsksFirst{"sale_waits_for_line", "INV-37",
                              "domain 2.2: a checkout that validates online",
                              "a sale that is completed waits for a word from the cloud"};
const base::Mutant kLocked{"locked_after_a_day", "INV-55", "domain 1.2, OUT-21",
                           "a till that was not in step for a day sells nothing"};
const base::Mutant kRefundFirst{"refund_before_null_receipt", "INV-54",
                                "a fault planted by a reviewer",
                                "a refund right after an outage comes before its null receipt"};
const base::Mutant kRefusalUnsaid{"refusal_unsaid", "INV-55", "a fault planted by a reviewer",
                                  "the screen says nothing of what is refused"};
const base::Mutant kDrawerBeforeCommit{"drawer_before_commit", "INV-43",
                                       "a drawer that opens when cash is keyed in",
                                       "the drawer opens before the sale is stored"};

}  // namespace

SaleDesk::SaleDesk(const Parts& parts, const Catalogue& catalogue, Cart& cart, Patron& patron,
                   PurseDesk& purses, CardDesk& cards, ParkDesk& orders, Checkout& checkout,
                   OutageDesk& outages, Opening& opening, Rehearsal& rehearsal)
    : parts_(parts),
      catalogue_(catalogue),
      cart_(cart),
      patron_(patron),
      purses_(purses),
      cards_(cards),
      orders_(orders),
      checkout_(checkout),
      outages_(outages),
      opening_(opening),
      rehearsal_(rehearsal),
      scans_(parts.ports, parts.config, parts.screen,
             [this](std::string_view code) { return add_scanned(code); }) {}

bool SaleDesk::waiting() const {
  return patron_.waiting() || purses_.asking() || cards_.waiting() || orders_.asking();
}

void SaleDesk::scanned(std::string_view code) {
  scans_.scanned(code, waiting());
}

Result<void> SaleDesk::may_sell() const {
  if (closed_) return fail(Code::not_allowed, "the till is closed");
  switch (opening_.stage()) {
    case Stage::critical:
      return fail(Code::not_allowed, "the till's storage is damaged: no sale is taken");
    case Stage::starting:
    case Stage::closed:
      return fail(Code::not_allowed, "the till is not open yet");
    case Stage::register_page:
      break;
  }
  const bool past_cards = cards_.waiting() && cards_.lets_pass();  // in a mutant
  if (parts_.prompts.modal() && !past_cards) {
    return fail(Code::not_allowed, "answer the prompt on the screen first");
  }
  if (kLocked.on(parts_.config.mutants) && parts_.service.freshness().stale()) {
    return fail(Code::not_allowed, "the till has to be in step with the cloud first");
  }
  if (checkout_.under_way()) {
    return fail(Code::not_allowed, "a document is being finished: wait for its receipt");
  }
  if (past_cards) return {};
  if (cards_.waiting()) {
    return fail(Code::not_allowed, "the card terminal is at a payment: wait until it is settled");
  }
  if (orders_.asking()) {
    return fail(Code::not_allowed, "another till is being asked: wait for its answer");
  }
  if (waiting()) {
    return fail(Code::not_allowed, "the cloud is being asked: wait for its answer");
  }
  return {};
}

Result<void> SaleDesk::may_book() const {
  if (auto open = may_sell(); !open) return open;
  if (auto may = rehearsal_.may_be_real(); !may) return may;
  if (cart_.empty()) return {};
  return fail(Code::not_allowed, "finish or cancel the sale in hand first");
}

Result<void> SaleDesk::add_scanned(std::string_view code) {
  auto added = add_code(code);
  if (added) rehearsal_.tried(Rehearsal::Act::scan);
  return added;
}

Result<void> SaleDesk::add_code(std::string_view code) {
  if (auto open = may_sell(); !open) return open;
  const auto found = catalogue_.by_code(code);
  if (!found) return Failure(found.error());
  Item item = *found->item;
  item.price_embedded = found->price_inside;
  return add_item(item, found->price);
}

Result<void> SaleDesk::add_item(const Item& item, Money price) {
  if (cart_.empty()) {
    if (auto ready = checkout_.ready(); !ready) return ready;
  }
  if (auto added = cart_.add(item, price); !added) return added;
  LineAdded shown;
  shown.text = item.name;
  shown.amount = cart_.total();
  parts_.screen.show(shown);
  show_cart();
  return {};
}

void SaleDesk::show_cart() {
  parts_.screen.show(shown_of(cart_, parts_.config.currency));
}

Result<void> SaleDesk::apply(const Enter& enter) {
  const Item* item = catalogue_.by_sku(enter.code);
  if (item == nullptr) return add_code(enter.code);
  Item keyed = *item;  // at its price a unit, so that its weight can be keyed in too
  keyed.price_embedded = false;
  return add_item(keyed, keyed.price);
}

Result<void> SaleDesk::apply(const SetQuantity& set) {
  return cart_.set_quantity(set.line, set.quantity);
}

Result<void> SaleDesk::apply(const VoidLine& gone) {
  auto done = cart_.void_line(gone.line);
  if (done) purses_.lines_changed();
  return done;
}

Result<void> SaleDesk::apply(const Discount& discount) {
  if (discount.rate.has_value() == discount.amount.has_value()) {
    return fail(Code::bad_input, "a discount is a rate or an amount");
  }
  return discount.rate ? cart_.discount_rate(discount.line, *discount.rate)
                       : cart_.discount_amount(discount.line, *discount.amount);
}

Result<void> SaleDesk::apply(const Tender& tender) {
  if (auto kept = patron_.check_reward(); !kept) {
    show_cart();
    return kept;
  }
  if (auto able = purses_.check_tender(); !able) return able;
  if (tender.kind == "card" && cards_.on()) return cards_.pay(tender.amount);
  if (tender.kind != "cash") {
    return fail(Code::not_allowed, "this till takes cash; \"{}\" is not set up", tender.kind);
  }
  auto paid = cart_.tender_cash(tender.amount);
  if (paid && kDrawerBeforeCommit.on(parts_.config.mutants)) {
    Receipt kick;
    kick.open_drawer = true;
    for (const auto& device : parts_.devices) device->print(kick);
  }
  return paid;
}

Result<void> SaleDesk::apply(const Cancel&) {
  orders_.cancelled();
  cart_.clear();
  cards_.sale_is_over();
  patron_.forget();
  purses_.forget();
  orders_.look();
  return {};
}

template <class Change>
base::Awaitable<Result<Answer>> SaleDesk::change(Change change) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto done = apply(change); !done) {
    if (!kRefusalUnsaid.on(parts_.config.mutants)) parts_.refuse(done.error());
    co_return Failure(done.error());
  }
  if constexpr (!std::is_same_v<Change, Enter>) show_cart();  // adding a line shows it itself
  Answer answer;
  answer.total = cart_.total();
  answer.change = cart_.change();
  co_return answer;
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(SelectCustomer select) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  auto asking = patron_.select(std::move(select.customer));
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(TakeReward reward) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto may = rehearsal_.may_be_real(); !may) co_return Failure(may.error());
  auto asking = patron_.redeem(reward.times);
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(LoadPurse load) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto may = rehearsal_.may_be_real(); !may) co_return Failure(may.error());
  auto asking = load_purse(std::move(load));
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Tender tender) {
  // Of a card the desk of the cards itself says whether it may be asked for.
  const bool card = tender.kind == "card" && cards_.on();
  if (auto may = cards_.may_tender(); !card && !may) {
    parts_.refuse(may.error());
    co_return Failure(may.error());
  }
  if (tender.kind == "card" && cards_.on()) {
    if (auto may = rehearsal_.may_be_real(); !may) co_return Failure(may.error());
  }
  if (!PurseDesk::pays(tender)) {
    auto paying = change(std::move(tender));
    co_return co_await std::move(paying);
  }
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto kept = patron_.check_reward(); !kept) {
    show_cart();
    parts_.refuse(kept.error());
    co_return Failure(kept.error());
  }
  if (auto may = rehearsal_.may_be_real(); !may) co_return Failure(may.error());
  auto asking = purses_.pay(std::move(tender));
  auto finishing = after_asking(std::move(asking));
  co_return co_await std::move(finishing);
}

base::Awaitable<Result<void>> SaleDesk::load_purse(LoadPurse load) {
  if (cart_.empty()) {
    if (auto ready = checkout_.ready(); !ready) co_return ready;
  }
  auto loading = purses_.load(std::move(load));
  co_return co_await std::move(loading);
}

base::Awaitable<Result<Answer>> SaleDesk::after_asking(base::Awaitable<Result<void>> asking) {
  const Result<void> done = co_await std::move(asking);
  if (closed_) co_return fail(Code::not_allowed, "the till is closed");
  scans_.take_held();
  if (!done) {
    parts_.refuse(done.error());
    co_return Failure(done.error());
  }
  show_cart();
  Answer answer;
  answer.customer = patron_.shown();
  answer.total = cart_.total();
  co_return answer;
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Complete) {
  if (auto open = may_sell(); !open) co_return Failure(open.error());
  if (auto kept = patron_.check_reward(); !kept) {
    show_cart();
    parts_.refuse(kept.error());
    co_return Failure(kept.error());
  }
  if (auto ours = orders_.may_finish(); !ours) {
    parts_.refuse(ours.error());
    co_return Failure(ours.error());
  }
  if (rehearsal_.on()) {
    if (auto sold = rehearsal_.sell(cart_); !sold) co_return Failure(sold.error());
    patron_.forget();
    show_cart();
    co_return Answer();
  }
  auto closing = close_outage();
  const Result<void> able = co_await std::move(closing);
  if (!able) co_return Failure(able.error());
  if (purses_.has_to_keep()) {
    auto keeping = keep_purses();
    const Result<void> kept = co_await std::move(keeping);
    if (closed_) co_return fail(Code::not_allowed, "the till is closed");
    if (!kept) {
      scans_.take_held();
      parts_.refuse(kept.error());
      co_return Failure(kept.error());
    }
  }
  if (kAsksFirst.on(parts_.config.mutants)) {
    const base::EventId first{parts_.config.name, parts_.store.epoch(), 1};
    static_cast<void>(co_await parts_.service.receipt(first));
  }
  auto event = checkout_.sell(cart_);
  if (!event) co_return Failure(event.error());
  cards_.sale_is_over();
  patron_.sold();
  purses_.sold(*event);
  orders_.look();
  show_cart();
  auto acknowledging = checkout_.acknowledge(*std::move(event));
  auto answer = co_await std::move(acknowledging);
  scans_.take_held();  // of the next sale
  co_return answer;
}

base::Awaitable<Result<void>> SaleDesk::close_outage() {
  if (!parts_.outage.over()) co_return Result<void>{};
  auto closing = outages_.close();
  const Result<void> closed = co_await std::move(closing);
  if (closed_) co_return fail(Code::not_allowed, "the till is closed");
  if (closed) co_return closed;
  parts_.refuse(closed.error());
  const bool dead = parts_.store.health() == store::Health::critical;
  if (dead) opening_.say_critical(closed.error().what);
  co_return closed;
}

// For the event that the sale becomes: its epoch has to be settled.
base::Awaitable<Result<void>> SaleDesk::keep_purses() {
  if (auto ready = checkout_.ready(); !ready) co_return ready;
  auto keeping = purses_.keep();
  co_return co_await std::move(keeping);
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Refund refund) {
  if (auto may = cards_.may_refund(refund.sale); !may) {
    parts_.refuse(may.error());
    co_return Failure(may.error());
  }
  if (auto may = may_book(); !may) co_return Failure(may.error());
  const bool order = !base::parse_event_id(refund.sale) && is_card_order(refund.sale);
  if (order) {
    auto asking = cards_.may_refund_elsewhere(refund.sale);
    const Result<void> may = co_await std::move(asking);
    if (!may) parts_.refuse(may.error());
    if (!may) co_return Failure(may.error());
  }
  if (!kRefundFirst.on(parts_.config.mutants)) {
    auto closing = close_outage();
    const Result<void> able = co_await std::move(closing);
    if (!able) co_return Failure(able.error());
  }
  auto refunding = checkout_.refund(std::move(refund));
  auto event = co_await std::move(refunding);
  if (!event) co_return Failure(event.error());
  auto acknowledging = checkout_.acknowledge(*std::move(event));
  co_return co_await std::move(acknowledging);
}

// What a card was tried for waits no less: that attempt is over.
Result<std::string> SaleDesk::park(Park park) {
  if (auto open = may_sell(); !open) return Failure(open.error());
  if (auto may = rehearsal_.may_be_real(); !may) return Failure(may.error());
  if (auto may = cards_.may_void(); !may) return Failure(may.error());
  auto parked = orders_.park(std::move(park.label));
  if (parked) cards_.sale_is_over();
  return parked;
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Park park_now) {
  auto parked = park(std::move(park_now));
  if (!parked) {
    parts_.refuse(parked.error());
    co_return Failure(parked.error());
  }
  show_cart();
  Answer answer;
  answer.order = *std::move(parked);
  co_return answer;
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Resume wanted) {
  if (auto may = may_book(); !may) {
    parts_.refuse(may.error());
    co_return Failure(may.error());
  }
  if (auto ready = checkout_.ready(); !ready) co_return Failure(ready.error());
  auto asking = resume(std::move(wanted.order));
  auto finishing = after_asking(std::move(asking));
  auto answer = co_await std::move(finishing);
  if (answer) answer->order = orders_.in_hand();
  co_return answer;
}

base::Awaitable<Result<void>> SaleDesk::resume(std::string which) {
  auto resuming = orders_.resume(std::move(which));
  const auto resumed = co_await std::move(resuming);
  if (!resumed) co_return Failure(resumed.error());
  co_return Result<void>{};
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Enter enter) {
  return change(std::move(enter));
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(SetQuantity set) {
  return change(set);
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(VoidLine gone) {
  return change(gone);
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Discount discount) {
  return change(discount);
}

base::Awaitable<Result<Answer>> SaleDesk::carry_out(Cancel cancel) {
  if (auto may = cards_.may_void(); !may) {
    parts_.refuse(may.error());
    co_return Failure(may.error());
  }
  auto cancelling = change(cancel);
  co_return co_await std::move(cancelling);
}

}  // namespace tillrig::till
