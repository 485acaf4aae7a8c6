#include "sim/oracle/account/bill.hpp"

#include "sim/oracle/account/arithmetic.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle {
namespace {

constexpr std::int64_t kMostOfALine = 9'999'000;  // thousandths
constexpr std::int64_t kWhole = 10'000;           // 100 % in basis points

}  // namespace

std::int64_t Off::of(std::int64_t from) const {
  return std::min(share_of(from, rate) + amount, from);
}

RungUp::Line* RungUp::at(std::size_t line) {
  return line >= 1 && line <= lines_.size() ? &lines_[line - 1] : nullptr;
}

std::string RungUp::why_not_change(std::size_t line) const {
  if (!given_.empty()) return "a payment is in";
  if (line < 1 || line > lines_.size()) return fmt::format("the sale has no line {}", line);
  return {};
}

// One more of the last line, when nothing tells the two apart.
std::string RungUp::add(const Label& label) {
  std::string why = given_.empty() ? "" : "a payment is in";
  if (!lines_.empty()) {
    Line& last = lines_.back();
    const bool same = last.label.item == label.item && last.label.price == label.price &&
                      !last.label.embedded && !label.embedded && last.off.none() &&
                      last.quantity % 1000 == 0 && last.quantity + 1000 <= kMostOfALine;
    if (same) {
      last.quantity += 1000;
      return why;
    }
  }
  lines_.push_back({label, 1000, {}});
  return why;
}

std::string RungUp::quantity(std::size_t line, std::int64_t thousandths) {
  std::string why = why_not_change(line);
  Line* const found = at(line);
  if (found == nullptr) return why;
  if (why.empty() && is_purse_sku(found->label.item->sku)) why = "there is one of it";
  if (why.empty() && found->label.embedded) why = "the scale printed the price of the line";
  if (why.empty() && (thousandths < 1 || thousandths > kMostOfALine)) {
    why = "a quantity is 0.001 to 9999";
  }
  found->quantity = thousandths;
  return why;
}

std::string RungUp::drop(std::size_t line) {
  std::string why = why_not_change(line);
  if (at(line) != nullptr) lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(line - 1));
  return why;
}

std::string RungUp::off(std::size_t line, Off off) {
  std::string why = why_not_change(std::max<std::size_t>(line, 1));
  if (why.empty() && (off.rate < 0 || off.rate > kWhole || off.amount < 0)) {
    why = "a discount is 0 to 100 percent, or an amount that is not negative";
  }
  std::int64_t most = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::int64_t gross = times(lines_[i].label.price, lines_[i].quantity);
    const bool goods = !is_purse_sku(lines_[i].label.item->sku);
    if (line == 0 && goods) most += gross - lines_[i].off.of(gross);
    if (line == i + 1) most = gross;
    if (line == i + 1 && !goods && why.empty()) why = "nothing is taken off money that is put in";
  }
  if (why.empty() && off.amount > most) why = "the discount is more than what it is taken off";
  if (line == 0) {
    off_sale_ = off;
  } else if (Line* const found = at(line)) {
    found->off = off;
  }
  return why;
}

std::string RungUp::reward(std::int64_t amount) {
  std::string why = why_not_change(1);
  std::int64_t goods = 0;
  for (const BillLine& line : bill().lines) {
    if (!is_purse_sku(line.item->sku)) goods += line.total;
  }
  if (why.empty() && reward_ != 0) why = "a sale has one reward";
  if (why.empty() && amount > goods) why = "the reward is more than the sale comes to";
  reward_ = amount;
  return why;
}

std::string RungUp::pay(std::int64_t given) {
  std::string why;
  if (lines_.empty()) {
    why = "there is nothing to pay";
  } else if (given <= 0) {
    why = "cash handed over is more than nothing";
  } else if (bill().due() == 0) {
    why = "nothing is due any more";
  }
  given_.push_back({given, {}, {}});
  return why;
}

std::string RungUp::load(const ShopItem& item, std::int64_t amount) {
  std::string why = given_.empty() ? "" : "a payment is in";
  if (why.empty() && amount <= 0) why = "nothing is put in";
  for (const Line& line : lines_) {
    if (why.empty() && line.label.item->sku == item.sku) why = "the card is in the sale already";
  }
  lines_.push_back({{&item, amount, true}, 1000, {}});
  return why;
}

std::string RungUp::pay_from(std::string_view ledger, std::string_view key, std::int64_t amount) {
  std::string why;
  if (lines_.empty()) {
    why = "there is nothing to pay";
  } else if (amount <= 0) {
    why = "what is paid is more than nothing";
  } else if (amount > bill().due()) {
    why = "more is paid than is due, and a card gives no change";
  } else if (bill().loaded != 0) {
    why = "money that is put in is paid for in cash";
  }
  for (const Given& each : given_) {
    if (why.empty() && each.ledger == ledger && each.key == key) why = "it is in the sale already";
  }
  given_.push_back({amount, std::string(ledger), std::string(key)});
  return why;
}

std::string RungUp::why_not_finish() const {
  if (lines_.empty()) return "there is nothing to sell";
  return bill().due() > 0 ? "the sale is not paid in full" : "";
}

void RungUp::clear() {
  lines_.clear();
  off_sale_ = {};
  reward_ = 0;
  given_.clear();
}

