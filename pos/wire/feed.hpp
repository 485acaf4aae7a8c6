#pragma once

#include "pos/base/money.hpp"
#include "pos/wire/api.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::wire {

// The down lane (reference: domain 3.4): what changed in the cloud's tables, row by row, in the
// order of v. Changes are numbered as they are committed, one number after the other over all
// tables, so that whoever has read up to v has seen all that is at or before it. Of each id the
// newest row alone is told; of one that was removed, that it is gone.
inline constexpr std::string_view kItems = "items";  // the tables that there are

inline constexpr std::size_t kFeedRows = 150;     // most rows of a page, and of one change
inline constexpr std::size_t kFeedBody = 4096;    // most bytes of a row's body
inline constexpr std::size_t kFeedCode = 64;      // of what a scanner reads of it
inline constexpr std::size_t kFeedEpoch = 64;     // of a cloud's epoch
inline constexpr std::size_t kFeedSum = 96;       // of a table's sum
inline constexpr std::size_t kFeedIds = 100'000;  // most ids of a table
static_assert(kFeedRows * (kFeedBody + 6 * kTextBytes + 128) + 1024 <= kBodyLimit,
              "a page is an answer that a till reads");

// One thing that a shop sells, whole.
struct Item {
  std::string sku;
  std::string name;
  std::string code;  // as a label has it; empty: it is sold by its SKU alone
  Money price;       // a piece or a kilogram
  base::Rate tax;
  bool price_embedded = false;  // a scale writes the price into its label

  bool operator==(const Item&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("sku", self.sku, {.bytes = kTextBytes})("name", self.name, {.bytes = kTextBytes})
        .maybe("code", self.code, {.bytes = kFeedCode})
        .maybe("price_embedded", self.price_embedded);
    fields("price", self.price, {.least = 0, .most = kMostAmount})("tax", self.tax,
                                                                   {.least = 0, .most = kMostRate});
  }
};

// POST /v1/items, by whoever keeps the shop's goods: all of it in one transaction, or nothing.
struct ItemChanges {
  std::vector<Item> items;           // new ones, and those that are other now
  std::vector<std::string> removed;  // SKUs that are not sold any more

  static void describe(auto& self, auto& fields) {
    fields.maybe("items", self.items, {.entries = kFeedRows})
        .maybe("removed", self.removed, {.bytes = kTextBytes, .entries = kFeedRows});
  }
};

// What it is answered with: the number of the last of these changes.
struct Changed {
  std::uint64_t v = 0;
  static void describe(auto& self, auto& fields) { fields("v", self.v); }
};

struct FeedRow {
  std::uint64_t v = 0;
  std::string id;
  std::uint64_t rev = 0;  // how often it was changed
  bool deleted = false;
  std::string body;  // JSON, as its table has it; empty when it was deleted

  bool operator==(const FeedRow&) const = default;
};

// GET /v1/sync/down?collection=items&cursor=V&epoch=E&limit=N: what is newer than V. A reading that
// begins at the start has cursor=0 and no epoch, and goes on with begun=H, the horizon that its
// first page told; with sum=1 the last page tells the table's sum. Answered with 410 and one of the
// codes below when the reader has to start again.
struct FeedPage {
  std::string epoch;          // of the cloud that numbered it
  std::vector<FeedRow> rows;  // v ascending
  std::uint64_t next = 0;     // the cursor to go on with: all up to here has been told
  std::uint64_t head = 0;     // the newest change; next == head: there is no more
  std::uint64_t horizon = 0;  // a cursor before this one may have missed something
  std::string sum = {};       // TableSum of the whole table, where it was asked for; with the last
};
inline constexpr std::string_view kBehindHorizon = "behind_horizon";
inline constexpr std::string_view kOtherEpoch = "other_epoch";

// Errors of the readers: bad_input, naming the field; a page that is out of order, that goes back,
// or beyond its own head is none.
Bytes write_json(const ItemChanges& changes);
Bytes write_json(const Changed& changed);
Bytes write_json(const FeedPage& page);
Result<ItemChanges> read_item_changes(ByteView body);
Result<Changed> read_changed(ByteView body);
Result<FeedPage> read_feed_page(ByteView body);
// A row's body.
std::string write_item(const Item& item);
Result<Item> read_item(std::string_view body);

}  // namespace tillrig::wire
