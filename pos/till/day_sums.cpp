#include "pos/till/day_sums.hpp"

#include <algorithm>
#include <map>

namespace tillrig::till {
namespace {

using base::Money;

class DayAdder {
 public:
  void add(const wire::Event& event) {
    if (const auto* document = std::get_if<wire::Document>(&event.body)) {
      add(*document, event.kind == wire::EventKind::refund);
    } else if (const auto* opened = std::get_if<wire::DayOpened>(&event.body)) {
      sums_.cash_float += opened->cash_float;
    } else if (const auto* moved = std::get_if<wire::CashMoved>(&event.body)) {
      (moved->amount < Money{} ? sums_.paid_out : sums_.paid_in) += moved->amount;
    }
    ++events_;
  }

  // The events of each epoch run from 1, of the first one from behind the last close.
  void span(const wire::Event& event, const base::EventId& closed) {
    auto& spans = sums_.spans;
    if (spans.empty() || spans.back().epoch != event.id.epoch) {
      const std::uint64_t first = event.id.epoch == closed.epoch ? closed.seq + 1 : 1;
      spans.push_back({event.id.epoch, first, 0});
    }
    spans.back().last = event.id.seq;
  }

  wire::DayClosed take(const base::EventId& newest) {
    auto& spans = sums_.spans;
    if (!spans.empty() && spans.back().epoch == newest.epoch) spans.back().last = newest.seq;
    std::uint64_t all = 0;
    for (const wire::Span& each : spans) all += each.last - each.first + 1;
    sums_.missing = all - std::min(all, events_);
    for (auto& [points, sum] : rates_) sums_.rates.push_back(sum);
    sums_.expected = sums_.cash_float + sums_.paid_in + sums_.paid_out;
    for (const auto& [kind, amount] : tenders_) {
      sums_.tenders.push_back({kind, amount});
      if (kind == "cash") sums_.expected += amount;
    }
    return std::move(sums_);
  }

 private:
  void add(const wire::Document& document, bool refund) {
    ++(refund ? sums_.refunds : sums_.sales);
    (refund ? sums_.given_back : sums_.sold) += document.total;
    for (const wire::Line& line : document.lines) {
      wire::RateSum& sum = rates_[line.tax_rate.basis_points];
      sum.rate = line.tax_rate;
      sum.goods += line.total;
      sum.tax += line.tax;
    }
    for (const wire::Payment& payment : document.payments) tenders_[payment.kind] += payment.amount;
  }

  wire::DayClosed sums_;
  std::map<std::int64_t, wire::RateSum> rates_;
  std::map<std::string, Money> tenders_;
  std::uint64_t events_ = 0;
};

}  // namespace

wire::DayClosed sum_day(const std::vector<wire::Event>& events, const base::EventId& closed,
                        const base::EventId& newest) {
  DayAdder adder;
  for (const wire::Event& event : events) {
    adder.add(event);
    adder.span(event, closed);
  }
  return adder.take(newest);
}

}  // namespace tillrig::till
