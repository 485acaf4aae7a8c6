#include "pos/base/json_fields.hpp"
#include "pos/base/json_ordered.hpp"
#include "pos/wire/api.hpp"
#include "pos/wire/event_json.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>
#include <optional>

namespace tillrig::wire {
namespace {

using base::Code;
using base::fail;
using base::JsonOrdered;
using base::JsonReader;
using base::JsonWriter;

// What makes an item one of this batch and an event; its name and place are known to be good.
Result<UpItem> read_item(const base::json::object& object, const ReadBatch& batch,
                         const ReadItem& placed) {
  JsonReader fields(object);
  const std::string kind_said = fields.text("kind", 64);
  std::string aggregate = fields.text("aggregate", 64);
  const std::string hash_text = fields.text("hash", 64);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  const auto kind = read_kind(kind_said);
  if (!kind) return base::Failure(kind.error());
  auto id = base::parse_event_id(placed.id);
  if (!id) return base::Failure(id.error());
  if (id->till != batch.till || id->epoch != batch.epoch || id->seq != placed.seq) {
    return fail(Code::bad_input, "the item's uuid is {}; its batch and seq make it {}", placed.id,
                base::EventId{batch.till, batch.epoch, placed.seq}.text());
  }
  const auto hash = base::parse_hash(hash_text);
  if (!hash) return base::Failure(hash.error());
  const base::json::value* body = object.if_contains("body");
  if (body == nullptr) return fail(Code::bad_input, "'body' is missing; expected an object");
  auto event = event_from_json(*std::move(id), *kind, std::move(aggregate), *body);
  if (!event) return base::Failure(event.error());
  return UpItem{*std::move(event), *hash};
}

// An item without a name and place cannot be answered, so it makes the whole batch unreadable.
Result<ReadItem> place_item(const base::json::value& value, std::size_t index,
                            const ReadBatch& batch) {
  const std::string what = fmt::format("items[{}]", index);
  const auto object = base::as_object(value, what);
  if (!object) return base::Failure(object.error());
  JsonReader fields(**object);
  ReadItem item{"", 0, fail(Code::bad_input, "not read")};
  item.id = fields.text("uuid", 64);
  item.seq = fields.count("seq", 1);
  if (auto good = fields.check(); !good) return base::within(what, good.error());
  item.item = read_item(**object, batch, item);
  return item;
}

// An item as append_items() writes it.
void take_ordered(JsonOrdered& in, ReadBatch& batch) {
  ReadItem item{"", 0, UpItem()};
  std::string kind;
  std::string hash;
  Event& event = item.item->event;
  in("seq", item.seq, {.least = 1})("uuid", item.id, {.bytes = 64})("kind", kind, {.bytes = 64})(
      "aggregate", event.aggregate, {.bytes = 64})("hash", hash, {.bytes = 64});
  if (!in.lead("body")) return;
  auto id = base::parse_event_id(item.id);
  const auto known = read_kind(kind);
  const auto parsed = base::parse_hash(hash);
  const bool placed =
      id && id->till == batch.till && id->epoch == batch.epoch && id->seq == item.seq;
  if (!placed || !known || !parsed) return in.surprise();
  event.id = *std::move(id);
  event.kind = *known;
  item.item->hash = *parsed;
  body_from_json(in, event);
  if (in.ok()) batch.items.push_back(std::move(item));
}

// A batch of our own making, all of it in order, which is what comes; nothing: of any other one the
// reader of trees knows more.
std::optional<ReadBatch> read_ordered(ByteView body) {
  JsonOrdered in(body);
  ReadBatch batch;
  in.object([&] {
    in("till", batch.till, {.bytes = 32})("epoch", batch.epoch, {.least = 0, .most = kMostEpoch})(
        "generation", batch.generation)("batch", batch.batch);
    if (!in.lead("items") || !base::is_till_name(batch.till)) return in.surprise();
    batch.items.reserve(kBatchItems);
    in.list(kBatchItems, [&] { in.object([&] { take_ordered(in, batch); }); });
  });
  if (!in.finished()) return std::nullopt;
  return batch;
}

}  // namespace

std::size_t append_items(std::string& list, std::span<const UpItem> items, std::size_t most) {
  constexpr std::size_t kUsualItem = 768;  // bytes
  list.reserve(list.size() + std::min(most, items.size() * kUsualItem));
  std::size_t taken = 0;
  for (const UpItem& item : items) {
    const std::size_t before = list.size();
    if (before > 0) list += ',';
    JsonWriter fields(list);
    fields("seq", item.event.id.seq)("uuid", item.event.id)(
        "kind", sent_kind_text(item.event.kind))("aggregate", item.event.aggregate)(
        "hash", item.hash.hex());
    append_sent_body_json(fields.lead("body"), item.event);
    fields.close();
    if (taken > 0 && list.size() > most) {
      list.resize(before);
      break;
    }
    ++taken;
  }
  return taken;
}

Bytes write_json(const UpBatch& batch, std::string_view list) {
  Bytes out;
  out.reserve(kBatchHeadBytes + list.size());
  JsonWriter fields(out);
  fields("till", batch.till)("epoch", batch.epoch)("generation", batch.generation)("batch",
                                                                                   batch.batch);
  fields.lead("items") += '[';
  out += list;
  out += ']';
  fields.close();
  return out;
}

Bytes write_json(const UpBatch& batch) {
  std::string list;
  append_items(list, batch.items, SIZE_MAX);
  return write_json(batch, list);
}

Bytes write_json(const UpAnswer& answer) {
  return base::write_message(answer);
}

Result<ReadBatch> read_batch(ByteView body) {
  if (auto batch = read_ordered(body)) return *std::move(batch);
  base::json::monotonic_resource arena(base::kArenaFactor * body.size() + 1);
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "batch");
  if (!object) return base::Failure(object.error());
  JsonReader fields(**object);
  ReadBatch batch;
  fields("till", batch.till, {.bytes = 32})("epoch", batch.epoch, {.least = 0, .most = kMostEpoch})(
      "generation", batch.generation)("batch", batch.batch);
  const base::json::array* items = fields.array("items", SIZE_MAX);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  if (items->size() > kBatchItems) {
    return fail(Code::too_large, "the batch has {} items; at most {} are taken at once",
                items->size(), kBatchItems);
  }
  if (!base::is_till_name(batch.till)) {
    return fail(Code::bad_input, "'till' is '{}'; a till is named with 1 to 32 of a-z, 0-9 and -",
                batch.till);
  }
  batch.items.reserve(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto item = place_item((*items)[i], i, batch);
    if (!item) return base::Failure(item.error());
    batch.items.push_back(*std::move(item));
  }
  return batch;
}

Result<UpAnswer> read_answer(ByteView body) {
  return base::read_message<UpAnswer>(body, "answer");
}

}  // namespace tillrig::wire
