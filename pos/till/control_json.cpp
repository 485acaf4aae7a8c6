#include "pos/till/control_json.hpp"

namespace tillrig::till {
namespace {

constexpr std::int64_t kMostWhole = INT64_MAX;
constexpr std::size_t kLongField = 4096;
constexpr std::size_t kManyRows = 1'000'000;

std::string array_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    base::append_quoted(out, text);
  }
  return out + "]";
}

Result<std::vector<std::string>> read_texts(const base::json::object& object,
                                            std::string_view key) {
  auto array = base::get_array(object, key, kManyRows);
  if (!array) return base::Failure(array.error());
  std::vector<std::string> texts;
  for (const base::json::value& value : **array) {
    if (!value.is_string()) return base::fail(base::Code::bad_input, "{} holds texts only", key);
    texts.emplace_back(value.as_string());
  }
  return texts;
}

std::int64_t whole(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

}  // namespace

void ObjectWriter::key(std::string_view name) {
  if (out_.size() > 1) out_ += ',';
  base::append_quoted(out_, name);
  out_ += ':';
}

ObjectWriter& ObjectWriter::text(std::string_view name, std::string_view value) {
  key(name);
  base::append_quoted(out_, value);
  return *this;
}

ObjectWriter& ObjectWriter::number(std::string_view name, std::int64_t value) {
  key(name);
  out_ += std::to_string(value);
  return *this;
}

ObjectWriter& ObjectWriter::raw(std::string_view name, std::string_view json) {
  key(name);
  out_ += json;
  return *this;
}

std::string ObjectWriter::take() {
  return std::move(out_) + "}";
}

std::string write_prompt(const Prompt& prompt) {
  return ObjectWriter()
      .text("id", prompt.id)
      .text("text", prompt.text)
      .raw("buttons", array_of(prompt.buttons))
      .number("modal", prompt.modal ? 1 : 0)
      .take();
}

Result<Prompt> read_prompt(const base::json::object& object) {
  Prompt prompt;
  auto id = base::get_text(object, "id");
  auto text = base::get_text(object, "text", kLongField);
  auto buttons = read_texts(object, "buttons");
  auto modal = base::get_int(object, "modal", 0, 1);
  if (!id) return base::Failure(id.error());
  if (!text) return base::Failure(text.error());
  if (!buttons) return base::Failure(buttons.error());
  if (!modal) return base::Failure(modal.error());
  return Prompt{*id, *text, *buttons, *modal == 1};
}

std::string write_counters(const store::Counters& counters) {
  return ObjectWriter()
      .number("pending", whole(counters.pending))
      .number("quarantined", whole(counters.quarantined))
      .number("uploaded", whole(counters.uploaded))
      .number("value", counters.pending_value.minor)
      .number("oldest_ms", counters.oldest_pending.ms)
      .take();
}

Result<store::Counters> read_counters(const base::json::object& object) {
  const auto pending = base::get_int(object, "pending", 0, kMostWhole);
  const auto quarantined = base::get_int(object, "quarantined", 0, kMostWhole);
  const auto uploaded = base::get_int(object, "uploaded", 0, kMostWhole);
  const auto value = base::get_int(object, "value", INT64_MIN, kMostWhole);
  const auto oldest = base::get_int(object, "oldest_ms", INT64_MIN, kMostWhole);
  for (const auto* field : {&pending, &quarantined, &uploaded, &value, &oldest}) {
    if (!*field) return base::Failure(field->error());
  }
  store::Counters counters;
  counters.pending = static_cast<std::uint64_t>(*pending);
  counters.quarantined = static_cast<std::uint64_t>(*quarantined);
  counters.uploaded = static_cast<std::uint64_t>(*uploaded);
  counters.pending_value = base::Money{*value};
  counters.oldest_pending = base::WallTime{*oldest};
  return counters;
}

std::string write_state(const State& state) {
  std::string prompts = "[";
  for (const Prompt& prompt : state.prompts) {
    if (prompts.size() > 1) prompts += ',';
    prompts += write_prompt(prompt);
  }
  return ObjectWriter()
      .text("stage", name(state.stage))
      .text("link", sync::name(state.link))
      .text("cause", sync::name(state.cause))
      .raw("prompts", prompts + "]")
      .raw("cart", array_of(state.cart))
      .number("total", state.total.minor)
      .number("due", state.due.minor)
      .raw("counters", write_counters(state.counters))
      .number("health", static_cast<std::int64_t>(state.health))
      .number("epoch", state.epoch)
      .take();
}

