#include "sim/world/live_bed.hpp"

#include "pos/base/json.hpp"
#include "pos/base/spawn.hpp"
#include "sim/world/no_disk.hpp"
#include "sim/world/process_seat.hpp"

#include <filesystem>
#include <fstream>

namespace tillrig::world {

using base::Code;
using base::fail;
using base::Instant;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

namespace live_bed {
namespace {

constexpr base::Duration kLongestPass = 3s;

// Reads what the cloud says and forgets it, so that its pipe never fills; the marks of the cloud
// are the virtual bed's to record.
Awaitable<void> drain(std::shared_ptr<LineProcess> process) {
  for (;;) {
    auto line = co_await LineProcess::read_line(process);
    if (!line) co_return;
  }
}

void add_mutants(const Setup& setup, std::vector<std::string>& argv) {
  for (const std::string& mutant : setup.mutants.names()) {
    argv.insert(argv.end(), {"--mutant", mutant});
  }
}

}  // namespace
}  // namespace live_bed

LiveBed::LiveBed(Setup setup, LivePlace place, trace::Writer* timeline)
    : Bed(std::move(setup), clock_, player_, timeline, host::SystemClock().now()),
      place_(std::move(place)),
      io_(1),
      timer_(io_.get_executor()),
      network_(io_.get_executor()),
      recorder_(recording().recorder_for("player")),
      player_{io_.get_executor(),
              clock_,
              timer_,
              entropy_,
              network_,
              NoDisk::instance(),
              *recorder_,
              [this] { return host::make_alarm(io_.get_executor()); }} {
  recording().tapes().real_time = true;
}

LiveBed::~LiveBed() {
  recording().marks().silence();
  if (cloud_) cloud_->kill();
  clear_seats();
}

Result<void> LiveBed::run(Awaitable<void> player, base::Duration limit) {
  bool done = false;
  auto watched = [](Awaitable<void> work, boost::asio::io_context* io,
                    bool* finished) -> Awaitable<void> {
    co_await std::move(work);
    *finished = true;
    io->stop();
  };
  auto work = watched(std::move(player), &io_, &done);
  base::spawn(io_.get_executor(), std::move(work));
  base::spawn(io_.get_executor(), heartbeat_.beat());
  io_.run_for(limit);
  if (!done) return fail(Code::timeout, "the run was not over within its limit of real time");
  return {};
}

Awaitable<void> LiveBed::pass(base::Duration time) {
  const Instant then = clock_.now() + std::min<base::Duration>(time, live_bed::kLongestPass);
  co_await timer_.sleep_until(then);
}

Result<void> LiveBed::put_secret(const std::string& name, std::string_view text) const {
  namespace fs = std::filesystem;
  const std::string path = place_.folder + "/" + name;
  std::ofstream file(path);
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  file << text;
  file.close();
  if (!file || error) return fail(Code::io, "{} could not be written", path);
  return {};
}

// Words that the seat fills in stand in braces.
std::vector<std::string> LiveBed::till_argv(const std::string& data) const {
  std::vector<std::string> argv = {place_.program,
                                   "till",
                                   "--name",
                                   "{till}",
                                   "--data",
                                   data,
                                   "--fixture",
                                   setup().shop.file,
                                   "--day",
                                   setup().day,
                                   "--pace",
                                   "10",
                                   "--cloud",
                                   "{cloud}",
                                   "--device={role}={address}",
                                   "--secret-file",
                                   place_.folder + "/{till}.secret"};
  live_bed::add_mutants(setup(), argv);
  return argv;
}

Awaitable<Result<void>> LiveBed::open() {
  auto cloud = co_await start_cloud();
  if (!cloud) co_return cloud;
  for (const std::string& name : setup().tills) {
    const std::string data = place_.folder + "/" + name;
    std::error_code error;
    std::filesystem::create_directories(data, error);
    if (error) co_return fail(Code::io, "no folder {}: {}", data, error.message());
    auto provisioned = put_secret(name + ".secret", provision_.secret_of(name) + "\n");
    if (!provisioned) co_return provisioned;
    auto till = std::make_unique<ProcessSeat>(player_, name, till_argv(data), recording(),
                                              ProcessSeat::Patience(), setup().seed);
    if (auto opened = till->open(cloud_port_, setup().shop.devices); !opened) co_return opened;
    seat(std::move(till));
  }
  co_return Result<void>{};
}

Awaitable<void> LiveBed::close() {
  co_await retire_all();
  const auto cloud = std::exchange(cloud_, nullptr);
  if (!cloud) co_return;
  auto ended = co_await LineProcess::end(cloud, player_);
  if (!ended) ended = base::within("the cloud", ended.error());
  note_end(ended);
}

Awaitable<Result<void>> LiveBed::start_cloud() {
  if (cloud_) co_return fail(Code::exists, "the cloud runs already");
  const std::string data = place_.folder + "/cloud";
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error) co_return fail(Code::io, "no folder {}: {}", data, error.message());
  auto provisioned = put_secret("cloud.secrets", provision_.file(setup().tills));
  if (!provisioned) co_return provisioned;
  std::vector<std::string> argv = {
      place_.program, "oms", "--listen",  fmt::format("127.0.0.1:{}", cloud_port_),
      "--data",       data,  "--secrets", place_.folder + "/cloud.secrets"};
  for (const std::string& sku : setup().poison_skus) {
    argv.insert(argv.end(), {"--reject-sku", sku});
  }
  live_bed::add_mutants(setup(), argv);
  auto started = LineProcess::start(io_.get_executor(), argv);
  if (!started) co_return base::Failure(started.error());
  cloud_ = std::move(*started);
  for (;;) {
    auto line = co_await LineProcess::read_line(cloud_);
    if (!line) co_return fail(Code::closed, "the cloud's process ended before it listened");
    const auto value = base::parse_json(*line);
    if (!value || !value->is_object() || !value->as_object().contains("port")) continue;
    const auto port = base::get_int(value->as_object(), "port", 1, 65535);
    if (!port) co_return base::Failure(port.error());
    cloud_port_ = static_cast<std::uint16_t>(*port);
    auto draining = live_bed::drain(cloud_);
    base::spawn(io_.get_executor(), std::move(draining));
    cloud_is_at({"127.0.0.1", cloud_port_, false}, provision_);
    co_return Result<void>{};
  }
}

Result<void> LiveBed::kill_cloud() {
  if (!cloud_) return fail(Code::not_found, "the cloud does not run");
  recording().act(oracle::ActEntry::Kind::kill, "cloud.kill", "");
  cloud_->kill();
  cloud_.reset();
  return {};
}

}  // namespace tillrig::world
