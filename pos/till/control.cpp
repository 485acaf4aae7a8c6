#include "pos/till/control.hpp"

#include "pos/till/control_json.hpp"
#include "pos/wire/api.hpp"

namespace tillrig::till {
namespace {

using base::Code;
using base::fail;
using base::Failure;

constexpr std::int64_t kMost = INT64_MAX;
constexpr std::size_t kLongText = 4096;

base::Code code_by_name(std::string_view text) {
  for (int i = 0; i <= static_cast<int>(Code::internal); ++i) {
    if (base::name(static_cast<Code>(i)) == text) return static_cast<Code>(i);
  }
  return Code::protocol;
}

Result<std::int64_t> number_or(const base::json::object& object, std::string_view key,
                               std::int64_t otherwise) {
  if (!object.contains(key)) return otherwise;
  return base::get_int(object, key, INT64_MIN, kMost);
}

Result<std::string> text_or(const base::json::object& object, std::string_view key) {
  if (!object.contains(key)) return std::string();
  return base::get_text(object, key, kLongText);
}

}  // namespace

std::string write_request(const ControlRequest& request) {
  const Command& command = request.command;
  ObjectWriter out;
  out.number("id", request.id).text("do", name(command.verb));
  if (command.line != 0) out.number("line", static_cast<std::int64_t>(command.line));
  if (!command.lines.empty()) {
    std::string lines = "[";
    for (const std::size_t line : command.lines) {
      if (lines.size() > 1) lines += ',';
      lines += std::to_string(line);
    }
    out.raw("lines", lines + "]");
  }
  out.number("quantity", command.quantity.thousandths);
  if (command.rate) out.number("rate", command.rate->basis_points);
  out.number("amount", command.amount.minor);
  if (!command.text.empty()) out.text("text", command.text);
  if (!command.button.empty()) out.text("button", command.button);
  return out.take();
}

Result<ControlRequest> read_request(std::string_view line) {
  const auto value = base::parse_json(line);
  if (!value) return Failure(value.error());
  const auto object = base::as_object(*value, "a request");
  if (!object) return Failure(object.error());
  const auto id = base::get_int(**object, "id", 0, kMost);
  const auto verb = base::get_text(**object, "do");
  const auto at = number_or(**object, "line", 0);
  const auto quantity = number_or(**object, "quantity", 1000);
  const auto rate = number_or(**object, "rate", 0);
  const auto amount = number_or(**object, "amount", 0);
  for (const auto* field : {&id, &at, &quantity, &rate, &amount}) {
    if (!*field) return Failure(field->error());
  }
  auto text = text_or(**object, "text");
  auto button = text_or(**object, "button");
  for (const auto* field : {&verb, static_cast<const Result<std::string>*>(&text),
                            static_cast<const Result<std::string>*>(&button)}) {
    if (!*field) return Failure(field->error());
  }
  const auto known = by_name(*verb, Command::Verb::enter, Command::Verb::close);
  if (!known) return fail(Code::bad_input, "a till cannot do \"{}\"", *verb);
  if (*at < 0) return fail(Code::bad_input, "lines count from 1");
  ControlRequest request;
  request.id = *id;
  request.command.verb = *known;
  request.command.line = static_cast<std::size_t>(*at);
  request.command.quantity = {*quantity};
  if ((*object)->contains("rate")) request.command.rate = base::Rate{*rate};
  request.command.amount = {*amount};
  request.command.text = std::move(*text);
  request.command.button = std::move(*button);
  if ((*object)->contains("lines")) {
    const auto lines = base::get_array(**object, "lines", wire::kDocumentLines);
    if (!lines) return Failure(lines.error());
    for (const base::json::value& each : **lines) {
      if (!each.is_int64() || each.as_int64() < 1) {
        return fail(Code::bad_input, "lines are whole numbers from 1");
      }
      request.command.lines.push_back(static_cast<std::size_t>(each.as_int64()));
    }
  }
  return request;
}

std::string write_answer(std::int64_t id, const Result<Answer>& answer) {
  ObjectWriter out;
  out.number("id", id);
  if (!answer) {
    const std::string no = ObjectWriter()
                               .text("code", base::name(answer.error().code))
                               .text("text", answer.error().what)
                               .take();
    return out.raw("no", no).take();
  }
  ObjectWriter ok;
  ok.text("sale", answer->sale)
      .text("number", answer->number)
      .number("total", answer->total.minor)
      .number("change", answer->change.minor);
  if (answer->state) ok.raw("state", write_state(*answer->state));
  std::string rows = "[";
  for (const store::SaleRow& row : answer->sales) {
    if (rows.size() > 1) rows += ',';
    rows += write_row(row);
  }
  ok.raw("sales", rows + "]");
  return out.raw("ok", ok.take()).take();
}

namespace {

Result<Answer> read_ok(const base::json::object& object) {
  constexpr std::size_t kManyRows = 1'000'000;
  auto sale = base::get_text(object, "sale");
  auto number = base::get_text(object, "number");
  auto total = base::get_int(object, "total", INT64_MIN, kMost);
  auto change = base::get_int(object, "change", INT64_MIN, kMost);
  auto rows = base::get_array(object, "sales", kManyRows);
  if (!sale || !number || !total || !change || !rows) {
    return fail(Code::protocol, "the till's answer lacks a field");
  }
  Answer answer;
  answer.sale = std::move(*sale);
  answer.number = std::move(*number);
  answer.total = {*total};
  answer.change = {*change};
  for (const base::json::value& value : **rows) {
    const auto each = base::as_object(value, "a row");
    if (!each) return Failure(each.error());
    auto row = read_row(**each);
    if (!row) return Failure(row.error());
    answer.sales.push_back(std::move(*row));
  }
  if (object.contains("state")) {
    const auto state = base::get_object(object, "state");
    if (!state) return Failure(state.error());
    auto read = read_state(**state);
    if (!read) return Failure(read.error());
    answer.state = std::move(*read);
  }
  return answer;
}

}  // namespace

Result<ControlAnswer> read_answer(std::string_view line) {
  const auto value = base::parse_json(line);
  if (!value) return Failure(value.error());
  const auto object = base::as_object(*value, "an answer");
  if (!object) return Failure(object.error());
  const auto id = base::get_int(**object, "id", 0, kMost);
  if (!id) return Failure(id.error());
  if ((*object)->contains("no")) {
    const auto no = base::get_object(**object, "no");
    if (!no) return Failure(no.error());
    const auto code = base::get_text(**no, "code");
    const auto text = base::get_text(**no, "text", kLongText);
    if (!code || !text) return fail(Code::protocol, "the till's refusal lacks its reason");
    return ControlAnswer{*id, fail(code_by_name(*code), "{}", *text)};
  }
  const auto ok = base::get_object(**object, "ok");
  if (!ok) return Failure(ok.error());
  auto read = read_ok(**ok);
  if (!read) return Failure(read.error());  // not a refusal: it may well have happened
  return ControlAnswer{*id, std::move(read)};
}

std::string write_shown(const Shown& shown) {
  return ObjectWriter()
      .text("ev", "shown")
      .text("kind", name(shown.kind))
      .text("stage", name(shown.stage))
      .raw("prompt", write_prompt(shown.prompt))
      .text("link", sync::name(shown.link))
      .text("cause", sync::name(shown.cause))
      .raw("counters", write_counters(shown.counters))
      .text("sale", shown.sale)
      .text("number", shown.number)
      .number("amount", shown.amount.minor)
      .number("change", shown.change.minor)
      .text("code", shown.code)
      .text("text", shown.text)
      .take();
}

Result<Shown> read_shown(std::string_view line) {
  const auto value = base::parse_json(line);
  if (!value) return Failure(value.error());
  const auto object = base::as_object(*value, "an event");
  if (!object) return Failure(object.error());
  const auto kind = base::get_text(**object, "kind");
  const auto stage = base::get_text(**object, "stage");
  const auto prompt = base::get_object(**object, "prompt");
  const auto link = base::get_text(**object, "link");
  const auto cause = base::get_text(**object, "cause");
  const auto counters = base::get_object(**object, "counters");
  const auto amount = base::get_int(**object, "amount", INT64_MIN, kMost);
  const auto change = base::get_int(**object, "change", INT64_MIN, kMost);
  if (!kind || !stage || !prompt || !link || !cause || !counters || !amount || !change) {
    return fail(Code::protocol, "what the till shows lacks a field");
  }
  const auto kind_value = by_name(*kind, Shown::Kind::stage, Shown::Kind::refused);
  const auto stage_value = by_name(*stage, Stage::starting, Stage::closed);
  const auto link_value = by_name(*link, sync::Link::starting, sync::Link::offline);
  const auto cause_value = by_name(*cause, sync::Cause::none, sync::Cause::login);
  auto asked = read_prompt(**prompt);
  const auto counted = read_counters(**counters);
  if (!kind_value || !stage_value || !link_value || !cause_value || !asked || !counted) {
    return fail(Code::protocol, "what the till shows has a word unknown here");
  }
  Shown shown;
  shown.kind = *kind_value;
  shown.stage = *stage_value;
  shown.prompt = std::move(*asked);
  shown.link = *link_value;
  shown.cause = *cause_value;
  shown.counters = *counted;
  shown.amount = {*amount};
  shown.change = {*change};
  shown.sale = text_or(**object, "sale").value_or("");
  shown.number = text_or(**object, "number").value_or("");
  shown.code = text_or(**object, "code").value_or("");
  shown.text = text_or(**object, "text").value_or("");
  return shown;
}

}  // namespace tillrig::till
