#include "sim/world/virtual_bed.hpp"

#include "pos/base/assert.hpp"
#include "sim/disk/sqlite_randomness.hpp"
#include "sim/disk/volume_disk.hpp"
#include "sim/kernel/spawn.hpp"
#include "sim/world/cloud_backup.hpp"
#include "sim/world/no_disk.hpp"
#include "sim/world/replay.hpp"
#include "sim/world/till_shop.hpp"

namespace tillrig::world {

using base::Code;
using base::fail;
using base::Instant;

namespace virtual_bed {
namespace {

const ports::Endpoint kCloudDoor{"cloud", 8080, false};

// What an assertion that breaks on this thread says of the run that it broke in.
thread_local const VirtualBed* t_running = nullptr;
thread_local const kernel::Kernel* t_kernel = nullptr;

void describe_run(char* text, std::size_t size) {
  if (t_running == nullptr || size == 0) return;
  const std::string said =
      fmt::format("{}, seed {}, at {} ns of virtual time", t_running->setup().scenario,
                  t_running->setup().seed, t_kernel->now().ns);
  said.copy(text, size - 1);
  text[std::min(said.size(), size - 1)] = '\0';
}

}  // namespace
}  // namespace virtual_bed

// One run of the cloud's process.
struct VirtualBed::CloudProcess {
  CloudProcess(VirtualWorld& world, unsigned run, disk::Volume& volume, Recording& recording)
      : ports(world, "cloud", fmt::format("cloud#{}", run), recording), disk(volume) {}
  ~CloudProcess() {
    cut_off();
    ports.close_lane();
    cloud.reset();
  }

  void cut_off() {
    disk.cut_off();
    ports.cut_off();
  }

