#include "pos/till/cart.hpp"

#include "pos/wire/api.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

using base::Code;
using base::fail;

constexpr std::int64_t kMostThousandths = 9'999'000;
constexpr std::int64_t kWhole = 10'000;  // 100 % in basis points
// Minor units. As many lines as a sale may have still add up to what the wire carries.
constexpr Money kDearestLine{100'000'000'000};
constexpr Money kMostCash{1'000'000'000'000'000};

// The tax inside follows from the total; said in one place for sales and refunds alike.
void close_line(wire::Line& line, Money gross) {
  line.total = gross - line.discount;
  line.tax = base::tax_inside(line.total, line.tax_rate);
}

// Whether a line of it could be sent to the cloud.
Result<void> check_texts(const Item& item) {
  const std::size_t longest = std::max(item.sku.size(), item.name.size());
  if (longest <= wire::kTextBytes &&
      wire::most_line_bytes(item.sku, item.name) <= wire::kLineBytes) {
    return {};
  }
  // The beginning of the name, and no half of a letter.
  std::size_t shown = std::min<std::size_t>(item.name.size(), 24);
  while (shown > 0 && shown < item.name.size() && (item.name[shown] & 0xC0) == 0x80) --shown;
  return fail(
      Code::too_large,
      "the item \"{}...\" has a SKU of {} and a name of {} bytes, too long to be sent to the "
      "cloud; at most {} each: shorten them in the catalogue",
      item.name.substr(0, shown), item.sku.size(), item.name.size(), wire::kTextBytes);
}

}  // namespace

Result<void> Cart::price(wire::Line& line, const Terms& terms) {
  const auto gross = base::extend(line.unit_price, line.quantity);
  if (!gross) return base::Failure(gross.error());
  if (*gross > kDearestLine) {
    return fail(Code::too_large, "{} x {} is more than a line may cost",
                base::format_quantity(line.quantity), line.name);
  }
  line.discount = std::min(base::share(*gross, terms.rate) + terms.off, *gross);
  close_line(line, *gross);
  return {};
}

Result<void> Cart::check_open(std::size_t line) const {
  if (!payments_.empty()) {
    return fail(Code::not_allowed, "a payment is in: finish or cancel the sale before changing it");
  }
  if (line < 1 || line > lines_.size()) {
    return fail(Code::not_found, "the sale has no line {}; it has {}", line, lines_.size());
  }
  return {};
}

// Puts a changed line in its place, if it can be priced; else all stays as it was.
Result<void> Cart::take(std::size_t number, wire::Line changed, const Terms& terms) {
  if (auto priced = price(changed, terms); !priced) return priced;
  lines_[number - 1] = std::move(changed);
  terms_[number - 1] = terms;
  return {};
}

Result<void> Cart::add(const Item& item, Money price_each) {
  if (!payments_.empty()) {
    return fail(Code::not_allowed, "a payment is in: finish or cancel the sale before adding {}",
                item.name);
  }
  if (price_each < Money{}) {
    return fail(Code::bad_input, "{} has a price below zero; goods are given back by a refund",
                item.name);
  }
  if (!lines_.empty() && !item.price_embedded) {
    wire::Line last = lines_.back();
    const Terms& terms = terms_.back();
    const bool same = last.sku == item.sku && last.unit_price == price_each &&
                      terms.rate == Rate{} && terms.off == Money{} &&
                      last.quantity.thousandths % 1000 == 0;
    if (same && last.quantity.thousandths + 1000 <= kMostThousandths) {
      last.quantity.thousandths += 1000;
      return take(lines_.size(), std::move(last), terms);
    }
  }
  if (lines_.size() >= wire::kDocumentLines) {
    return fail(Code::too_large,
                "the sale has {} lines, more cannot be sent to the cloud at once: finish it and "
                "sell {} in another one",
                lines_.size(), item.name);
  }
  if (auto sendable = check_texts(item); !sendable) return sendable;
  wire::Line line;
  line.sku = item.sku;
  line.name = item.name;
  line.unit_price = price_each;
  line.tax_rate = item.tax;
  const Terms terms{item.price_embedded, {}, {}};
  if (auto priced = price(line, terms); !priced) return priced;
  lines_.push_back(std::move(line));
  terms_.push_back(terms);
  return {};
}

Result<void> Cart::set_quantity(std::size_t number, Quantity quantity) {
  if (auto open = check_open(number); !open) return open;
  if (quantity.thousandths < 1 || quantity.thousandths > kMostThousandths) {
    return fail(Code::bad_input, "a quantity is 0.001 to 9999, not {}",
                base::format_quantity(quantity));
  }
  const Terms& terms = terms_[number - 1];
  if (terms.embedded) {
    return fail(Code::not_allowed, "the scale printed the price of line {}: scan it once for each",
                number);
  }
  wire::Line changed = lines_[number - 1];
  changed.quantity = quantity;
  return take(number, std::move(changed), terms);
}

Result<void> Cart::void_line(std::size_t number) {
  if (auto open = check_open(number); !open) return open;
  lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(number - 1));
  terms_.erase(terms_.begin() + static_cast<std::ptrdiff_t>(number - 1));
  return {};
}

