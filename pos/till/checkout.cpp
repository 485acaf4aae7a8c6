#include "pos/till/checkout.hpp"

#include "pos/base/assert.hpp"
#include "pos/till/refund.hpp"
#include "pos/wire/purse.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

const base::Mutant kUnasked{"refund_unasked", "INV-44", "a store that forgot a refund",
                            "money is given back without asking the cloud what was given before"};

const base::Mutant kPointsLost{"points_lost_offline", "INV-13",
                               "odoo/odoo#270532, defendicon/POS-Awesome-V15#3059",
                               "a sale without a connection gives no points"};
const base::Mutant kPointsKept{"refund_keeps_points", "INV-13", "odoo/odoo#257854",
                               "a refund takes no points back"};

const base::Mutant kUnsentKept{"unsent_sale_not_given_back", "INV-55",
                               "a fault planted by a reviewer",
                               "an own sale that the cloud has not got yet is not given back while "
                               "there is a line"};
const base::Mutant kOwnAlone{"own_sales_alone_given_back", "INV-55",
                             "a fault planted by a reviewer",
                             "what another till sold is not given back, whatever the cloud says"};
const base::Mutant kUnsentForgotten{"unsent_refunds_forgotten", "INV-44",
                                    "a fault planted by a reviewer",
                                    "what was given back of a sale that the cloud has not got yet "
                                    "does not count"};
const base::Mutant kHasToHear{"own_sale_needs_an_answer", "INV-55", "a fault planted by a reviewer",
                              "an own sale is not given back when the cloud does not answer"};

const base::Mutant kCountersStand{"counters_stand_still", "INV-26", "a fault planted by a reviewer",
                                  "the counters on the screen are as before when a sale is made"};
const base::Mutant kLookUpStays{"look_up_stays_open", "INV-39", "a fault planted by a reviewer",
                                "after a look-up that failed the till takes nothing more"};
const base::Mutant kShareOfLoads{
    "points_back_share_of_loads", "INV-13", "a fault planted by a reviewer",
    "the share of points that a refund takes back is of the sale with the money that was put in"};
const base::Mutant kRebuiltOnce{"rebuilt_once", "INV-25", "a fault planted by a reviewer",
                                "a copy that could not be rebuilt at once is not tried again"};
const base::Mutant kRefundOpensNoDay{
    "refund_opens_no_day", "INV-41", "a fault planted by a reviewer",
    "a day that begins with a refund is not open: the next document has a date of its own"};

}  // namespace

Result<void> Checkout::ready() {
  store::Store& store = parts_.store;
  if (store.health() == store::Health::degraded) {
    auto rebuilt = store.rebuild();
    if (!rebuilt && !kRebuiltOnce.on(parts_.config.mutants))
      rebuilt = store.rebuild();  // into other files
    if (!rebuilt) {
      opening_.say_critical("The till's storage has failed and could not be mended: " +
                            rebuilt.error().what);
      return base::within("no sale is taken", rebuilt.error());
    }
  }
  if (store.health() == store::Health::critical) {
    return fail(Code::not_allowed, "the till's storage is damaged: no sale is taken");
  }
  return opening_.epoch_settled() ? Result<void>() : opening_.settle_epoch();
}

Result<wire::Event> Checkout::sell(Cart& cart) {
  TILLRIG_ASSERT(!under_way_, "one document at a time");
  if (!opening_.epoch_settled()) {
    if (auto settled = opening_.settle_epoch(); !settled) {
      parts_.refuse(settled.error());
      return Failure(settled.error());
    }
  }
  auto document = cart.document(parts_.config.currency, parts_.day.for_next());
  if (!document) {
    parts_.refuse(document.error());
    return Failure(document.error());
  }
  const std::int64_t earned = earn_points(*document, cart.tail());
  count_points(earned, cart.tail());
  auto event = commit(wire::EventKind::sale, std::move(*document), cart.tail());
  if (event) cart.clear();
  return event;
}

void Checkout::count_points(std::int64_t earned, const wire::Tail& tail) {
  points_now_ = parts_.loyalty.points();
  if (points_now_) *points_now_ += earned - tail.get(wire::kRedeemed).value_or(0);
}

