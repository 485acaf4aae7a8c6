// The oracle's own reckoning beside the till's: two programs written apart, which have to agree.

#include "pos/till/cart.hpp"
#include "pos/till/refund.hpp"
#include "sim/oracle/account/bill.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

namespace tillrig::oracle {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// What a shop sells, as both have it.
struct Market {
  explicit Market(std::mt19937_64& random) {
    shop.prices_include_tax = random() % 2 == 0;
    shop.smallest_coin = random() % 3 == 0 ? 5 : 0;
    shop.layouts.push_back({"20", 5, 5, false});
    const std::int64_t dearest = random() % 2 == 0 ? 3'000 : 900'000;  // cents, fils or yen alike
    const std::int64_t rates[] = {0, 700, 1900, 2000, 810, 260};
    for (int i = 0; i < 12; ++i) {
      ShopItem item;
      item.sku = "sku-" + std::to_string(i);
      item.name = "Thing " + std::to_string(i);
      item.price = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(dearest));
      item.rate = rates[random() % std::size(rates)];
      item.embedded = i >= 10;
      shop.items.push_back(item);
    }
    rules = {!shop.prices_include_tax, base::Money{shop.smallest_coin}};
  }

  static till::Item for_till(const ShopItem& item, bool label) {
    till::Item made;
    made.sku = item.sku;
    made.name = item.name;
    made.price = base::Money{item.price};
    made.tax = base::Rate{item.rate};
    made.price_embedded = label;
    return made;
  }

  Shop shop;
  till::PriceRules rules;
};

