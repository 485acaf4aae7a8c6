#include "sim/world/till_lines.hpp"

#include "pos/base/json.hpp"

#include <boost/json/monotonic_resource.hpp>

#include <optional>

namespace tillrig::world {
namespace {

using base::Code;
using base::Result;
using base::json::object;

// Reads an object's fields; what may be left out has its zero. The first wrong one is kept.
class Fields {
 public:
  explicit Fields(const object& from) : from_(from) {}

  void read(std::string_view key, std::int64_t& into) {
    const base::json::value* const value = from_.if_contains(key);
    if (value == nullptr) return;
    if (value->is_int64()) {
      into = value->get_int64();
    } else {
      wrong(key, "a whole number");
    }
  }
  template <class Unsigned>
  void read_count(std::string_view key, Unsigned& into) {
    std::int64_t number = 0;
    read(key, number);
    if (number < 0) return wrong(key, "a count");
    into = static_cast<Unsigned>(number);
  }
  void read(std::string_view key, base::Money& into) { read(key, into.minor); }
  void read(std::string_view key, bool& into) {
    std::int64_t number = 0;
    read(key, number);
    into = number != 0;
  }
  void read(std::string_view key, std::string& into) {
    const base::json::value* const value = from_.if_contains(key);
    if (value == nullptr) return;
    if (value->is_string()) {
      into = std::string_view(value->get_string());
    } else {
      wrong(key, "a text");
    }
  }
  void read(std::string_view key, std::vector<std::string>& into) {
    each(key, [&](const base::json::value& value) {
      if (!value.is_string()) return wrong(key, "texts");
      into.emplace_back(std::string_view(value.get_string()));
    });
  }
  // Calls `read(Fields&)` with the object under the key.
  template <class Read>
  void inside(std::string_view key, Read read) {
    const base::json::value* const value = from_.if_contains(key);
    if (value == nullptr) return;
    if (!value->is_object()) return wrong(key, "an object");
    go_into(value->get_object(), read);
  }
  // And with each object of the list under the key.
  template <class Read>
  void each_inside(std::string_view key, Read read) {
    each(key, [&](const base::json::value& value) {
      if (!value.is_object()) return wrong(key, "objects");
      go_into(value.get_object(), read);
    });
  }

  // OLD: until the till writes the new control line.
  void read_health(std::string& into) {
    static constexpr const char* kNames[] = {"sound", "degraded", "critical"};
    const base::json::value* const value = from_.if_contains("health");
    if (value != nullptr && value->is_int64()) {
      into = kNames[static_cast<std::size_t>(value->get_int64())];
    } else {
      read("health", into);
    }
  }

  void need(std::string_view key) {
    if (!from_.contains(key)) wrong(key, "there");
  }
  [[nodiscard]] Result<void> result() const {
    if (wrong_.empty()) return {};
    return base::fail(Code::protocol, "{}", wrong_);
  }

 private:
  void wrong(std::string_view key, std::string_view expected) {
    if (wrong_.empty()) wrong_ = fmt::format("\"{}\" of a till's line is not {}", key, expected);
  }
  template <class Visit>
  void each(std::string_view key, Visit visit) {
    const base::json::value* const value = from_.if_contains(key);
    if (value == nullptr) return;
    if (!value->is_array()) return wrong(key, "a list");
    for (const base::json::value& one : value->get_array()) visit(one);
  }
  template <class Read>
  void go_into(const object& inner, Read read) {
    Fields fields(inner);
    read(fields);
    if (wrong_.empty()) wrong_ = std::move(fields.wrong_);
  }

