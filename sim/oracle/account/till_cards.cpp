#include "sim/oracle/account/till_cards.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::oracle {

CardTry* TillCards::find(std::string_view attempt) const {
  const auto at = std::find_if(all_.begin(), all_.end(),
                               [&](const CardTry& each) { return each.attempt == attempt; });
  return at == all_.end() ? nullptr : &*at;
}

bool TillCards::begins(const CashierEntry& shown) const {
  return taking_ != nullptr && find(shown.facts.text("attempt").value_or("")) == nullptr;
}

void TillCards::begin(CardTry tried, const CashierEntry& shown) {
  tried.attempt = shown.facts.text("attempt").value_or("");
  tried.order_id = order_.empty() ? tried.attempt : order_;
  tried.till = till_;
  tried.order = taking_;
  tried.at = shown.at;
  order_ = tried.order_id;
  all_.push_back(std::move(tried));
}

bool TillCards::shown(const CashierEntry& entry) {
  CardTry* const tried = find(entry.facts.text("attempt").value_or(""));
  if (tried == nullptr) return false;
  tried->state = entry.facts.text("state").value_or("");
  if (tried->state != "approved") return false;
  approved_ = tried->attempt;
  if (!tried->sale.empty() || !in_hand(*tried)) return false;
  tried->in_hand = true;
  return true;
}

// One that was approved while its till died is completed when it is opened again.
CardTry* TillCards::paid_by(const CashierEntry& acknowledged) {
  CardTry* paid = find(approved_);
  if (paid != nullptr && !paid->sale.empty()) paid = nullptr;
  for (CardTry& each : all_) {
    const bool may =
        each.till == till_ && each.sale.empty() && each.bill.total == acknowledged.amount;
    if (paid == nullptr && may) paid = &each;
  }
  return paid != nullptr && paid->bill.total == acknowledged.amount ? paid : nullptr;
}

// After a card was tried for it; that it was tried is none.
void TillCards::touched(const OrderEntry& order) {
  if (order_.empty()) return;
  const CardTry* last = nullptr;
  for (const CardTry& each : all_) {
    if (each.till == till_ && in_hand(each)) last = &each;
  }
  if (last != nullptr && last->order != &order) touches_.push_back({&order, order_, last->state});
}

CardTry* TillCards::untold() {
  for (CardTry& each : all_) {
    if (each.till == till_ && each.sale.empty() && each.state == "approved") return &each;
  }
  return nullptr;
}

Due due_of(CardTry& tried, std::string_view sale, std::uint64_t order) {
  Due due;
  due.id = sale;
  due.till = tried.till;
  due.bill = tried.bill;
  due.order = tried.order;
  due.finished = order;
  due.attempt = tried.attempt;
  due.in_hand = tried.in_hand;
  due.member = tried.member;
  due.points = tried.points;
  due.redeemed = tried.redeemed;
  due.sure = !sale.empty();
  tried.sale = sale;
  return due;
}

}  // namespace tillrig::oracle
