#pragma once

#include "sim/oracle/tapes.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle {

// What an item costs, if it is sold at all.
struct Offer {
  bool sold = true;
  std::int64_t price = 0;

  bool operator==(const Offer&) const = default;
};

// One row of a page of the cloud's table of items, read by the oracle itself.
struct GoodsRow {
  std::string_view sku;
  Offer offer;
};
struct GoodsPage {
  std::vector<GoodsRow> rows;
  std::uint64_t next = 0;
  std::uint64_t head = 0;
};
// Nothing when the text is not whole or not of that form.
std::optional<GoodsPage> read_goods_page(std::string_view body);

// Which offers one till can know of each item: the shop's own, until the answer with a page that
// has another reached the till. For a moment after that, and for longer when the till was stopped
// in that moment, it may not have kept the page yet: then both count.
class KnownGoods {
 public:
  // An answer to GET /v1/sync/down has come to the till.
  void page(const WireEntry& wire);
  // Its process began or ended.
  void changed(Instant now);
  // Newest first; `own` is the shop's.
  [[nodiscard]] std::vector<Offer> offers(std::string_view sku, Offer own, Instant now) const;

 private:
  struct Item {
    std::vector<std::optional<Offer>> told;  // nothing: the shop's own; the last is the newest
    Instant at;                              // of that one
    bool in_doubt = false;                   // the till was stopped before it can have kept it
  };
  void tell(const std::string& sku, std::optional<Offer> offer, Instant at);
  [[nodiscard]] static bool settled(const Item& item, Instant now);

  std::map<std::string, Item, std::less<>> items_;
  std::map<std::string, Offer, std::less<>> beside_;  // of a reading from the start
};

}  // namespace tillrig::oracle