Result<wire::Event> Checkout::post(wire::Document sale, wire::Tail tail, bool in_hand) {
  TILLRIG_ASSERT(!under_way_, "one document at a time");
  points_now_.reset();
  if (in_hand) count_points(tail.get(wire::kPoints).value_or(0), tail);
  return commit(wire::EventKind::sale, std::move(sale), std::move(tail));
}

// Written into the sale, whether or not the cloud can be asked: they count when it comes there.
std::int64_t Checkout::earn_points(const wire::Document& document, wire::Tail& tail) const {
  const Config& config = parts_.config;
  if (!tail.get(wire::kMember)) return 0;
  const auto currency = base::find_currency(config.currency);
  const int exponent = currency ? currency->exponent : 2;
  const std::int64_t points =
      pay::points_for(document.total - wire::loaded_by(document), exponent, config.loyalty);
  const bool lost = kPointsLost.on(config.mutants) && !parts_.service.online();
  if (points == 0 || lost) return 0;
  tail.set(wire::kPoints, points);
  return points;
}

base::Awaitable<Result<wire::Event>> Checkout::refund(Refund refund) {
  TILLRIG_ASSERT(!under_way_, "one document at a time");
  if (auto able = ready(); !able) co_return Failure(able.error());
  const auto id = base::parse_event_id(refund.sale);
  if (!id) co_return Failure(id.error());
  const base::EventId sale = *id;
  under_way_ = true;
  auto known = co_await look_up(sale);
  under_way_ = !known && kLookUpStays.on(parts_.config.mutants);
  if (!known) co_return Failure(known.error());
  if (auto able = ready(); !able) co_return Failure(able.error());  // still, after the question
  auto document = refund_document(refund, *known);
  if (!document) co_return Failure(document.error());
  wire::Tail tail = points_taken_back(*known, *document);
  points_now_.reset();
  co_return commit(wire::EventKind::refund, std::move(*document), std::move(tail));
}

// A refund that this store has lost or cleaned up, or another till has made, is known to the cloud
// alone. An epoch that goes on has lost nothing.
bool Checkout::may_have_forgotten(const base::EventId& sale) const {
  if (kUnasked.on(parts_.config.mutants)) return false;
  return sale.till != parts_.config.name || sale.epoch != parts_.store.epoch() ||
         parts_.store.cleaned_up(sale);
}

base::Awaitable<Result<Checkout::Returned>> Checkout::look_up(base::EventId sale) {
  Returned known;
  auto kept = parts_.store.find(sale);
  const bool has_to = may_have_forgotten(sale) || (!kept && !kUnasked.on(parts_.config.mutants) &&
                                                   kept.error().code == Code::not_found);
  if (!kept && !has_to) co_return Failure(kept.error());
  // Another till may have given it back: who can be asked is.
  const bool ask = has_to || (parts_.service.online() && !kUnasked.on(parts_.config.mutants));
  auto earlier = parts_.store.refunds_of(sale);
  if (!earlier) co_return Failure(earlier.error());
  known.earlier = std::move(*earlier);
  if (kept) known.sale = std::move(*kept);
  if (!ask && !kHasToHear.on(parts_.config.mutants)) co_return known;
  auto told = co_await parts_.service.receipt(sale);
  if (!told && !has_to && !kHasToHear.on(parts_.config.mutants)) co_return known;
  if (!told) {
    co_return fail(told.error().code,
                   "cannot know what was given back of {}: needs connection ({})", sale.text(),
                   told.error().what);
  }
  if (!*told && (!kept || kUnsentKept.on(parts_.config.mutants))) {
    co_return fail(Code::not_found, "neither this till nor the cloud has a sale {}", sale.text());
  }
  if (kOwnAlone.on(parts_.config.mutants) && sale.till != parts_.config.name) {
    co_return fail(Code::not_allowed, "{} sold that: bring it there", sale.till);
  }
  if (!*told && kUnsentForgotten.on(parts_.config.mutants)) known.earlier.clear();
  if (!*told) co_return known;  // not sent yet, and so no refund of it was
  if (!kept) known.sale = sale_told(sale, **told);
  add_told(known, **told);
  co_return known;
}