  const object& from_;
  std::string wrong_;
};

void read_prompt(Fields& from, Prompt& prompt) {
  from.need("id");
  from.read("id", prompt.id);
  from.read("text", prompt.text);
  from.read("buttons", prompt.buttons);
  from.read("modal", prompt.modal);
}

void read_counters(Fields& from, Counters& counters) {
  from.read_count("pending", counters.pending);
  from.read_count("quarantined", counters.quarantined);
  from.read_count("uploaded", counters.uploaded);
  from.read("value", counters.value);
  from.read("oldest_ms", counters.oldest_ms);
}

void read_state(Fields& from, State& state) {
  from.need("stage");
  from.read("stage", state.stage);
  from.read("link", state.link);
  from.read("cause", state.cause);
  from.each_inside("prompts",
                   [&](Fields& each) { read_prompt(each, state.prompts.emplace_back()); });
  from.read("cart", state.cart);
  from.read("total", state.total);
  from.read("due", state.due);
  from.inside("counters", [&](Fields& counters) { read_counters(counters, state.counters); });
  from.read_health(state.health);
  from.read_count("epoch", state.epoch);
}

void read_row(Fields& from, SaleRow& row) {
  from.need("sale");
  from.read("sale", row.sale);
  from.read("kind", row.kind);
  from.read_count("epoch", row.epoch);
  from.read_count("number", row.number);
  from.read("total", row.total);
  from.read("wall_ms", row.wall_ms);
  from.read("sync", row.sync);
  from.read("why", row.why);
}

void read_ok(Fields& from, Reply& reply) {
  from.read("sale", reply.sale);
  from.read("number", reply.number);
  from.read("total", reply.total);
  from.read("change", reply.change);
  from.inside("state", [&](Fields& state) { read_state(state, reply.state.emplace()); });
  from.each_inside("sales", [&](Fields& row) { read_row(row, reply.sales.emplace_back()); });
}

// The till's word for why; one that is not known here is somebody else's till.
Code code_of(std::string_view word) {
  for (int i = 0; i <= static_cast<int>(Code::internal); ++i) {
    if (base::name(static_cast<Code>(i)) == word) return static_cast<Code>(i);
  }
  return Code::not_allowed;
}

Result<Said> read_answer(const object& line) {
  Fields fields(line);
  Answered answered{0, Reply{}};
  fields.read("id", answered.id);
  if (line.contains("no")) {
    std::string code;
    std::string text;
    fields.inside("no", [&](Fields& no) {
      no.need("code");
      no.read("code", code);
      no.read("text", text);
    });
    answered.reply = base::fail(code_of(code), "{}", text);
  } else {
    fields.need("ok");
    fields.inside("ok", [&](Fields& ok) { read_ok(ok, *answered.reply); });
  }
  if (const auto read = fields.result(); !read) {
    answered.reply = base::fail(Code::in_doubt, "{}", read.error().what);
  }
  return answered;
}

void collect_facts(const object& from, oracle::Facts& into) {
  for (const auto& [key, value] : from) {
    if (value.is_int64()) into.add(key, value.get_int64());
    if (value.is_string()) into.add(key, std::string(value.get_string()));
    if (value.is_bool()) into.add(key, std::int64_t{value.get_bool()});
  }
}

Result<Said> read_shown(const object& line) {
  Shown shown;
  Fields fields(line);
  fields.need("kind");
  fields.read("kind", shown.kind);
  if (shown.kind == "prompt") fields.need("prompt");
  if (const auto* prompt = line.if_contains("prompt"); prompt != nullptr && prompt->is_object()) {
    fields.inside("prompt", [&](Fields& inner) { read_prompt(inner, shown.prompt); });
  }
  if (const auto read = fields.result(); !read) return base::Failure(read.error());
  collect_facts(line, shown.facts);
  if (const auto* old = line.if_contains("counters"); old != nullptr && old->is_object()) {
    collect_facts(old->get_object(), shown.facts);  // OLD: until the till writes the new line
  }
  return shown;
}

Result<Said> read_note(const object& line) {
  Noted noted;
  Fields fields(line);
  fields.need("mark");
  fields.read("mark", noted.mark);
  fields.read("sale", noted.sale);
  if (const auto read = fields.result(); !read) return base::Failure(read.error());
  const base::json::value* const args = line.if_contains("args");
  if (args != nullptr && args->is_object()) collect_facts(args->get_object(), noted.args);
  return noted;
}

}  // namespace

Result<Said> read_till_line(std::string_view line) {
  constexpr std::size_t kFirstBlock = 2048;  // most lines are far below this
  unsigned char block[kFirstBlock];
  base::json::monotonic_resource arena(block, sizeof block);
  const auto value = base::parse_json(line, &arena);
  if (!value) return base::fail(Code::protocol, "{}", value.error().what);
  if (!value->is_object()) return base::fail(Code::protocol, "a till's line is no object");
  const object& fields = value->get_object();
  if (fields.contains("id")) return read_answer(fields);
  const base::json::value* const event = fields.if_contains("ev");
  if (event == nullptr || !event->is_string()) return Unknown{};
  if (event->get_string() == "shown") return read_shown(fields);
  if (event->get_string() == "note") return read_note(fields);
  return Unknown{};
}

}  // namespace tillrig::world