class Carts : public ::testing::Test {
 protected:
  std::int64_t up_to(std::int64_t most) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most + 1));
  }

  // Does one thing to both; what the till refuses does not happen.
  void step(till::Cart& cart, RungUp& rung, const Market& market) {
    const auto lines = static_cast<std::int64_t>(cart.size());
    const auto line = static_cast<std::size_t>(1 + up_to(std::max<std::int64_t>(0, lines - 1)));
    switch (random_() % 10) {
      case 0:
        if (cart.void_line(line)) rung.drop(line);
        break;
      case 1:
      case 2: {
        const std::int64_t quantity = random_() % 2 == 0 ? 1000 * (1 + up_to(8)) : 1 + up_to(5000);
        if (cart.set_quantity(line, {quantity})) rung.quantity(line, quantity);
        break;
      }
      case 3: {
        const std::int64_t rate = up_to(20) * 500;
        const std::size_t on = random_() % 2 == 0 ? 0 : line;
        if (cart.discount_rate(on, {rate})) rung.off(on, {rate, 0});
        break;
      }
      case 4: {
        const std::int64_t amount = up_to(500);
        const std::size_t on = random_() % 2 == 0 ? 0 : line;
        if (cart.discount_amount(on, {amount})) rung.off(on, {0, amount});
        break;
      }
      default: {
        const ShopItem& item = market.shop.items[random_() % market.shop.items.size()];
        const bool label = item.embedded && random_() % 2 == 0;
        const std::int64_t price = label ? up_to(9999) : item.price;
        if (cart.add(Market::for_till(item, label), base::Money{price})) {
          rung.add({&item, price, label});
        }
      }
    }
  }

  void compare(const wire::Document& document, const Bill& bill) {
    ASSERT_EQ(document.total.minor, bill.total);
    ASSERT_EQ(document.tax.minor, bill.tax);
    ASSERT_EQ(document.rounding.minor, bill.rounding);
    ASSERT_EQ(document.lines.size(), bill.lines.size());
    std::map<std::int64_t, std::int64_t> tax_by_rate;
    for (std::size_t i = 0; i < bill.lines.size(); ++i) {
      const wire::Line& line = document.lines[i];
      ASSERT_EQ(line.sku, bill.lines[i].item->sku) << "line " << i + 1;
      ASSERT_EQ(line.quantity.thousandths, bill.lines[i].quantity) << "line " << i + 1;
      ASSERT_EQ(line.unit_price.minor, bill.lines[i].unit) << "line " << i + 1;
      ASSERT_EQ(line.discount.minor, bill.lines[i].discount) << "line " << i + 1;
      ASSERT_EQ(line.total.minor, bill.lines[i].total) << "line " << i + 1;
      ASSERT_EQ(line.tax.minor, bill.lines[i].tax) << "line " << i + 1;
      ASSERT_EQ(line.of_line, bill.lines[i].of_line) << "line " << i + 1;
      tax_by_rate[line.tax_rate.basis_points] += line.tax.minor;
    }
    ASSERT_EQ(tax_by_rate, bill.tax_by_rate);
  }

  // Gives parts of the sale back until nothing is left or the customer has enough.
  void refund(const wire::Document& document, const Bill& sold, const Market& market) {
    wire::Event sale;
    sale.id = {"till-1", 1, 2};
    sale.kind = wire::EventKind::sale;
    sale.body = document;
    std::vector<wire::Event> earlier;
    std::vector<std::int64_t> gone(sold.lines.size(), 0);
    std::int64_t given_back = 0;
    for (int round = 0; round < 4; ++round) {
      std::vector<till::BroughtBack> wanted;
      std::vector<BroughtBack> goods;
      for (std::size_t i = 0; round < 3 && i < sold.lines.size(); ++i) {
        const std::int64_t left = sold.lines[i].quantity - gone[i];
        if (left <= 0 || random_() % 2 == 0) continue;
        const std::int64_t quantity = random_() % 3 == 0 ? 0 : 1 + up_to(left - 1);
        wanted.push_back({i + 1, {quantity}});
        goods.push_back({i + 1, quantity});
      }
      const auto back = till::refund_of(sale, earlier, wanted, {"2026-03-03", market.rules, {}});
      if (!back) break;  // nothing is left
      const Bill bill = bill_of_refund(sold, gone, goods, market.shop);
      compare(*back, bill);
      if (HasFatalFailure()) return;
      for (const BillLine& line : bill.lines) gone[line.of_line - 1] -= line.quantity;
      given_back -= bill.total;
      wire::Event event;
      event.kind = wire::EventKind::refund;
      event.body = *back;
      earlier.push_back(std::move(event));
    }
    ASSERT_EQ(given_back, sold.total) << "all of it comes to what was paid";
  }

  std::mt19937_64 random_;
};

// TILLRIG_CARTS and TILLRIG_SEED for more and for others.
TEST_F(Carts, TillAndOracleAgreeOnEachOfThem) {
  const std::uint64_t carts = from_environment("TILLRIG_CARTS", 10'000);
  const std::uint64_t first = from_environment("TILLRIG_SEED", 1);
  for (std::uint64_t seed = first; seed < first + carts && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE("TILLRIG_CARTS=1 TILLRIG_SEED=" + std::to_string(seed));
    random_.seed(seed);
    const Market market(random_);
    till::Cart cart(market.rules);
    RungUp rung(market.shop);
    for (int i = 0; i < 12; ++i) step(cart, rung, market);
    if (cart.empty()) continue;
    while (cart.due() > base::Money{}) {
      const std::int64_t given =
          random_() % 3 == 0 ? 1 + up_to(cart.due().minor + 2000) : cart.due().minor;
      ASSERT_EQ(cart.due().minor, rung.bill().due());
      ASSERT_TRUE(cart.tender_cash({given}));
      rung.pay(given);
    }
    const auto document = cart.document("EUR", "2026-03-02");
    ASSERT_TRUE(document) << document.error().what;
    const Bill bill = rung.bill();
    compare(*document, bill);
    ASSERT_EQ(cart.change().minor, bill.change);
    if (!HasFatalFailure()) refund(*document, bill, market);
  }
}

}  // namespace
}  // namespace tillrig::oracle
