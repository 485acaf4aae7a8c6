#include "pos/base/json_fields.hpp"
#include "pos/wire/feed.hpp"
#include "pos/wire/purse.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

namespace tillrig::wire {
namespace {

Result<FeedRow> read_row(const base::json::value& value) {
  const auto object = base::as_object(value, "row");
  if (!object) return base::Failure(object.error());
  base::JsonReader fields(**object);
  FeedRow row;
  fields("v", row.v, {.least = 1})("id", row.id, {.bytes = kTextBytes})("rev", row.rev)(
      "deleted", row.deleted);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  if (row.id.empty()) return base::fail(base::Code::bad_input, "'id' is empty");
  if (row.deleted) return row;
  const base::json::object* body = fields.object("body");
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  row.body = base::json::serialize(*body);
  if (row.body.size() > kFeedBody) {
    return base::fail(base::Code::bad_input, "'body' of {} has {} bytes; expected at most {}",
                      row.id.substr(0, 64), row.body.size(), kFeedBody);
  }
  return row;
}

// Whether what it says of itself can be.
Result<void> check_order(const FeedPage& page) {
  std::uint64_t before = 0;
  for (const FeedRow& row : page.rows) {
    if (row.v <= before) {
      return base::fail(base::Code::bad_input, "row {} stands behind row {}; expected them by 'v'",
                        row.v, before);
    }
    before = row.v;
  }
  if (before > page.next || page.next > page.head || page.horizon > page.head) {
    return base::fail(base::Code::bad_input,
                      "the last row is {}, 'next' {}, 'head' {} and 'horizon' {}; expected none "
                      "beyond the head",
                      before, page.next, page.head, page.horizon);
  }
  if (page.epoch.empty()) return base::fail(base::Code::bad_input, "'epoch' is empty");
  return {};
}

}  // namespace

Bytes write_json(const ItemChanges& changes) {
  return base::write_message(changes);
}

Bytes write_json(const Changed& changed) {
  return base::write_message(changed);
}

Bytes write_json(const FeedPage& page) {
  Bytes out;
  base::JsonWriter fields(out);
  fields("epoch", page.epoch);
  fields.lead("rows") += '[';
  for (const FeedRow& row : page.rows) {
    if (out.back() != '[') out += ',';
    base::JsonWriter one(out);
    one("v", row.v)("id", row.id)("rev", row.rev)("deleted", row.deleted);
    if (!row.deleted) one.lead("body") += row.body;
    one.close();
  }
  out += ']';
  fields("next", page.next)("head", page.head)("horizon", page.horizon);
  if (!page.sum.empty()) fields("sum", page.sum);
  fields.close();
  return out;
}

Result<ItemChanges> read_item_changes(ByteView body) {
  auto changes = base::read_message<ItemChanges>(body, "change of items");
  if (!changes) return changes;
  const std::size_t count = changes->items.size() + changes->removed.size();
  if (count == 0 || count > kFeedRows) {
    return base::fail(base::Code::bad_input,
                      "{} items are changed or removed; expected 1 to {} at once", count,
                      kFeedRows);
  }
  for (const Item& item : changes->items) {
    if (item.sku.empty() || item.name.empty()) {
      return base::fail(base::Code::bad_input, "an item has no {}; expected a text",
                        item.sku.empty() ? "'sku'" : "'name'");
    }
    if (is_purse_sku(item.sku)) {
      return base::fail(base::Code::bad_input,
                        "the SKU \"{}\" is that of money on a card or an account: expected another",
                        item.sku.substr(0, 64));
    }
    // A sale of it could never be sent.
    if (most_line_bytes(item.sku, item.name) > kLineBytes) {
      return base::fail(base::Code::bad_input,
                        "SKU and name of \"{}\" are too long for a line of a sale: shorten them",
                        item.sku.substr(0, 64));
    }
  }
  for (const std::string& sku : changes->removed) {
    if (sku.empty()) {
      return base::fail(base::Code::bad_input, "'removed' has an empty text; expected SKUs");
    }
  }
  return changes;
}

Result<Changed> read_changed(ByteView body) {
  return base::read_message<Changed>(body, "answer to a change");
}

Result<FeedPage> read_feed_page(ByteView body) {
  base::json::monotonic_resource arena(base::kArenaFactor * body.size() + 1);
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "page");
  if (!object) return base::Failure(object.error());
  base::JsonReader fields(**object);
  FeedPage page;
  fields("epoch", page.epoch, {.bytes = kFeedEpoch})("next", page.next)("head", page.head)(
      "horizon", page.horizon);
  fields.maybe("sum", page.sum, {.bytes = kFeedSum});
  const base::json::array* rows = fields.array("rows", kFeedRows);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  page.rows.reserve(rows->size());
  for (const base::json::value& each : *rows) {
    auto row = read_row(each);
    if (!row) return base::within(fmt::format("rows[{}]", page.rows.size()), row.error());
    page.rows.push_back(*std::move(row));
  }
  if (auto good = check_order(page); !good) return base::Failure(good.error());
  return page;
}

std::string write_item(const Item& item) {
  return base::write_message(item);
}

Result<Item> read_item(std::string_view body) {
  return base::read_message<Item>(body, "item");
}

}  // namespace tillrig::wire