// What the cloud counts is what it says; what it does not have yet comes from this store.
void Checkout::add_told(Returned& known, const wire::Receipt& told) {
  for (const wire::Receipt::Sold& line : told.lines) known.given_back.push_back(line.given_back);
  std::erase_if(known.earlier, [&](const wire::Event& refund) {
    return std::find(told.refunds.begin(), told.refunds.end(), refund.id.text()) !=
           told.refunds.end();
  });
}

Result<wire::Document> Checkout::refund_document(const Refund& refund, const Returned& known) {
  if (!refund.quantities.empty() && refund.quantities.size() != refund.lines.size()) {
    return fail(Code::bad_input, "{} quantities for {} lines: one for each, or none",
                refund.quantities.size(), refund.lines.size());
  }
  std::vector<BroughtBack> goods;
  for (std::size_t i = 0; i < refund.lines.size(); ++i) {
    goods.push_back(
        {refund.lines[i], refund.quantities.empty() ? base::Quantity{0} : refund.quantities[i]});
  }
  const auto& config = parts_.config;
  return refund_of(known.sale, known.earlier, goods,
                   {parts_.day.for_next(), config.rules, config.mutants}, known.given_back);
}

wire::Tail Checkout::points_taken_back(const Returned& known, const wire::Document& refund) const {
  wire::Tail tail;
  const auto* const sold = std::get_if<wire::Document>(&known.sale.body);
  const auto member = known.sale.tail.get(wire::kMember);
  const auto earned = known.sale.tail.get(wire::kPoints);
  if (sold == nullptr || !member || !earned || kPointsKept.on(parts_.config.mutants)) return tail;
  const auto before = returned_before(known.sale, known.earlier, known.given_back);
  const Money had = before ? *before : Money{};
  const std::int64_t back = pay::points_back(
      *earned,
      sold->total -
          (kShareOfLoads.on(parts_.config.mutants) ? base::Money{} : wire::loaded_by(*sold)),
      had, -refund.total);
  if (back == 0) return tail;
  tail.set(wire::kMember, *member);
  tail.set(wire::kPoints, -back);
  return tail;
}

Result<wire::Event> Checkout::commit(wire::EventKind kind, wire::Document document,
                                     wire::Tail tail) {
  parts_.ports.recorder.note({.mark = "checkout.begun"}, {{"total", document.total.minor}});
  parts_.outage.document_comes();
  auto event = parts_.store.commit(kind, std::move(document), std::move(tail));
  if (event && !(kRefundOpensNoDay.on(parts_.config.mutants) && kind == wire::EventKind::refund))
    parts_.day.took(*event);
  if (!event) {
    parts_.refuse(event.error());
    if (parts_.store.health() == store::Health::critical) {
      opening_.say_critical(event.error().what);
    }
  }
  return event;
}

base::Awaitable<void> Checkout::settled() {
  TILLRIG_ASSERT(!under_way_, "one document at a time");
  under_way_ = true;
  co_await ports::settle(parts_.ports);
  under_way_ = false;
}

base::Awaitable<Answer> Checkout::acknowledge(wire::Event event) {
  co_await settled();
  const auto& document = std::get<wire::Document>(event.body);
  Completed shown;
  shown.sale = event.id.text();
  shown.number = base::ReceiptNumber{event.id.epoch, document.number}.text();
  shown.amount = document.total;
  for (const wire::Payment& payment : document.payments) shown.change += payment.change;
  parts_.ports.recorder.note(
      {.mark = "sale.acknowledged", .sale = shown.sale},
      {{"number", std::string_view(shown.number)}, {"total", document.total.minor}});
  parts_.screen.show(shown);
  const bool offline = !parts_.service.online();
  parts_.outage.document_stands(event.id);
  auto points = std::exchange(points_now_, std::nullopt);
  if (offline && !pay::shows_stale(parts_.config.mutants)) points.reset();
  const Receipt receipt =
      compose(event, parts_.config.shop, offline, false, parts_.config.mutants, points);
  for (const auto& device : parts_.devices) device->print(receipt);
  if (!kCountersStand.on(parts_.config.mutants)) parts_.show_counters();
  parts_.service.kick();
  Answer answer;
  answer.sale = shown.sale;
  answer.number = shown.number;
  answer.total = shown.amount;
  answer.change = shown.change;
  co_return answer;
}

}  // namespace tillrig::till
