#include "sim/world/live_till.hpp"

#include "pos/base/json.hpp"
#include "pos/base/spawn.hpp"
#include "pos/till/control.hpp"

namespace tillrig::world {
namespace {

using base::Code;
using base::fail;
using base::Instant;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kStartWithin = 20s;
constexpr base::Duration kAnswerWithin = 30s;
constexpr base::Duration kGlance = 5ms;

ports::Endpoint any_port() {
  return {"127.0.0.1", 0, false};
}

std::string address(std::uint16_t port) {
  return fmt::format("127.0.0.1:{}", port);
}

// A note as the till's process wrote it on its output, noted again by whoever listens.
void note_again(const base::json::object& said, ports::Recorder& recorder) {
  const auto mark = base::get_text(said, "mark");
  if (!mark) return;
  const auto sale = base::get_text(said, "sale");
  std::vector<ports::Arg> args;  // their texts live in `said`
  const base::json::value* const details = said.if_contains("args");
  if (details != nullptr && details->is_object()) {
    for (const auto& [key, value] : details->get_object()) {
      if (value.is_int64()) {
        args.push_back({key, value.get_int64()});
      } else if (value.is_string()) {
        args.push_back({key, std::string_view(value.get_string())});
      }
    }
  }
  const ports::Note note{.mark = *mark, .sale = sale ? std::string_view(*sale) : ""};
  recorder.note(note, std::span<const ports::Arg>(args));
}

}  // namespace

LiveTill::LiveTill(const ports::Ports& ports, std::string name, Recording& recording)
    : ports_(ports),
      name_(std::move(name)),
      recording_(recording),
      recorder_(recording.recorder_for(name_)),
      link_(name_, ports.clock),
      scanner_(ports, any_port()),
      printer_(ports, any_port(), name_, recording) {}

LiveTill::~LiveTill() {
  kill();
}

base::Result<void> LiveTill::open(std::uint16_t cloud_port) {
  net::Relay::Settings line;
  line.listen_at = any_port();
  line.upstream = {"127.0.0.1", cloud_port, false};
  line.connect_faults = true;
  relay_ = std::make_unique<net::Relay>(ports_, line, link_, recording_);
  if (auto started = relay_->start(); !started) return started;
  const auto scanner = scanner_.open();
  if (!scanner) return base::Failure(scanner.error());
  scanner_port_ = *scanner;
  const auto printer = printer_.open();
  if (!printer) return base::Failure(printer.error());
  printer_port_ = *printer;
  auto scanning = scanner_.serve();
  base::spawn(ports_.executor, std::move(scanning));
  auto printing = printer_.serve();
  base::spawn(ports_.executor, std::move(printing));
  return {};
}

base::Awaitable<base::Result<void>> LiveTill::start(std::vector<std::string> argv) {
  if (running()) co_return fail(Code::exists, "{} runs already", name_);
  argv.insert(argv.end(), {"--cloud", address(relay_->port()), "--scanner", address(scanner_port_),
                           "--printer", address(printer_port_)});
  auto started = ChildProcess::start(ports_.executor, argv);
  if (!started) co_return base::Failure(started.error());
  process_ = std::move(*started);
  first_page_ = false;
  auto reading = read_output(this, process_);
  base::spawn(ports_.executor, std::move(reading));
  const Instant give_up = ports_.clock.now() + kStartWithin;
  while (!first_page_ && running() && ports_.clock.now() < give_up) {
    const Instant soon = ports_.clock.now() + kGlance;
    co_await ports_.timer.sleep_until(soon);
  }
  if (!first_page_) co_return fail(Code::timeout, "{} showed nothing after it was started", name_);
  co_return base::Result<void>{};
}

base::Awaitable<void> LiveTill::read_output(LiveTill* self, std::shared_ptr<ChildProcess> process) {
  for (;;) {
    auto line = co_await process->read_line();
    if (self->process_ != process) co_return;  // it was killed, and perhaps another one runs
    if (!line) break;
    self->heard(*line);
  }
  self->forget_process();
}

void LiveTill::heard(const std::string& line) {
  const auto value = base::parse_json(line);
  if (!value || !value->is_object()) return;
  const auto& object = value->as_object();
  if (object.contains("id")) {
    auto answer = till::read_answer(line);
    if (!answer) return;
    const auto at = waiting_.find(answer->id);
    if (at == waiting_.end()) return;
    at->second->answer.emplace(std::move(answer->answer));
    at->second->alarm->ring();
    return;
  }
  const auto event = base::get_text(object, "ev");
  if (event && *event == "shown") {
    const auto shown = till::read_shown(line);
    if (!shown) return;
    using Kind = till::Shown::Kind;
    first_page_ = first_page_ || shown->kind == Kind::stage || shown->kind == Kind::prompt;
    recording_.shown(name_, *shown);
  } else if (event && *event == "note") {
    note_again(object, *recorder_);
  }
}

base::Awaitable<base::Result<till::Answer>> LiveTill::ask(till::Command command) {
  if (!running()) co_return fail(Code::closed, "{} does not run", name_);
  auto waiting = std::make_shared<Waiting>();
  waiting->alarm = ports_.make_alarm();
  till::ControlRequest request;
  request.id = ++last_id_;
  request.command = std::move(command);
  waiting_.emplace(request.id, waiting);
  process_->write_line(till::write_request(request));
  const Instant give_up = ports_.clock.now() + kAnswerWithin;
  while (!waiting->answer && ports_.clock.now() < give_up) {
    co_await waiting->alarm->sleep_until(give_up);
  }
  waiting_.erase(request.id);
  if (!waiting->answer) co_return fail(Code::closed, "{} did not answer in time", name_);
  co_return *waiting->answer;
}

void LiveTill::kill() {
  if (!process_) return;
  process_->kill();
  forget_process();
}

void LiveTill::stop() {
  if (!process_) return;
  process_->terminate();
  forget_process();
}

void LiveTill::forget_process() {
  process_.reset();
  for (auto& [id, waiting] : waiting_) {
    if (waiting->answer) continue;
    waiting->answer.emplace(fail(Code::closed, "the till died before it answered"));
    waiting->alarm->ring();
  }
}

}  // namespace tillrig::world