Result<void> Cart::discount_rate(std::size_t number, Rate rate) {
  if (rate.basis_points < 0 || rate.basis_points > kWhole) {
    return fail(Code::bad_input, "a discount is 0 to 100 percent");
  }
  if (number == 0) return discount_amount(0, base::share(total(), rate));
  if (auto open = check_open(number); !open) return open;
  Terms terms = terms_[number - 1];
  terms.rate = rate;
  terms.off = {};
  return take(number, lines_[number - 1], terms);
}

Result<void> Cart::discount_amount(std::size_t number, Money amount) {
  if (amount < Money{}) return fail(Code::bad_input, "a discount is not negative");
  if (number != 0) {
    if (auto open = check_open(number); !open) return open;
    const wire::Line& line = lines_[number - 1];
    if (amount > line.total + line.discount) {
      return fail(Code::bad_input, "the discount is more than line {} costs", number);
    }
    Terms terms = terms_[number - 1];
    terms.rate = {};
    terms.off = amount;
    return take(number, line, terms);
  }
  if (auto open = check_open(1); !open) return open;
  if (amount > total()) return fail(Code::bad_input, "the discount is more than the sale");
  std::vector<std::int64_t> weights;
  for (const wire::Line& line : lines_) weights.push_back(line.total.minor);
  const std::vector<Money> parts = base::split(amount, weights);
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    terms_[i].off += parts[i];
    if (auto priced = price(lines_[i], terms_[i]); !priced) return priced;
  }
  return {};
}

Result<void> Cart::tender_cash(Money given) {
  if (given <= Money{}) return fail(Code::bad_input, "cash handed over is more than nothing");
  if (lines_.empty()) return fail(Code::not_allowed, "there is nothing to pay: scan an item first");
  if (given > kMostCash) return fail(Code::bad_input, "nobody hands over so much cash");
  const Money open = due();
  if (open == Money{}) return fail(Code::not_allowed, "nothing is due any more");
  if (payments_.size() + 1 >= wire::kDocumentPayments && given < open) {
    return fail(Code::too_large, "{} payments are in: the next one has to pay the rest",
                payments_.size());
  }
  wire::Payment payment;
  payment.kind = "cash";
  payment.given = given;
  payment.amount = std::min(given, open);
  payment.change = given - payment.amount;
  payments_.push_back(std::move(payment));
  return {};
}

Money Cart::total() const {
  Money sum;
  for (const wire::Line& line : lines_) sum += line.total;
  return sum;
}

Money Cart::paid() const {
  Money sum;
  for (const wire::Payment& payment : payments_) sum += payment.amount;
  return sum;
}

Money Cart::due() const {
  return std::max(Money{}, total() - paid());
}

Money Cart::change() const {
  Money sum;
  for (const wire::Payment& payment : payments_) sum += payment.change;
  return sum;
}

Result<wire::Document> Cart::document(std::string_view currency, std::string_view day) const {
  if (lines_.empty())
    return fail(Code::not_allowed, "there is nothing to sell: scan an item first");
  if (due() > Money{}) return fail(Code::not_allowed, "the sale is not paid in full yet");
  wire::Document document;
  document.currency = currency;
  document.day = day;
  document.payments = payments_;
  for (wire::Line line : lines_) {
    const auto gross = base::extend(line.unit_price, line.quantity);
    if (!gross) return base::Failure(gross.error());
    close_line(line, *gross);
    document.total += line.total;
    document.tax += line.tax;
    document.lines.push_back(std::move(line));
  }
  if (auto sound = wire::check_document(document, wire::EventKind::sale); !sound) {
    return base::within("checkout", sound.error());
  }
  return document;
}

void Cart::clear() {
  lines_.clear();
  terms_.clear();
  payments_.clear();
  tail_ = {};
}

}  // namespace tillrig::till
