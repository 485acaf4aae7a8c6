#include "sim/world/till_shop.hpp"

namespace tillrig::world {

base::Result<void> furnish(till::Config& config, const Shop& shop) {
  std::vector<till::Item> items;
  items.reserve(shop.items.size());
  for (const Item& item : shop.items) {
    if (item.later) continue;
    items.push_back({item.sku, item.name, item.code, item.price, item.tax, item.price_embedded});
  }
  std::vector<scanner::PriceLayout> layouts;
  for (const PriceLayout& layout : shop.layouts) {
    layouts.push_back({layout.prefix, static_cast<std::size_t>(layout.item_digits),
                       static_cast<std::size_t>(layout.price_digits), layout.verifier});
  }
  auto catalogue = till::Catalogue::of(std::move(items), std::move(layouts));
  if (!catalogue) return base::Failure(catalogue.error());
  std::vector<till::Customer> customers;
  for (const Customer& each : shop.customers) {
    customers.push_back({each.id, each.name, each.phone, each.card});
  }
  config.customers = till::Customers(std::move(customers));
  config.loyalty = {shop.loyalty.points_per_unit,
                    std::chrono::milliseconds(shop.loyalty.timeout_ms), shop.loyalty.blocking,
                    shop.loyalty.reward_points, shop.loyalty.reward_amount};
  config.manager_pin = shop.manager_pin;
  config.day_ends = shop.day_ends;
  config.null_receipt = shop.null_receipt;
  const Purses& purses = shop.purses;
  config.purses.gift = purses.gift;
  config.purses.account = purses.account;
  config.purses.account_no_limit = purses.account_no_limit;
  config.purses.credit = purses.credit;
  config.purses.credit_offline = base::by_name<pay::CreditOffline>(purses.credit_offline)
                                     .value_or(pay::CreditOffline::allow_posting);
  config.lan.shop = shop.name;
  config.lan.rules.beat = std::chrono::milliseconds(shop.lan.beat_ms);
  config.lan.rules.lease = std::chrono::milliseconds(shop.lan.lease_ms);
  if (!shop.version.empty()) config.version = shop.version;
  config.currency = shop.currency;
  config.catalogue = *std::move(catalogue);
  config.rules = {!shop.prices_include_tax, shop.smallest_coin};
  config.device_settings = shop.devices;
  config.shop.header = shop.header;
  config.shop.footer = shop.footer;
  config.shop.copy_mark = shop.copy_mark;
  config.shop.columns = static_cast<std::size_t>(shop.columns);
  for (const Tax& tax : shop.taxes) config.shop.taxes.push_back({tax.code, tax.name, tax.rate});
  return {};
}

}  // namespace tillrig::world