namespace {

void add_sale_discount(Bill& bill, const Off& off) {
  std::vector<std::int64_t> weights;
  std::int64_t goods = 0;
  for (const BillLine& line : bill.lines) {
    weights.push_back(is_purse_sku(line.item->sku) ? 0 : line.total);
    goods += weights.back();
  }
  if (goods == 0) return;
  const std::vector<std::int64_t> parts = apportion(off.of(goods), weights);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    bill.lines[i].discount += parts[i];
    bill.lines[i].total -= parts[i];
  }
}

void add_tax(Bill& bill, bool inside) {
  std::map<std::int64_t, std::vector<BillLine*>> by_rate;
  for (BillLine& line : bill.lines) by_rate[line.item->rate].push_back(&line);
  for (const auto& [rate, lines] : by_rate) {
    std::vector<std::int64_t> weights;
    std::int64_t goods = 0;
    for (const BillLine* line : lines) {
      weights.push_back(line->total);
      goods += line->total;
    }
    const std::int64_t tax = inside ? tax_within(goods, rate) : share_of(goods, rate);
    const std::vector<std::int64_t> parts = apportion(tax, weights);
    for (std::size_t i = 0; i < parts.size(); ++i) lines[i]->tax = parts[i];
    bill.tax_by_rate[rate] = tax;
    bill.tax += tax;
  }
}

void add_total(Bill& bill, const Shop& shop) {
  for (const BillLine& line : bill.lines) bill.total += line.total;
  if (!shop.prices_include_tax) bill.total += bill.tax;
  bill.rounding = to_coins(bill.total, shop.smallest_coin);
}

}  // namespace

Bill RungUp::bill() const {
  Bill bill;
  for (const Line& each : lines_) {
    BillLine line;
    line.item = each.label.item;
    line.unit = each.label.price;
    line.quantity = each.quantity;
    const std::int64_t gross = times(line.unit, line.quantity);
    line.discount = each.off.of(gross);
    line.total = gross - line.discount;
    bill.lines.push_back(line);
  }
  if (!off_sale_.none()) add_sale_discount(bill, off_sale_);
  if (reward_ != 0) add_sale_discount(bill, Off{0, reward_});
  add_tax(bill, shop_->prices_include_tax);
  add_total(bill, *shop_);
  for (const BillLine& line : bill.lines) {
    const std::string& sku = line.item->sku;
    if (!is_purse_sku(sku)) continue;
    const std::size_t colon = sku.find(':');
    bill.moves.push_back({sku.substr(0, colon), sku.substr(colon + 1), line.total});
    bill.loaded += line.total;
  }
  for (const Given& given : given_) {
    const std::int64_t due = bill.due();
    if (given.ledger.empty()) {
      bill.given += given.amount;
      bill.change += given.amount > due ? given.amount - due : 0;
    } else {
      bill.from_purse += given.amount;
      bill.moves.push_back({given.ledger, given.key, -given.amount});
    }
  }
  return bill;
}

std::string why_not_refund(const Bill& sale, const std::vector<std::int64_t>& before,
                           const std::vector<BroughtBack>& goods) {
  bool left = false;
  for (std::size_t i = 0; i < sale.lines.size(); ++i) {
    if (is_purse_sku(sale.lines[i].item->sku)) continue;
    left = left || before[i] < sale.lines[i].quantity;
  }
  if (!left) return "all of it was given back";
  std::vector<bool> named(sale.lines.size(), false);
  for (const BroughtBack& each : goods) {
    if (each.line < 1 || each.line > sale.lines.size()) {
      return fmt::format("the sale has no line {}", each.line);
    }
    const std::size_t i = each.line - 1;
    if (is_purse_sku(sale.lines[i].item->sku)) return "money that was put in is not given back";
    if (named[i]) return fmt::format("line {} is named twice", each.line);
    named[i] = true;
    const std::int64_t rest = sale.lines[i].quantity - before[i];
    if (rest <= 0 || each.quantity > rest) {
      return fmt::format("so much of line {} is not left", each.line);
    }
    if (each.quantity < 0) return "what comes back is more than nothing";
  }
  return {};
}

Bill bill_of_refund(const Bill& sale, const std::vector<std::int64_t>& before,
                    std::vector<BroughtBack> goods, const Shop& shop) {
  if (goods.empty()) {
    for (std::size_t i = 0; i < sale.lines.size(); ++i) {
      const bool is_goods = !is_purse_sku(sale.lines[i].item->sku);
      if (is_goods && before[i] < sale.lines[i].quantity) goods.push_back({i + 1, 0});
    }
  }
  Bill refund;
  for (const BroughtBack& each : goods) {
    if (each.line < 1 || each.line > sale.lines.size()) continue;
    const BillLine& sold = sale.lines[each.line - 1];
    const std::int64_t gone = before[each.line - 1];
    const std::int64_t now = each.quantity != 0 ? each.quantity : sold.quantity - gone;
    const auto part = [&](std::int64_t whole) {
      return fraction(whole, gone + now, sold.quantity) - fraction(whole, gone, sold.quantity);
    };
    BillLine line = sold;
    line.quantity = -now;
    line.total = -part(sold.total);
    line.tax = -part(sold.tax);
    line.discount = times(line.unit, line.quantity) - line.total;
    line.of_line = each.line;
    refund.tax_by_rate[line.item->rate] += line.tax;
    refund.tax += line.tax;
    refund.lines.push_back(line);
  }
  add_total(refund, shop);
  refund.given = refund.total + refund.rounding;
  return refund;
}

}  // namespace tillrig::oracle
