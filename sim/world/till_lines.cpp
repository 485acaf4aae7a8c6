#include "sim/world/till_lines.hpp"

#include "pos/base/json_fields.hpp"

#include <boost/json/monotonic_resource.hpp>

namespace tillrig::world {

using base::Code;
using base::JsonReader;
using base::Result;
using base::json::object;

namespace till_lines {
namespace {

constexpr std::size_t kLongText = 64 * 1024;  // bytes: a till may say much

// The till's word for why; one that is not known here is somebody else's till.
Code code_of(std::string_view word) {
  return base::by_name<Code>(word).value_or(Code::not_allowed);
}

// The fields of a line, read by its description.
template <class Message>
Result<Message> read(const object& line, std::string_view key) {
  Message message{};
  JsonReader fields(line, kLongText);
  fields(key, message);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  return message;
}

struct No {
  std::string code;
  std::string text;
  static void describe(auto& self, auto& fields) {
    fields("code", self.code).maybe("text", self.text);
  }
};

Result<Said> read_answer(const object& line) {
  JsonReader fields(line);
  Answered answered{fields.whole("id", INT64_MIN, INT64_MAX), Reply{}};
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  const auto no = line.contains("no") ? read<No>(line, "no") : Result<No>();
  auto ok = line.contains("no") ? Result<Reply>() : read<Reply>(line, "ok");
  if (!no || !ok) {
    const std::string& why = no ? ok.error().what : no.error().what;
    answered.reply = base::fail(Code::in_doubt, "its answer cannot be read: {}", why);
  } else if (line.contains("no")) {
    answered.reply = base::fail(code_of(no->code), "{}", no->text);
  } else {
    answered.reply = std::move(*ok);
  }
  return answered;
}

// Its texts, one a line.
std::string joined(const base::json::array& list) {
  std::string text;
  for (const base::json::value& each : list) {
    if (!each.is_string()) continue;
    if (!text.empty()) text += '\n';
    text += std::string_view(each.get_string());
  }
  return text;
}

void collect_facts(const object& from, oracle::Facts& into) {
  for (const auto& [key, value] : from) {
    if (value.is_int64()) into.add(key, value.get_int64());
    if (value.is_string()) into.add(key, std::string(std::string_view(value.get_string())));
    if (value.is_array()) into.add(key, joined(value.get_array()));
  }
}

Result<Said> read_shown(const object& line) {
  Shown shown;
  JsonReader fields(line, kLongText);
  fields("kind", shown.kind);
  if (shown.kind == "prompt") fields("prompt", shown.prompt);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  collect_facts(line, shown.facts);
  return shown;
}

Result<Said> read_note(const object& line) {
  Noted noted;
  JsonReader fields(line, kLongText);
  fields("mark", noted.mark).maybe("sale", noted.sale);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  const base::json::value* const args = line.if_contains("args");
  if (args != nullptr && args->is_object()) collect_facts(args->get_object(), noted.args);
  return noted;
}

}  // namespace
}  // namespace till_lines

Result<Said> read_till_line(std::string_view line) {
  constexpr std::size_t kFirstBlock = 2048;  // most lines need no more
  unsigned char block[kFirstBlock];
  base::json::monotonic_resource arena(block, sizeof block);
  const auto value = base::parse_json(line, &arena);
  if (!value) return base::Failure(value.error());
  if (!value->is_object()) return base::fail(Code::bad_input, "a till's line is no object");
  const object& fields = value->get_object();
  if (fields.contains("ok") || fields.contains("no")) return till_lines::read_answer(fields);
  const base::json::value* const event = fields.if_contains("ev");
  if (event == nullptr || !event->is_string()) return Unknown{};
  if (event->get_string() == "shown") return till_lines::read_shown(fields);
  if (event->get_string() == "note") return till_lines::read_note(fields);
  return Unknown{};
}

}  // namespace tillrig::world
