#include "sim/scenario/read/catalogue.hpp"

#include "sim/scenario/read/fixture_table.hpp"
#include "sim/world/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace tillrig::scenario {
namespace {

using Need = FixtureTable::Need;

void check_sku(const world::Item& item, FixtureTable& table) {
  if (item.sku.find_first_of(" \t") != std::string::npos) {
    table.problem("sku", fmt::format("the SKU \"{}\" has a blank in it", item.sku),
                  "a word, by which scenarios name the item");
  }
  if (item.name.find_first_not_of(' ') == std::string::npos && !item.name.empty()) {
    table.problem("name", "the name is blank", "what the customer reads on the receipt");
  }
  if (item.sku.empty() || item.name.empty()) {
    table.problem(item.sku.empty() ? "sku" : "name", "an item without a SKU or a name", "both");
  }
}

void check_tax(const world::Item& item, const world::Shop& shop, FixtureTable& table) {
  if (shop.taxes.empty()) return;
  std::string rates;
  for (const world::Tax& tax : shop.taxes) {
    if (tax.rate == item.tax) return;
    rates += fmt::format("{}\"{}\"", rates.empty() ? "" : ", ",
                         base::format_quantity({tax.rate.basis_points * 10}));
  }
  table.problem("tax", fmt::format("the rate of {} is none of the shop's [[tax]]", item.sku),
                "one of " + rates);
}

void read_code(world::Item& item, const world::Shop& shop, FixtureTable& table) {
  item.code = table.text("code", Need::may);
  const std::string prefix = table.text("embedded", Need::may);
  item.price_embedded = !prefix.empty();
  if (item.price_embedded) {
    const auto layout =
        std::find_if(shop.layouts.begin(), shop.layouts.end(),
                     [&](const world::PriceLayout& each) { return each.prefix == prefix; });
    if (layout == shop.layouts.end()) {
      table.problem("embedded", fmt::format("no [[price_layout]] has the prefix \"{}\"", prefix),
                    "the prefix of one of the shop's");
      return;
    }
    const bool digits = item.code.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || item.code.size() != static_cast<std::size_t>(layout->item_digits)) {
      table.problem("code", fmt::format("the code {} of {} is not valid", item.code, item.sku),
                    fmt::format("the {} digits of a scale's item", layout->item_digits));
    }
    item.code = prefix + item.code;
  } else if (!item.code.empty() && !world::is_label_code(item.code)) {
    table.problem("code", fmt::format("the code {} of {} is not valid", item.code, item.sku),
                  "an EAN-13, EAN-8, UPC-A or UPC-E with its check digit");
  }
}

world::Item read_item(FixtureTable& table, const base::Currency& currency,
                      const world::Shop& shop) {
  world::Item item;
  item.sku = table.text("sku", Need::must);
  item.name = table.text("name", Need::must);
  check_sku(item, table);
  if (const auto price = table.money("price", Need::must, currency)) item.price = *price;
  if (const auto rate = table.rate("tax")) {
    item.tax = *rate;
    check_tax(item, shop, table);
  }
  read_code(item, shop, table);
  item.later = table.flag("later", false);
  const std::string unit = table.text("unit", Need::may, "piece");
  if (unit != "piece" && unit != "kg") {
    table.problem("unit", fmt::format("the unit of {} is \"{}\"", item.sku, unit),
                  "\"piece\" or \"kg\"");
  }
  return item;
}

}  // namespace

void read_catalogue(const Node& root, const base::Currency& currency, world::Shop& shop,
                    Problems& problems) {
  FixtureTable catalogue(root, "a catalogue", problems);
  const std::vector<const Node*> items = catalogue.tables("item");
  catalogue.finish();
  if (items.empty()) problems.add(root.where, "the catalogue has no [[item]]", "at least one");
  std::map<std::string, std::string> codes;
  std::set<std::string> skus;
  for (const Node* each : items) {
    FixtureTable table(*each, "an [[item]]", problems);
    world::Item item = read_item(table, currency, shop);
    table.finish();
    if (!skus.insert(item.sku).second) {
      problems.add(each->where, fmt::format("two items have the SKU \"{}\"", item.sku));
    }
    const std::string code = world::scanned_form(item.code);
    const auto [at, fresh] =
        code.empty() ? std::pair(codes.end(), true) : codes.emplace(code, item.sku);
    if (!fresh) {
      problems.add(each->where,
                   fmt::format("{} and {} have the same code {}", at->second, item.sku, code));
    }
    shop.items.push_back(std::move(item));
  }
}

}  // namespace tillrig::scenario
