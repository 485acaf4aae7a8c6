#include "sim/oracle/account/known_goods.hpp"

#include "sim/oracle/json_scan.hpp"

#include <algorithm>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kKeptWithin = 5s;  // a page is kept soon or, after a stop, never

std::optional<std::int64_t> read_price(std::string_view body) {
  std::optional<std::int64_t> price;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "price") {
      price = scan.number();
    } else {
      scan.skip();
    }
  });
  return scan.finished() ? price : std::nullopt;
}

GoodsRow read_row(JsonScan& scan) {
  GoodsRow row;
  scan.object([&](std::string_view key) {
    if (key == "id") {
      row.sku = scan.text();
    } else if (key == "deleted") {
      row.offer.sold = scan.count() == 0;
    } else if (key == "body") {
      row.offer.price = read_price(scan.raw()).value_or(0);
    } else {
      scan.skip();
    }
  });
  return row;
}

// Whether the page belongs to a reading from the start, which has no epoch yet or tells when it
// began.
bool from_start(std::string_view target) {
  return target.find("begun=") != std::string_view::npos ||
         target.find("epoch=") == std::string_view::npos;
}

bool begins(std::string_view target) {
  return target.find("epoch=") == std::string_view::npos;
}

}  // namespace

std::optional<GoodsPage> read_goods_page(std::string_view body) {
  GoodsPage page;
  bool rows = false;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "rows") {
      rows = true;
      scan.array([&] { page.rows.push_back(read_row(scan)); });
    } else if (key == "next") {
      page.next = scan.count();
    } else if (key == "head") {
      page.head = scan.count();
    } else {
      scan.skip();
    }
  });
  if (!scan.finished() || !rows) return std::nullopt;
  return page;
}

bool KnownGoods::settled(const Item& item, Instant now) {
  return !item.in_doubt && now - item.at > kKeptWithin;
}

void KnownGoods::tell(const std::string& sku, std::optional<Offer> offer, Instant at) {
  Item& item = items_.try_emplace(sku, Item{{std::nullopt}, Instant{0}, false}).first->second;
  if (settled(item, at)) item.told.erase(item.told.begin(), item.told.end() - 1);
  if (item.told.back() != offer) item.told.push_back(offer);
  item.at = at;
  item.in_doubt = false;
}

void KnownGoods::page(const WireEntry& wire) {
  const auto page = read_goods_page(wire.answer);
  if (!page) return;
  if (!from_start(wire.target)) {
    for (const GoodsRow& row : page->rows) tell(std::string(row.sku), row.offer, wire.ended);
    return;
  }
  if (begins(wire.target)) beside_.clear();
  for (const GoodsRow& row : page->rows) beside_[std::string(row.sku)] = row.offer;
  if (page->next < page->head) return;
  for (const auto& [sku, offer] : beside_) tell(sku, offer, wire.ended);
  std::vector<std::string> others;  // that the table does not have any more
  for (const auto& [sku, item] : items_) {
    if (!beside_.contains(sku)) others.push_back(sku);
  }
  for (const std::string& sku : others) tell(sku, std::nullopt, wire.ended);
  beside_.clear();
}

void KnownGoods::changed(Instant now) {
  for (auto& [sku, item] : items_) item.in_doubt = !settled(item, now);
}

std::vector<Offer> KnownGoods::offers(std::string_view sku, Offer own, Instant now) const {
  const auto at = items_.find(sku);
  if (at == items_.end()) return {own};
  const Item& item = at->second;
  std::vector<Offer> all;
  for (auto told = item.told.rbegin(); told != item.told.rend(); ++told) {
    all.push_back(told->value_or(own));
    if (settled(item, now)) break;
  }
  return all;
}

}  // namespace tillrig::oracle