Result<State> read_state(const base::json::object& object) {
  State state;
  auto stage = base::get_text(object, "stage");
  auto link = base::get_text(object, "link");
  auto cause = base::get_text(object, "cause");
  auto prompts = base::get_array(object, "prompts", kManyRows);
  auto cart = read_texts(object, "cart");
  auto total = base::get_int(object, "total", INT64_MIN, kMostWhole);
  auto due = base::get_int(object, "due", INT64_MIN, kMostWhole);
  auto counters = base::get_object(object, "counters");
  auto health = base::get_int(object, "health", 0, 2);
  auto epoch = base::get_int(object, "epoch", 0, UINT32_MAX);
  if (!stage || !link || !cause || !prompts || !cart || !total || !due || !counters || !health ||
      !epoch) {
    return base::fail(base::Code::bad_input, "a till's state lacks a field");
  }
  const auto stage_value = by_name(*stage, Stage::starting, Stage::closed);
  const auto link_value = by_name(*link, sync::Link::starting, sync::Link::offline);
  const auto cause_value = by_name(*cause, sync::Cause::none, sync::Cause::login);
  auto counted = read_counters(**counters);
  if (!stage_value || !link_value || !cause_value || !counted) {
    return base::fail(base::Code::bad_input, "a till's state has a word unknown here");
  }
  state.stage = *stage_value;
  state.link = *link_value;
  state.cause = *cause_value;
  for (const base::json::value& value : **prompts) {
    auto object_of = base::as_object(value, "a prompt");
    if (!object_of) return base::Failure(object_of.error());
    auto prompt = read_prompt(**object_of);
    if (!prompt) return base::Failure(prompt.error());
    state.prompts.push_back(std::move(*prompt));
  }
  state.cart = std::move(*cart);
  state.total = base::Money{*total};
  state.due = base::Money{*due};
  state.counters = *counted;
  state.health = static_cast<store::Health>(*health);
  state.epoch = static_cast<std::uint32_t>(*epoch);
  return state;
}

std::string write_row(const store::SaleRow& row) {
  return ObjectWriter()
      .text("sale", row.id.text())
      .text("kind", wire::name(row.kind))
      .number("epoch", row.number.epoch)
      .number("number", whole(row.number.number))
      .number("total", row.total.minor)
      .number("wall_ms", row.wall.ms)
      .text("sync", store::name(row.sync))
      .text("why", row.why)
      .take();
}

Result<store::SaleRow> read_row(const base::json::object& object) {
  auto sale = base::get_text(object, "sale");
  auto kind = base::get_text(object, "kind");
  auto epoch = base::get_int(object, "epoch", 0, UINT32_MAX);
  auto number = base::get_int(object, "number", 0, kMostWhole);
  auto total = base::get_int(object, "total", INT64_MIN, kMostWhole);
  auto wall = base::get_int(object, "wall_ms", INT64_MIN, kMostWhole);
  auto sync = base::get_text(object, "sync");
  auto why = base::get_text(object, "why", kLongField);
  if (!sale || !kind || !epoch || !number || !total || !wall || !sync || !why) {
    return base::fail(base::Code::bad_input, "a row of Register Sales lacks a field");
  }
  auto id = base::parse_event_id(*sale);
  const auto kind_value = by_name(*kind, wire::EventKind::sale, wire::EventKind::epoch_opened);
  const auto sync_value = by_name(*sync, store::SyncState::queued, store::SyncState::quarantined);
  if (!id) return base::Failure(id.error());
  if (!kind_value) return base::Failure(kind_value.error());
  if (!sync_value) return base::Failure(sync_value.error());
  store::SaleRow row;
  row.id = *id;
  row.kind = *kind_value;
  row.number = {static_cast<std::uint32_t>(*epoch), static_cast<std::uint64_t>(*number)};
  row.total = base::Money{*total};
  row.wall = base::WallTime{*wall};
  row.sync = *sync_value;
  row.why = *why;
  return row;
}

}  // namespace tillrig::till