  VirtualPorts ports;
  disk::VolumeDisk disk;
  std::unique_ptr<oms::Cloud> cloud;
};

VirtualBed::VirtualBed(Setup setup, trace::Writer* timeline)
    : Bed(std::move(setup), player_clock_, player_, timeline),
      world_(this->setup().seed, base::WallTime{this->setup().wall_open_ms}),
      player_clock_(world_.kernel, world_.start),
      player_timer_(world_.kernel, world_.player),
      player_entropy_(this->setup().seed, "player"),
      player_recorder_(recording().recorder_for("player")),
      player_network_(std::make_unique<net::HostNetwork>(world_.network, "player", world_.player)),
      player_{kernel::make_executor(world_.kernel, world_.player),
              player_clock_,
              player_timer_,
              player_entropy_,
              *player_network_,
              NoDisk::instance(),
              *player_recorder_,
              [this] { return kernel::make_alarm(world_.kernel, world_.player); }},
      provision_(this->setup().seed),
      past_(this->setup()),
      cloud_volume_("cloud", disk::Profile{}),
      cloud_remains_(world_) {
  disk::reset_sqlite_randomness();
  recording().take_causes_from(world_.kernel);
  recording().tapes().wan_bytes_per_second = this->setup().wan_bytes_per_second;
  recording().tapes().wan_latency = this->setup().wan_latency;
  recording().tapes().past = SoldBefore::events_of_each(this->setup());
  recording().tapes().wall_open_ms = this->setup().wall_open_ms;
  recording().tapes().day_turns_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(this->setup().day_turns).count();
}

VirtualBed::~VirtualBed() {
  recording().marks().silence();
  world_.kernel.close_lane(world_.player);
  cloud_remains_.clear();
  clear_seats();
  cloud_.reset();
}

Result<void> VirtualBed::run(Awaitable<void> player, base::Duration most) {
  const Instant limit = Instant{0} + most;
  bool done = false;
  auto watched = [](Awaitable<void> work, VirtualBed* bed, bool* finished) -> Awaitable<void> {
    co_await std::move(work);
    *finished = true;
    bed->world_.kernel.stop();
  };
  auto work = watched(std::move(player), this, &done);
  kernel::spawn(world_.kernel, world_.player, std::move(work));
  virtual_bed::t_running = this;
  virtual_bed::t_kernel = &world_.kernel;
  base::set_assert_context(virtual_bed::describe_run);
  auto ran = world_.kernel.run(limit);
  base::set_assert_context(nullptr);
  virtual_bed::t_running = nullptr;
  if (!ran || done) return ran;
  if (world_.kernel.now() < limit) {
    return fail(Code::internal, "nothing was left to happen and the scenario still waited");
  }
  return fail(Code::timeout, "the run was not over within its limit of virtual time");
}

std::uint64_t VirtualBed::digest() {
  return Bed::digest() ^ (world_.kernel.digest() * 0x9e3779b97f4a7c15ULL);
}

Awaitable<void> VirtualBed::pass(base::Duration time) {
  const Instant then = world_.kernel.now() + time;
  co_await player_timer_.sleep_until(then);
}

Awaitable<Result<void>> VirtualBed::open() {
  if (auto written = past_.write(cloud_volume_, provision_); !written) co_return written;
  auto cloud = co_await start_cloud();
  if (!cloud) co_return cloud;
  auto beginning = look_at_past();
  if (auto looked = co_await std::move(beginning); !looked) co_return looked;
  auto furnished = std::make_shared<till::Config>();
  furnished->day_turns = setup().day_turns;
  furnished->mutants = setup().mutants;
  if (auto done = furnish(*furnished, setup().shop); !done) co_return done;
  for (const std::string& name : setup().tills) {
    auto till =
        std::make_unique<VirtualSeat>(world_, player_, name, setup(), furnished, recording());
    till->provision(provision_.secret_of(name));
    past_.put_on(*till->volume(), name);
    if (auto opened = till->open(); !opened) co_return opened;
    till->on_last_call([this, name] { static_cast<void>(kill(name)); });
    PortCalls* const calls = till->port_calls();
    recording().marks().listen(
        [calls, name](std::string_view mark, std::uint64_t, const std::string& at) {
          if (mark == "outbox.settled" && at == name) calls->end();
        });
    seat(std::move(till));
  }
  co_return Result<void>{};
}

Awaitable<void> VirtualBed::close() {
  co_await retire_all();
  if (!cloud_) co_return;
  Replay replay(player_, virtual_bed::kCloudDoor, provision_, recording());
  co_await replay.run();
}

void VirtualBed::crash(const std::string& till) {
  if (auto* const seat = static_cast<VirtualSeat*>(find(till))) seat->crash();
}

Result<void> VirtualBed::kill_cloud() {
  if (!cloud_) return fail(Code::not_found, "the cloud does not run");
  recording().act(oracle::ActEntry::Kind::kill, "cloud.kill", "");
  cloud_->cut_off();
  cloud_remains_.take(std::move(cloud_));
  return {};
}

Awaitable<void> VirtualBed::let_cloud_end() {
  while (!cloud_remains_.empty()) {
    const Instant soon = world_.kernel.now() + std::chrono::milliseconds(1);
    co_await player_timer_.sleep_until(soon);
  }
}

Result<void> VirtualBed::save_cloud() {
  if (!cloud_) return fail(Code::not_found, "the cloud does not run");
  auto saved = copy_files(cloud_volume_);
  if (!saved) return base::Failure(saved.error());
  saved_ = *std::move(saved);
  return {};
}

Awaitable<Result<void>> VirtualBed::swap_cloud(std::string other) {
  if (saved_.empty()) co_return fail(Code::not_found, "the cloud was never saved");
  if (auto killed = kill_cloud(); !killed) co_return killed;
  co_await let_cloud_end();
  recording().act(oracle::ActEntry::Kind::kill, "cloud.put_back", "");
  {
    disk::VolumeDisk disk(cloud_volume_);
    auto done = write_files(disk, cloud_volume_, saved_);
    if (done && !other.empty()) done = alter_event(disk, other);
    if (!done) co_return done;
  }
  if (!other.empty()) recording().tapes().altered.push_back(other);
  put_back_ = true;
  auto starting = start_cloud();
  co_return co_await std::move(starting);
}

Awaitable<Result<void>> VirtualBed::start_cloud() {
  if (cloud_) co_return fail(Code::exists, "the cloud runs already");
  co_await let_cloud_end();
  cloud_ = std::make_unique<CloudProcess>(world_, ++cloud_runs_, cloud_volume_, recording());
  oms::Config config;
  config.listen = virtual_bed::kCloudDoor;
  config.mutants = setup().mutants;
  config.put_back = std::exchange(put_back_, false);
  config.uploads_per_second = setup().uploads_per_second;
  config.rules.reject_skus.insert(setup().poison_skus.begin(), setup().poison_skus.end());
  auto secrets = oms::Secrets::read(provision_.file(setup().tills), "secrets");
  if (!secrets) co_return base::Failure(secrets.error());
  config.secrets = *std::move(secrets);
  const ports::Ports cloud_ports = cloud_->ports.ports(cloud_->disk);
  auto started = oms::Cloud::start(cloud_ports, config);
  if (!started) co_return base::Failure(started.error());
  cloud_->cloud = std::move(*started);
  const oracle::PastLook& seen = recording().tapes().past_begin;
  cloud_is_at(virtual_bed::kCloudDoor, provision_, seen.held == 0 ? past_.in_cloud() : seen);
  co_return Result<void>{};
}

}  // namespace tillrig::world
