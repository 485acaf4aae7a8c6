#include "sim/scenario/read/fixture.hpp"

#include "sim/scenario/read/source.hpp"
#include "sim/world/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace tillrig::scenario {
namespace {

namespace fs = std::filesystem;

// The text under a key, which must be there.
std::string text_of(const Node& table, std::string_view key, Problems& problems) {
  const Entry* entry = table.find(key);
  if (entry == nullptr) {
    problems.add(table.where, fmt::format("{} is missing", key), "a text");
    return {};
  }
  if (entry->value.type != Node::Type::text) {
    problems.add(entry->value.where, fmt::format("{} is {}", key, name(entry->value.type)),
                 "a text");
    return {};
  }
  return entry->value.text;
}

std::vector<std::string> texts_of(const Node& table, std::string_view key, Problems& problems) {
  std::vector<std::string> texts;
  const Entry* entry = table.find(key);
  if (entry == nullptr) return texts;
  for (const Node& each : entry->value.list) {
    if (each.type != Node::Type::text) {
      problems.add(each.where, fmt::format("{} holds {}", key, name(each.type)), "texts");
    }
    texts.push_back(each.text);
  }
  return texts;
}

void check_code(world::Item& item, const Node& from, Problems& problems) {
  const Where where = from.find("code") != nullptr ? from.find("code")->value.where : from.where;
  if (!world::is_label_code(item.code, item.price_embedded)) {
    problems.add(where, fmt::format("the code {} of {} is not valid", item.code, item.sku),
                 item.price_embedded ? "the five digits of a scale's item"
                                     : "an EAN-13 or UPC-A with its check digit");
  }
  if (item.price_embedded) item.code = "20" + item.code;
}

world::Item read_item(const Node& from, const base::Currency& currency, Problems& problems) {
  world::Item item;
  item.sku = text_of(from, "sku", problems);
  item.name = text_of(from, "name", problems);
  item.code = text_of(from, "code", problems);
  const std::string price = text_of(from, "price", problems);
  const std::string tax = text_of(from, "tax", problems);
  if (const auto amount = base::parse_money(price, currency)) {
    item.price = *amount;
  } else if (!price.empty()) {
    problems.add(from.find("price")->value.where, amount.error().what);
  }
  if (const auto rate = base::parse_rate(tax)) {
    item.tax = *rate;
  } else if (!tax.empty()) {
    problems.add(from.find("tax")->value.where, rate.error().what);
  }
  if (const Entry* embedded = from.find("embedded")) {
    item.price_embedded = true;
    if (embedded->value.text != "20") {
      problems.add(embedded->value.where, "this prefix of a scale is not known", "\"20\"");
    }
  }
  check_code(item, from, problems);
  return item;
}

std::vector<world::Item> read_items(const Node& root, const base::Currency& currency,
                                    Problems& problems) {
  std::vector<world::Item> items;
  std::map<std::string, std::string> codes;
  std::set<std::string> skus;
  const Entry* list = root.find("item");
  if (list == nullptr || list->value.list.empty()) {
    problems.add(root.where, "the catalogue has no [[item]]", "at least one");
    return items;
  }
  for (const Node& each : list->value.list) {
    world::Item item = read_item(each, currency, problems);
    if (!skus.insert(item.sku).second) {
      problems.add(each.where, fmt::format("two items have the SKU \"{}\"", item.sku));
    }
    const std::string code = world::scanned_form(item.code);
    if (const auto [at, fresh] = codes.emplace(code, item.sku); !fresh) {
      problems.add(each.where,
                   fmt::format("{} and {} have the same code {}", at->second, item.sku, code));
    }
    items.push_back(std::move(item));
  }
  return items;
}

// The things of a list such as [[member]] that scenarios can name: those with an id.
void read_names(const Entry& list, world::Shop& shop, Problems& problems) {
  for (const Node& each : list.value.list) {
    if (each.find("id") == nullptr) continue;
    auto& names = shop.named[list.key];
    std::string id = text_of(each, "id", problems);
    if (std::find(names.begin(), names.end(), id) != names.end()) {
      problems.add(each.where, fmt::format("{} \"{}\" is there twice", list.key, id));
    }
    names.push_back(std::move(id));
  }
}

}  // namespace

std::optional<std::string> find_shop(const std::string& name, const std::string& near, Where asked,
                                     Problems& problems) {
  std::error_code ignored;
  fs::path at = fs::absolute(near, ignored).parent_path();
  while (!fs::is_directory(at / "fixtures", ignored)) {
    if (at == at.parent_path()) {
      problems.add(asked, "no folder fixtures stands beside this file or above it");
      return {};
    }
    at = at.parent_path();
  }
  const fs::path folder = at / "fixtures";
  const fs::path path = folder / (name + ".toml");
  if (fs::is_regular_file(path, ignored)) return path.string();
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(folder, ignored)) {
    if (file.path().extension() == ".toml") names.push_back(file.path().stem().string());
  }
  const std::vector<std::string_view> valid(names.begin(), names.end());
  problems.unknown(asked, "fixture", name, valid);
  return {};
}

std::optional<world::Shop> load_shop(const std::string& path, Problems& problems) {
  Problems in_shop(path);
  world::Shop shop;
  shop.name = fs::path(path).stem().string();
  shop.file = path;
  if (const auto root = parse_toml_file(path, in_shop)) {
    shop.currency = text_of(*root, "currency", in_shop);
    if (const Entry* receipt = root->find("receipt")) {
      shop.header = texts_of(receipt->value, "header", in_shop);
      shop.footer = texts_of(receipt->value, "footer", in_shop);
    }
    const auto currency = base::find_currency(shop.currency);
    if (!currency) {
      const Entry* entry = root->find("currency");
      in_shop.add(entry != nullptr ? entry->value.where : root->where, currency.error().what);
    }
    const std::string catalogue = text_of(*root, "catalogue", in_shop);
    Problems in_items((fs::path(path).parent_path() / catalogue).string());
    const auto goods = parse_toml_file(in_items.file(), in_items);
    if (goods && currency) shop.items = read_items(*goods, *currency, in_items);
    problems.take(in_items.all());
    for (const world::Item& item : shop.items) shop.named["item"].push_back(item.sku);
    for (const Entry& list : root->table) read_names(list, shop, in_shop);
  }
  problems.take(in_shop.all());
  return problems.empty() ? std::optional(std::move(shop)) : std::nullopt;
}

}  // namespace tillrig::scenario
