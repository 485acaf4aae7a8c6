#include "pos/till/control_line.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/json_fields.hpp"
#include "pos/base/nearest.hpp"
#include "pos/base/spawn.hpp"

namespace tillrig::till {
namespace {

using base::Code;
using base::Failure;
using base::JsonReader;
using base::JsonWriter;

constexpr std::size_t kLongestText = 4096;  // bytes of one field
constexpr base::Duration kCloseWithin = std::chrono::seconds(3);

// Errors: bad_input, naming the field; not_found: no such command.
Result<Command> read_command(JsonReader& fields) {
  const std::string verb = fields.text("do");
  if (auto good = fields.check(); !good) return Failure(good.error());
  auto command = base::Kinds<Command>::read(verb, fields);
  if (!command) return base::unknown_word("command", verb, base::Kinds<Command>::kNames);
  if (auto good = fields.check(); !good) return base::within(verb, good.error());
  return *std::move(command);
}

}  // namespace

ControlLine::ControlLine(ports::Ports ports, Config config, Out out)
    : ports_(std::move(ports)),
      out_(std::move(out)),
      till_(ports_, std::move(config), *this),
      ended_(ports_.make_alarm()) {}

base::Awaitable<Result<void>> ControlLine::start() {
  return till_.start();
}

void ControlLine::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    const bool too_long = unread_.size() + piece.size() > kLongestLine;
    if (too_long && !passing_over_) {
      refuse({}, {Code::too_large, fmt::format("a line is at most {} bytes long", kLongestLine)});
      unread_.clear();
      passing_over_ = true;
    }
    if (!passing_over_) unread_ += piece;
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    const std::string line = std::exchange(unread_, {});
    if (!std::exchange(passing_over_, false)) take(line);
  }
}

void ControlLine::take(std::string_view line) {
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  if (line.size() > kLongestLine) {
    return refuse({},
                  {Code::too_large, fmt::format("a line is at most {} bytes long", kLongestLine)});
  }
  const auto value = base::parse_json(line);
  if (!value) return refuse({}, value.error());
  const auto object = base::as_object(*value, "command");
  if (!object) return refuse({}, object.error());
  JsonReader fields(**object, kLongestText);
  Id id;
  fields("id", id, {.least = 0});
  if (!fields.ok()) return refuse({}, fields.check().error());
  auto command = read_command(fields);
  if (!command) return refuse(id, command.error());
  ++under_way_;
  base::spawn(ports_.executor, carry_out(id, *std::move(command)));
}

base::Awaitable<void> ControlLine::carry_out(Id id, Command command) {
  const bool was_closed = till_.closed();
  auto handling = till_.handle(std::move(command));
  const Result<Answer> result = co_await std::move(handling);
  --under_way_;
  TILLRIG_ASSERT(under_way_ >= 0, "each command ends once");
  answer(id, result);
  ended_->ring();
  if (!was_closed && till_.closed() && on_closed) std::exchange(on_closed, {})();
}

base::Awaitable<Result<void>> ControlLine::close() {
  const base::Instant give_up = ports_.clock.now() + kCloseWithin;
  while (under_way_ > 0 && ports_.clock.now() < give_up) {
    co_await ended_->sleep_until(give_up);
  }
  if (till_.closed()) co_return Result<void>{};
  Command command = Close();
  auto closing = till_.handle(std::move(command));
  const Result<Answer> closed = co_await std::move(closing);
  if (!closed) co_return Failure(closed.error());
  co_return Result<void>{};
}

void ControlLine::answer(Id id, const Result<Answer>& answer) {
  if (!answer) return refuse(id, answer.error());
  std::string line;
  JsonWriter fields(line);
  fields("id", id)("ok", *answer).close();
  out_(line);
}

void ControlLine::refuse(Id id, const base::Error& error) {
  std::string line;
  JsonWriter fields(line);
  fields("id", id);
  JsonWriter no(fields.lead("no"));
  no("code", error.code)("text", error.what).close();
  fields.close();
  out_(line);
}

void ControlLine::show(const Shown& shown) {
  std::string line;
  JsonWriter fields(line);
  fields("ev", std::string_view("shown"))("kind", base::Kinds<Shown>::name(shown));
  std::visit([&](const auto& kind) { kind.describe(kind, fields); }, shown);
  fields.close();
  out_(line);
}

}  // namespace tillrig::till
