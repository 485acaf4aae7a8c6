#include "pos/till/cart.hpp"

#include "pos/wire/api.hpp"
#include "pos/wire/purse.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {
namespace {

using base::Code;
using base::fail;
using base::Mutant;

const Mutant kDiscountStays{"discount_stays", "INV-41", "a fault planted by a reviewer",
                            "a discount on a line cannot be taken back"};
const Mutant kParkedDiscountLost{"parked_discount_lost", "INV-41", "a fault planted by a reviewer",
                                 "a sale that waited has lost the discount on all of it"};
const Mutant kTwoDigits{"quantity_of_two_digits", "INV-55", "a fault planted by a reviewer",
                        "more than 99 of a line are refused"};
const Mutant kNothingFree{"nothing_for_free", "INV-55", "a fault planted by a reviewer",
                          "a line that is given away, 100 percent off, is refused"};
const Mutant kScanDoubled{"scan_doubled", "INV-41", "scanners that send a code twice",
                          "the second piece of an item counts as two"};
const Mutant kPriceOffByOne{"price_off_by_one", "INV-41", "a fault planted by a reviewer",
                            "each price is a minor unit too high"};
const Mutant kDiscountLost{"discount_lost_on_quantity", "INV-41",
                           "discounts that vanish when a quantity is changed",
                           "a line whose quantity is changed loses its discount"};
const Mutant kVoidWrongLine{"void_wrong_line", "INV-41", "lines counted from 0 and from 1",
                            "not the line that is named is taken away, but the last one"};
const Mutant kChangeWrong{"change_wrong", "INV-43", "a fault planted by a reviewer",
                          "one minor unit more than was handed over is booked, and given back"};
const Mutant kCardOverDue{"card_over_what_is_due", "INV-41", "a fault planted by a reviewer",
                          "a card may pay up to the total, whatever was paid before it"};
const Mutant kCardBuysCard{
    "card_buys_a_card", "INV-41", "a fault planted by a reviewer",
    "money that is put on a card behind other goods may be paid for with a card"};
const Mutant kRewardOverGoods{
    "reward_over_goods", "INV-41", "a fault planted by a reviewer",
    "a reward may be more than the goods when money is put in beside them"};
const Mutant kNoRoomLeft{
    "no_room_for_the_rest", "INV-01", "a fault planted by a reviewer",
    "payments are taken until there is no room for the one that pays the rest"};
const Mutant kLinesUnlimited{"lines_unlimited", "INV-01", "a fault planted by a reviewer",
                             "a sale takes more lines than can be sent to the cloud"};

const Mutant kOnePriceOneLine{"one_price_one_line", "INV-41", "a fault planted by a reviewer",
                              "goods that cost the same are one line, by the name of the first"};

constexpr Money kMostLoaded{100'000'000};  // minor units, at once
constexpr std::int64_t kMostThousandths = 9'999'000;
constexpr std::int64_t kWhole = 10'000;  // 100 % in basis points
constexpr Money kMostCash{1'000'000'000'000'000};

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

// What discounts of the sale are taken off.
Money goods_of(const Priced& priced) {
  Money goods;
  for (const wire::Line& line : priced.lines) {
    if (!wire::is_purse_sku(line.sku)) goods += line.total;
  }
  return goods;
}

// Whether one more of the item is one more of that line.
bool goes_into(const CartLine& last, const Item& item, Money price_each,
               const base::Mutants& mutants) {
  return !item.price_embedded && !last.embedded &&
         (last.line.sku == item.sku || kOnePriceOneLine.on(mutants)) &&
         last.line.unit_price == price_each && last.off.none() &&
         last.line.quantity.thousandths % 1000 == 0 &&
         last.line.quantity.thousandths + 1000 <= kMostThousandths;
}

}  // namespace

Result<void> Cart::check_open(std::size_t line) const {
  if (!payments_.empty()) {
    return fail(Code::not_allowed, "a payment is in: finish or cancel the sale before changing it");
  }
  if (line < 1 || line > cart_.size()) {
    return fail(Code::not_found, "the sale has no line {}; it has {}", line, cart_.size());
  }
  return {};
}

// The changed cart, if it can be priced; else all stays as it was.
Result<void> Cart::take(std::vector<CartLine> cart, const Reduction& off_sale) {
  auto priced = price(cart, off_sale, rules_, mutants_, reward_);
  if (!priced) return base::Failure(priced.error());
  cart_ = std::move(cart);
  off_sale_ = off_sale;
  priced_ = *std::move(priced);
  return {};
}

Result<void> Cart::take_line(std::size_t number, CartLine changed) {
  std::vector<CartLine> cart = cart_;
  cart[number - 1] = std::move(changed);
  return take(std::move(cart), off_sale_);
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
  if (kPriceOffByOne.on(mutants_)) price_each += Money{1};
  if (!cart_.empty() && goes_into(cart_.back(), item, price_each, mutants_)) {
    CartLine more = cart_.back();
    more.line.quantity.thousandths += kScanDoubled.on(mutants_) ? 2000 : 1000;
    return take_line(cart_.size(), std::move(more));
  }
  if (cart_.size() >= wire::kDocumentLines && !kLinesUnlimited.on(mutants_)) {
    return fail(Code::too_large,
                "the sale has {} lines, more cannot be sent to the cloud at once: finish it and "
                "sell {} in another one",
                cart_.size(), item.name);
  }
  if (auto sendable = check_texts(item); !sendable) return sendable;
  CartLine fresh;
  fresh.line.sku = item.sku;
  fresh.line.name = item.name;
  fresh.line.unit_price = price_each;
  fresh.line.tax_rate = item.tax;
  fresh.embedded = item.price_embedded;
  std::vector<CartLine> cart = cart_;
  cart.push_back(std::move(fresh));
  return take(std::move(cart), off_sale_);
}

Result<void> Cart::set_quantity(std::size_t number, Quantity quantity) {
  if (auto open = check_open(number); !open) return open;
  const std::int64_t most = kTwoDigits.on(mutants_) ? 99'000 : kMostThousandths;
  if (quantity.thousandths < 1 || quantity.thousandths > most) {
    return fail(Code::bad_input, "a quantity is 0.001 to 9999, not {}",
                base::format_quantity(quantity));
  }
  CartLine changed = cart_[number - 1];
  if (wire::is_purse_sku(changed.line.sku)) {
    return fail(Code::not_allowed, "line {} is {}: there is one of it", number, changed.line.name);
  }
  if (changed.embedded) {
    return fail(Code::not_allowed, "the scale printed the price of line {}: scan it once for each",
                number);
  }
  changed.line.quantity = quantity;
  if (kDiscountLost.on(mutants_)) changed.off = {};
  return take_line(number, std::move(changed));
}

Result<void> Cart::void_line(std::size_t number) {
  if (auto open = check_open(number); !open) return open;
  if (kVoidWrongLine.on(mutants_)) number = cart_.size();
  std::vector<CartLine> cart = cart_;
  cart.erase(cart.begin() + static_cast<std::ptrdiff_t>(number - 1));
  return take(std::move(cart), off_sale_);
}

Result<void> Cart::discount_rate(std::size_t number, Rate rate) {
  const std::int64_t most = kNothingFree.on(mutants_) ? kWhole - 1 : kWhole;
  if (rate.basis_points < 0 || rate.basis_points > most) {
    return fail(Code::bad_input, "a discount is 0 to 100 percent");
  }
  if (auto open = check_open(std::max<std::size_t>(number, 1)); !open) return open;
  if (number == 0) return take(cart_, Reduction{rate, {}});
  CartLine changed = cart_[number - 1];
  if (kDiscountStays.on(mutants_) && rate.basis_points == 0) return {};
  if (wire::is_purse_sku(changed.line.sku)) {
    return fail(Code::not_allowed, "line {} is {}: nothing is taken off that", number,
                changed.line.name);
  }
  changed.off = {rate, {}};
  return take_line(number, std::move(changed));
}

Result<void> Cart::discount_amount(std::size_t number, Money amount) {
  if (amount < Money{}) return fail(Code::bad_input, "a discount is not negative");
  if (auto open = check_open(std::max<std::size_t>(number, 1)); !open) return open;
  if (number == 0) {
    const auto undiscounted = price(cart_, {}, rules_);
    if (!undiscounted) return base::Failure(undiscounted.error());
    if (amount > goods_of(*undiscounted)) {
      return fail(Code::bad_input, "the discount is more than the sale");
    }
    return take(cart_, Reduction{{}, amount});
  }
  CartLine changed = cart_[number - 1];
  if (kDiscountStays.on(mutants_) && amount == Money{}) return {};
  if (wire::is_purse_sku(changed.line.sku)) {
    return fail(Code::not_allowed, "line {} is {}: nothing is taken off that", number,
                changed.line.name);
  }
  const auto gross = base::extend(changed.line.unit_price, changed.line.quantity);
  if (!gross) return base::Failure(gross.error());
  if (amount > *gross) {
    return fail(Code::bad_input, "the discount is more than line {} costs", number);
  }
  changed.off = {{}, amount};
  return take_line(number, std::move(changed));
}

Result<void> Cart::take_reward(Money amount) {
  if (auto open = check_open(1); !open) return open;
  if (amount > (kRewardOverGoods.on(mutants_) ? priced_.total : goods_of(priced_)))
    return fail(Code::bad_input, "the reward is more than the sale comes to");
  const Money before = std::exchange(reward_, amount);
  auto taken = take(cart_, off_sale_);
  if (!taken) reward_ = before;
  return taken;
}

void Cart::drop_reward() {
  reward_ = {};
  tail_.drop(wire::kHold.tag);
  tail_.drop(wire::kRedeemed.tag);
  auto priced = price(cart_, off_sale_, rules_, mutants_);
  if (priced) priced_ = *std::move(priced);
}

Result<void> Cart::check_load(Money amount) const {
  if (!payments_.empty()) {
    return fail(Code::not_allowed, "a payment is in: finish or cancel the sale first");
  }
  if (amount <= Money{} || amount > kMostLoaded) {
    return fail(Code::bad_input, "money is put in from 1 to {} minor units at once, not {}",
                kMostLoaded.minor, amount.minor);
  }
  return {};
}

Result<void> Cart::load(const std::string& sku, const std::string& name, Money amount) {
  if (auto fine = check_load(amount); !fine) return fine;
  Item item;
  item.sku = sku;
  item.name = name;
  item.price_embedded = true;  // each is a line of its own
  return add(item, amount);
}

Result<void> Cart::check_due(Money given) const {
  if (cart_.empty()) return fail(Code::not_allowed, "there is nothing to pay: scan an item first");
  if (given > kMostCash) return fail(Code::bad_input, "nobody hands over so much cash");
  const Money open = due();
  if (open == Money{}) return fail(Code::not_allowed, "nothing is due any more");
  if (!kNoRoomLeft.on(mutants_) && payments_.size() + 1 >= wire::kDocumentPayments &&
      given < open) {
    return fail(Code::too_large, "{} payments are in: the next one has to pay the rest",
                payments_.size());
  }
  return {};
}

Result<void> Cart::check_tender(Money amount) const {
  if (amount <= Money{}) return fail(Code::bad_input, "what is paid is more than nothing");
  if (auto open = check_due(amount); !open) return open;
  const bool loads =
      std::any_of(cart_.begin(), kCardBuysCard.on(mutants_) ? cart_.begin() + 1 : cart_.end(),
                  [](const CartLine& each) { return wire::is_purse_sku(each.line.sku); });
  if (loads) {
    return fail(Code::not_allowed,
                "the sale puts money on a card or an account: that is paid for in cash");
  }
  if (amount > (kCardOverDue.on(mutants_) ? priced_.total : due())) {
    return fail(Code::bad_input, "only {} minor units are due, and no change is given on {}",
                due().minor, amount.minor);
  }
  return {};
}

Result<void> Cart::tender_purse(const std::string& kind, Money amount) {
  if (auto fine = check_tender(amount); !fine) return fine;
  payments_.push_back({kind, amount, {}, amount});
  return {};
}

Result<void> Cart::tender_card(Money amount) {
  if (auto fine = check_tender(amount); !fine) return fine;
  if (amount != due()) {
    return fail(Code::bad_input,
                "the card pays all that is left, {} minor units, and not {}: take other money "
                "first",
                due().minor, amount.minor);
  }
  payments_.push_back({"card", amount, {}, amount});
  return {};
}

Result<void> Cart::tender_cash(Money given) {
  if (given <= Money{}) return fail(Code::bad_input, "cash handed over is more than nothing");
  if (auto able = check_due(given); !able) return able;
  const Money open = due();
  wire::Payment payment;
  payment.kind = "cash";
  payment.given = given;
  payment.amount = std::min(given, open);
  if (kChangeWrong.on(mutants_) && given > open) payment.given += Money{1};
  payment.change = payment.given - payment.amount;
  payments_.push_back(std::move(payment));
  return {};
}

Result<ParkedCart> Cart::parked() const {
  if (cart_.empty()) return fail(Code::not_allowed, "there is nothing to park: scan an item first");
  if (!payments_.empty()) {
    return fail(Code::not_allowed, "a payment is in: finish the sale, it cannot wait any more");
  }
  const bool loads = std::any_of(cart_.begin(), cart_.end(), [](const CartLine& each) {
    return wire::is_purse_sku(each.line.sku);
  });
  if (loads || reward_ != Money{}) {
    return fail(Code::not_allowed,
                "the cloud keeps something for this sale: take off rewards and what is put on "
                "cards, or finish it");
  }
  return ParkedCart{cart_, off_sale_, {}};
}

Result<void> Cart::take_parked(const ParkedCart& parked) {
  if (!cart_.empty()) return fail(Code::not_allowed, "finish or cancel the sale in hand first");
  return take(parked.lines, kParkedDiscountLost.on(mutants_) ? Reduction{} : parked.off_sale);
}

Money Cart::paid() const {
  Money sum;
  for (const wire::Payment& payment : payments_) sum += payment.amount;
  return sum;
}

Money Cart::due() const {
  return std::max(Money{}, priced_.total + priced_.rounding - paid());
}

Money Cart::change() const {
  Money sum;
  for (const wire::Payment& payment : payments_) sum += payment.change;
  return sum;
}

Result<wire::Document> Cart::document(std::string_view currency, std::string_view day) const {
  if (cart_.empty()) return fail(Code::not_allowed, "there is nothing to sell: scan an item first");
  if (due() > Money{}) return fail(Code::not_allowed, "the sale is not paid in full yet");
  auto priced = price(cart_, off_sale_, rules_, mutants_, reward_);
  if (!priced) return base::Failure(priced.error());
  wire::Document document;
  document.currency = currency;
  document.day = day;
  document.payments = payments_;
  document.lines = std::move(priced->lines);
  document.total = priced->total;
  document.tax = priced->tax;
  document.rounding = priced->rounding;
  document.on_top = rules_.tax_on_top;
  if (auto sound = wire::check_document(document, wire::EventKind::sale); !sound) {
    return base::within("checkout", sound.error());
  }
  return document;
}

void Cart::clear() {
  cart_.clear();
  off_sale_ = {};
  reward_ = {};
  priced_ = {};
  payments_.clear();
  tail_ = {};
}

}  // namespace tillrig::till
