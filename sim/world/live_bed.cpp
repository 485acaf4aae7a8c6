#include "sim/world/live_bed.hpp"

#include "pos/base/http.hpp"
#include "pos/base/json.hpp"
#include "pos/base/spawn.hpp"
#include "sim/world/looks.hpp"
#include "sim/world/no_disk.hpp"

#include <filesystem>

namespace tillrig::world {
namespace {

using base::Code;
using base::fail;
using base::Instant;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kLongestPass = 3s;
constexpr base::Duration kAuditWithin = 10s;

// Asks the cloud at its own door, not through a till's line.
base::Awaitable<base::Result<base::Bytes>> fetch(const ports::Ports& ports, std::uint16_t port,
                                                 std::string target) {
  const Instant deadline = ports.clock.now() + kAuditWithin;
  const ports::Endpoint door{"127.0.0.1", port, false};
  auto channel = co_await ports.network.connect(door, deadline);
  if (!channel) co_return base::Failure(channel.error());
  base::HttpRequest request;
  request.target = std::move(target);
  request.keep_alive = false;
  base::Bytes bytes = base::write_http(request);
  auto written = co_await (*channel)->write(std::move(bytes), deadline);
  if (!written) co_return base::Failure(written.error());
  constexpr std::size_t kLimit = 64 * 1024 * 1024;
  base::HttpReader<base::HttpResponse> reader(kLimit);
  for (;;) {
    auto more = co_await (*channel)->read(kLimit, deadline);
    if (!more) co_return base::Failure(more.error());
    auto fed = more->empty() ? reader.finish() : reader.feed(*more);
    if (!fed) co_return base::Failure(fed.error());
    if (auto response = reader.next()) co_return std::move(response->body);
    if (more->empty()) co_return fail(Code::closed, "the cloud hung up");
  }
}

// Reads what the cloud says and forgets it, so that its pipe never fills; the marks of the cloud
// are the virtual bed's to record.
base::Awaitable<void> drain(std::shared_ptr<ChildProcess> process) {
  for (;;) {
    auto line = co_await process->read_line();
    if (!line) co_return;
  }
}

}  // namespace

LiveBed::LiveBed(Setup setup, LivePlace place, trace::Writer* timeline)
    : setup_(std::move(setup)),
      place_(std::move(place)),
      io_(1),
      timer_(io_.get_executor()),
      network_(io_.get_executor()),
      recording_(clock_, timeline, clock_.now()),
      recorder_(recording_.recorder_for("player")),
      player_{io_.get_executor(),
              clock_,
              timer_,
              entropy_,
              network_,
              NoDisk::instance(),
              *recorder_,
              [this] { return host::make_alarm(io_.get_executor()); }} {
  oracle::Tapes& tapes = recording_.tapes();
  tapes.scenario = setup_.scenario;
  tapes.seed = setup_.seed;
  tapes.currency = setup_.shop.currency;
  if (const auto currency = base::find_currency(setup_.shop.currency)) {
    tapes.exponent = currency->exponent;
  }
}

LiveBed::~LiveBed() {
  recording_.silence();
}

base::Result<void> LiveBed::run(base::Awaitable<void> player, base::Duration limit) {
  bool done = false;
  auto watched = [](base::Awaitable<void> work, boost::asio::io_context* io,
                    bool* finished) -> base::Awaitable<void> {
    co_await std::move(work);
    *finished = true;
    io->stop();
  };
  auto work = watched(std::move(player), &io_, &done);
  base::spawn(io_.get_executor(), std::move(work));
  io_.run_for(limit);
  if (!done) return fail(Code::timeout, "the run was not over after its limit of real time");
  return {};
}

Awaitable<void> LiveBed::pass(base::Duration time) {
  const Instant then = clock_.now() + std::min<base::Duration>(time, kLongestPass);
  co_await timer_.sleep_until(then);
}

Awaitable<Result<void>> LiveBed::open() {
  auto cloud = co_await start_cloud();
  if (!cloud) co_return cloud;
  for (const std::string& name : setup_.tills) {
    tills_.push_back(std::make_unique<LiveTill>(player_, name, recording_));
    if (auto opened = tills_.back()->open(cloud_port_); !opened) co_return opened;
  }
  co_return Result<void>{};
}

Awaitable<void> LiveBed::close() {
  for (auto& till : tills_) till->stop();
  if (cloud_) cloud_->terminate();
  cloud_.reset();
  co_return;
}

LiveTill* LiveBed::find(const std::string& name) const {
  for (const auto& till : tills_) {
    if (till->name() == name) return till.get();
  }
  return nullptr;
}

bool LiveBed::running(const std::string& name) const {
  const LiveTill* till = find(name);
  return till != nullptr && till->running();
}

Awaitable<Result<void>> LiveBed::start_cloud() {
  if (cloud_) co_return fail(Code::exists, "the cloud runs already");
  const std::string data = place_.folder + "/cloud";
  std::filesystem::create_directories(data);
  std::vector<std::string> argv = {
      place_.program, "oms", "--listen", fmt::format("127.0.0.1:{}", cloud_port_), "--data", data};
  for (const std::string& sku : setup_.poison_skus) argv.insert(argv.end(), {"--reject-sku", sku});
  for (const std::string& mutant : setup_.mutants.names()) {
    argv.insert(argv.end(), {"--mutant", mutant});
  }
  auto started = ChildProcess::start(io_.get_executor(), argv);
  if (!started) co_return base::Failure(started.error());
  cloud_ = std::move(*started);
  for (;;) {
    auto line = co_await cloud_->read_line();
    if (!line) co_return fail(Code::closed, "the cloud's process ended before it listened");
    const auto value = base::parse_json(*line);
    if (!value || !value->is_object() || !value->as_object().contains("port")) continue;
    const auto port = base::get_int(value->as_object(), "port", 1, 65535);
    if (!port) co_return base::Failure(port.error());
    cloud_port_ = static_cast<std::uint16_t>(*port);
    auto draining = drain(cloud_);
    base::spawn(io_.get_executor(), std::move(draining));
    co_return Result<void>{};
  }
}

Result<void> LiveBed::kill_cloud() {
  if (!cloud_) return fail(Code::not_found, "the cloud does not run");
  recording_.act(oracle::ActEntry::Kind::kill, "cloud.kill", "");
  cloud_->kill();
  cloud_.reset();
  return {};
}

Awaitable<Result<void>> LiveBed::start(std::string name) {
  LiveTill* till = find(name);
  if (till == nullptr) co_return fail(Code::not_found, "there is no till {}", name);
  recording_.act(oracle::ActEntry::Kind::start, "till", name);
  const std::string data = place_.folder + "/" + name;
  std::filesystem::create_directories(data);
  std::vector<std::string> argv = {place_.program, "till",     "--name",    name,
                                   "--data",       data,       "--fixture", place_.fixture,
                                   "--day",        setup_.day, "--pace",    "10"};
  for (const std::string& mutant : setup_.mutants.names()) {
    argv.insert(argv.end(), {"--mutant", mutant});
  }
  co_return co_await till->start(std::move(argv));
}

Result<void> LiveBed::kill(const std::string& name) {
  LiveTill* till = find(name);
  if (till == nullptr || !till->running()) return fail(Code::not_found, "{} does not run", name);
  recording_.act(oracle::ActEntry::Kind::kill, "till.kill", name);
  till->kill();
  return {};
}

Result<void> LiveBed::power_cut(const std::string& name, const PowerCut& /*cut*/) {
  return fail(Code::not_allowed, "this machine cannot cut the power of {} alone", name);
}

Awaitable<Result<till::Answer>> LiveBed::command(std::string name, till::Command command) {
  LiveTill* till = find(name);
  if (till == nullptr) co_return fail(Code::not_found, "there is no till {}", name);
  const till::Command::Verb verb = command.verb;
  if (verb == till::Command::Verb::press) recording_.pressed(name, command.text, command.button);
  auto answer = co_await till->ask(std::move(command));
  if (verb == till::Command::Verb::close && answer) {
    recording_.act(oracle::ActEntry::Kind::stop, "till", name);
    till->stop();
  }
  co_return answer;
}

std::vector<words::Target*> LiveBed::targets_of(words::Domain domain, const std::string& name) {
  std::vector<words::Target*> targets;
  for (const auto& till : tills_) {
    if (name != "*" && till->name() != name) continue;
    if (domain == words::Domain::wan) targets.push_back(&till->link());
    if (domain == words::Domain::printer) targets.push_back(&till->printer());
    if (domain == words::Domain::scanner) targets.push_back(&till->scanner());
  }
  return targets;
}

ScannerPost* LiveBed::scanner_of(const std::string& name) {
  LiveTill* till = find(name);
  return till != nullptr ? &till->scanner() : nullptr;
}

Awaitable<Result<void>> LiveBed::look_at_cloud() {
  oracle::CloudLook look;
  std::uint64_t after = 0;
  for (;;) {
    std::string target = fmt::format("/v1/audit/events?after={}&limit=1000", after);
    auto body = co_await fetch(player_, cloud_port_, std::move(target));
    if (!body) co_return base::Failure(body.error());
    auto page = read_audit(*body);
    if (!page) co_return base::Failure(page.error());
    if (page->rows.empty()) break;
    after = page->next;
    look.rows.insert(look.rows.end(), page->rows.begin(), page->rows.end());
  }
  look.at = recording_.now();
  recording_.tapes().cloud.push_back(std::move(look));
  co_return Result<void>{};
}

Awaitable<Result<void>> LiveBed::look() {
  auto looked = co_await look_at_cloud();
  if (!looked) co_return looked;
  for (const auto& till : tills_) {
    if (!till->running()) continue;
    till::Command ask;
    ask.verb = till::Command::Verb::sales;
    auto sales = co_await till->ask(ask);
    ask.verb = till::Command::Verb::state;
    auto state = co_await till->ask(ask);
    if (!sales || !state) continue;
    recording_.tapes().registers.push_back(
        register_look(recording_.now(), till->name(), *sales, *state));
  }
  co_return Result<void>{};
}

std::uint64_t LiveBed::port_calls(const std::string& /*till*/) const {
  return 0;
}

Result<void> LiveBed::kill_at_port_call(const std::string& name, std::uint64_t n) {
  if (n == 0) return {};
  return fail(Code::not_allowed, "the calls of {}, a process of its own, cannot be counted", name);
}

}  // namespace tillrig::world
