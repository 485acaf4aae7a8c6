#include "sim/world/known.hpp"

#include "pos/base/ids.hpp"

#include <string_view>

namespace tillrig::world {

oracle::RegisterLook register_look(base::Instant at, const std::string& till, const Reply& sales,
                                   const Counters& counters) {
  oracle::RegisterLook look{at, till, counters.pending, counters.quarantined, counters.uploaded,
                            {}, {}};
  for (const UnpaidSeen& row : sales.unpaid) {
    look.unpaid.push_back(
        {row.order, row.attempt, row.amount.minor, row.label, row.state, row.text, row.checked_ms});
  }
  for (const SaleRow& row : sales.sales) {
    const base::ReceiptNumber number{row.epoch, row.number};
    look.rows.push_back(
        {row.sale, row.kind, number.text(), row.total.minor, row.sync, row.why, row.wall_ms});
  }
  return look;
}

oracle::Shop shop_of(const Shop& shop) {
  oracle::Shop known;
  known.version = shop.version;
  for (const Item& item : shop.items) {
    known.items.push_back({item.sku, item.name, item.code, item.price.minor, item.tax.basis_points,
                           item.price_embedded, item.later});
  }
  for (const Customer& customer : shop.customers) {
    known.customers.push_back({customer.id, customer.phone, customer.card, customer.name});
  }
  known.points_per_unit = shop.loyalty.points_per_unit;
  known.reward_points = shop.loyalty.reward_points;
  known.reward_amount = shop.loyalty.reward_amount.minor;
  known.manager_pin = shop.manager_pin;
  known.null_receipt = shop.null_receipt;
  known.gift = shop.purses.gift;
  known.account_no_limit = shop.purses.account_no_limit;
  known.credit_refused = shop.purses.credit_offline == "refuse";
  known.points_within_ms = shop.loyalty.timeout_ms;
  for (const Tax& tax : shop.taxes) {
    known.taxes.push_back({tax.code, tax.rate.basis_points, tax.name});
  }
  for (const PriceLayout& layout : shop.layouts) {
    known.layouts.push_back({layout.prefix, static_cast<std::size_t>(layout.item_digits),
                             static_cast<std::size_t>(layout.price_digits), layout.verifier});
  }
  known.prices_include_tax = shop.prices_include_tax;
  known.smallest_coin = shop.smallest_coin.minor;
  const auto scanner = shop.devices.find("scanner");
  if (scanner != shop.devices.end()) {
    const auto setting = [&](std::string_view name) {
      const auto at = scanner->second.find(name);
      return at == scanner->second.end() ? std::string() : at->second;
    };
    known.scan_prefix = setting("prefix");
    const std::string suffix = setting("suffix");
    known.scan_suffix = suffix == "crlf" ? "\r\n" : suffix == "tab" ? "\t" : "\r";
    if (suffix == "none") known.scan_suffix.clear();
  }
  known.copy_mark = shop.copy_mark;
  known.header = shop.header;
  known.footer = shop.footer;
  return known;
}

}  // namespace tillrig::world
