#include "pos/wire/api.hpp"
#include "pos/wire/fields.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <algorithm>
#include <array>

namespace tillrig::wire {
namespace {

using base::Code;
using base::fail;

constexpr std::array kStatuses = {ItemStatus::applied, ItemStatus::duplicate, ItemStatus::conflict,
                                  ItemStatus::rejected, ItemStatus::deferred};
constexpr std::array kKinds = {EventKind::sale, EventKind::refund, EventKind::epoch_opened};

Result<ItemStatus> find_status(std::string_view text) {
  for (const ItemStatus status : kStatuses) {
    if (name(status) == text) return status;
  }
  return fail(Code::bad_input,
              "'status' is '{}'; expected applied, duplicate, conflict, rejected or deferred",
              text);
}

Result<EventKind> find_kind(std::string_view text) {
  for (const EventKind kind : kKinds) {
    if (name(kind) == text) return kind;
  }
  return fail(Code::bad_input, "'kind' is '{}'; expected sale, refund or epoch_opened", text);
}

// What makes an item one of this batch and an event; its name and place are known to be good.
Result<UpItem> read_item(const json::object& object, const ReadBatch& batch,
                         const ReadItem& placed) {
  Fields fields(object);
  const std::string kind_text = fields.text("kind", 32);
  std::string aggregate = fields.text("aggregate", 64);
  const std::string hash_text = fields.text("hash", 64);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  auto id = base::parse_event_id(placed.id);
  if (!id) return base::Failure(id.error());
  if (id->till != batch.till || id->epoch != batch.epoch || id->seq != placed.seq) {
    return fail(Code::bad_input, "the item's uuid is {}; its batch and seq make it {}", placed.id,
                base::EventId{batch.till, batch.epoch, placed.seq}.text());
  }
  const auto kind = find_kind(kind_text);
  if (!kind) return base::Failure(kind.error());
  const auto hash = base::parse_hash(hash_text);
  if (!hash) return base::Failure(hash.error());
  const json::value* body = object.if_contains("body");
  if (body == nullptr) return fail(Code::bad_input, "'body' is missing; expected an object");
  auto event = event_from_json(*std::move(id), *kind, std::move(aggregate), *body);
  if (!event) return base::Failure(event.error());
  return UpItem{*std::move(event), *hash};
}

// An item without a name and place cannot be answered, so it makes the whole batch unreadable.
Result<ReadItem> place_item(const json::value& value, std::size_t index, const ReadBatch& batch) {
  const std::string what = fmt::format("items[{}]", index);
  const auto object = base::as_object(value, what);
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  ReadItem item{"", 0, fail(Code::bad_input, "not read")};
  item.id = fields.text("uuid", 64);
  item.seq = fields.count("seq", 1);
  if (auto good = fields.check(); !good) return base::within(what, good.error());
  item.item = read_item(**object, batch, item);
  return item;
}

Result<UpResult> read_result(const json::value& value, std::size_t index) {
  const std::string what = fmt::format("results[{}]", index);
  const auto object = base::as_object(value, what);
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  UpResult result;
  result.id = fields.text("uuid", 64);
  const std::string status_text = fields.text("status", 32);
  result.code = fields.text("code");
  result.v = fields.count("v");
  result.hash = fields.text("hash", 64);
  if (auto good = fields.check(); !good) return base::within(what, good.error());
  const auto status = find_status(status_text);
  if (!status) return base::within(what, status.error());
  result.status = *status;
  return result;
}

}  // namespace

Bytes write_json(const UpBatch& batch) {
  Bytes out;
  out.reserve(128 + batch.items.size() * 768);
  append_field(out, "{\"till\":", std::string_view(batch.till));
  append_field(out, ",\"epoch\":", std::uint64_t{batch.epoch});
  append_field(out, ",\"generation\":", batch.generation);
  append_field(out, ",\"batch\":", batch.batch);
  out += ",\"items\":[";
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    const UpItem& item = batch.items[i];
    append_field(out, i == 0 ? "{\"seq\":" : ",{\"seq\":", item.event.id.seq);
    append_field(out, ",\"uuid\":", std::string_view(item.event.id.text()));
    append_field(out, ",\"kind\":", name(item.event.kind));
    append_field(out, ",\"aggregate\":", std::string_view(item.event.aggregate));
    append_field(out, ",\"hash\":", std::string_view(item.hash.hex()));
    out += ",\"body\":";
    append_body_json(out, item.event);
    out += '}';
  }
  out += "]}";
  return out;
}

Bytes write_json(const UpAnswer& answer) {
  Bytes out;
  out.reserve(128 + answer.results.size() * 160);
  out += "{\"results\":[";
  for (std::size_t i = 0; i < answer.results.size(); ++i) {
    const UpResult& result = answer.results[i];
    append_field(out, i == 0 ? "{\"uuid\":" : ",{\"uuid\":", std::string_view(result.id));
    append_field(out, ",\"status\":", name(result.status));
    append_field(out, ",\"code\":", std::string_view(result.code));
    append_field(out, ",\"v\":", result.v);
    append_field(out, ",\"hash\":", std::string_view(result.hash));
    out += '}';
  }
  append_field(out, "],\"contiguous_through\":", answer.contiguous_through);
  append_field(out, ",\"window\":", answer.window);
  append_field(out, ",\"retry_after_ms\":", answer.retry_after_ms);
  out += '}';
  return out;
}

Result<ReadBatch> read_batch(ByteView body) {
  json::monotonic_resource arena(kArenaFactor * body.size() + 1);
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "batch");
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  ReadBatch batch;
  batch.till = fields.text("till", 32);
  batch.epoch = fields.count32("epoch");
  batch.generation = fields.count("generation");
  batch.batch = fields.count("batch");
  const json::array* items = fields.array("items", kMostEntries);
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
  json::monotonic_resource arena(kArenaFactor * body.size() + 1);
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "answer");
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  UpAnswer answer;
  const json::array* results = fields.array("results", kBatchItems);
  answer.contiguous_through = fields.count("contiguous_through");
  answer.window = fields.count("window");
  answer.retry_after_ms = fields.count("retry_after_ms");
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  answer.results.reserve(results->size());
  for (std::size_t i = 0; i < results->size(); ++i) {
    auto result = read_result((*results)[i], i);
    if (!result) return base::Failure(result.error());
    answer.results.push_back(*std::move(result));
  }
  return answer;
}

}  // namespace tillrig::wire
