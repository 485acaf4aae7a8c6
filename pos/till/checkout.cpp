#include "pos/till/checkout.hpp"

#include "pos/base/assert.hpp"
#include "pos/till/refund.hpp"

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

Result<void> Checkout::ready() {
  store::Store& store = parts_.store;
  if (store.health() == store::Health::degraded) {
    auto rebuilt = store.rebuild();
    if (!rebuilt) rebuilt = store.rebuild();  // into other files
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
  auto document = cart.document(parts_.config.currency, parts_.config.day);
  if (!document) {
    parts_.refuse(document.error());
    return Failure(document.error());
  }
  auto event = commit(wire::EventKind::sale, std::move(*document), cart.tail());
  if (event) cart.clear();
  return event;
}

Result<wire::Event> Checkout::refund(const Refund& refund) {
  TILLRIG_ASSERT(!under_way_, "one document at a time");
  if (auto able = ready(); !able) return Failure(able.error());
  auto document = refund_document(refund);
  if (!document) return Failure(document.error());
  return commit(wire::EventKind::refund, std::move(*document));
}

Result<wire::Document> Checkout::refund_document(const Refund& refund) {
  const auto id = base::parse_event_id(refund.sale);
  if (!id) return Failure(id.error());
  const auto sale = parts_.store.find(*id);
  if (!sale) return Failure(sale.error());
  const auto earlier = parts_.store.refunds_of(*id);
  if (!earlier) return Failure(earlier.error());
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
  return refund_of(*sale, *earlier, goods, {config.day, config.rules, config.mutants});
}

Result<wire::Event> Checkout::commit(wire::EventKind kind, wire::Document document,
                                     wire::Tail tail) {
  parts_.ports.recorder.note({.mark = "checkout.begun"}, {{"total", document.total.minor}});
  auto event = parts_.store.commit(kind, std::move(document), std::move(tail));
  if (!event) {
    parts_.refuse(event.error());
    if (parts_.store.health() == store::Health::critical) {
      opening_.say_critical(event.error().what);
    }
  }
  return event;
}

base::Awaitable<Answer> Checkout::acknowledge(wire::Event event) {
  TILLRIG_ASSERT(!under_way_, "one document at a time");
  under_way_ = true;
  co_await ports::settle(parts_.ports);
  under_way_ = false;
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
  const Receipt receipt =
      compose(event, parts_.config.shop, !parts_.service.online(), false, parts_.config.mutants);
  for (const auto& device : parts_.devices) device->print(receipt);
  CountersShown counters;
  counters.counters = parts_.store.counters();
  parts_.screen.show(counters);
  parts_.service.kick();
  Answer answer;
  answer.sale = shown.sale;
  answer.number = shown.number;
  answer.total = shown.amount;
  answer.change = shown.change;
  co_return answer;
}

}  // namespace tillrig::till
