#include "sim/world/virtual_bed.hpp"

#include "pos/oms/database.hpp"
#include "sim/disk/sqlite_randomness.hpp"
#include "sim/kernel/spawn.hpp"
#include "sim/world/looks.hpp"
#include "sim/world/no_disk.hpp"

namespace tillrig::world {
namespace {

using base::Code;
using base::fail;
using base::Instant;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::uint16_t kCloudPort = 8080;
constexpr base::Duration kTurn = 5ms;  // between two looks whether the till has time again

}  // namespace

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
    : setup_(std::move(setup)),
      world_(setup_.seed, base::WallTime{setup_.wall_open_ms}),
      player_clock_(world_.kernel, world_.start),
      player_timer_(world_.kernel, world_.player),
      player_entropy_(setup_.seed, "player"),
      recording_(player_clock_, timeline),
      player_recorder_(recording_.recorder_for("player")),
      player_network_(std::make_unique<net::HostNetwork>(world_.network, "player", world_.player)),
      player_{kernel::make_executor(world_.kernel, world_.player),
              player_clock_,
              player_timer_,
              player_entropy_,
              *player_network_,
              NoDisk::instance(),
              *player_recorder_,
              [this] { return kernel::make_alarm(world_.kernel, world_.player); }},
      cloud_volume_("cloud", disk::Profile{}) {
  disk::reset_sqlite_randomness();
  recording_.take_causes_from(world_.kernel);
  oracle::Tapes& tapes = recording_.tapes();
  tapes.scenario = setup_.scenario;
  tapes.seed = setup_.seed;
  tapes.currency = setup_.shop.currency;
  if (const auto currency = base::find_currency(setup_.shop.currency)) {
    tapes.exponent = currency->exponent;
  }
  tapes.wan_bytes_per_second = setup_.wan_bytes_per_second;
}

VirtualBed::~VirtualBed() {
  recording_.silence();
  world_.kernel.close_lane(world_.player);
  remains_.clear();
  cloud_remains_.clear();
  tills_.clear();
  cloud_.reset();
}

base::Result<void> VirtualBed::run(base::Awaitable<void> player, Instant limit) {
  bool done = false;
  auto watched = [](base::Awaitable<void> work, VirtualBed* bed,
                    bool* finished) -> base::Awaitable<void> {
    co_await std::move(work);
    *finished = true;
    bed->world_.kernel.stop();
  };
  auto work = watched(std::move(player), this, &done);
  kernel::spawn(world_.kernel, world_.player, std::move(work));
  if (auto ran = world_.kernel.run(limit); !ran) return ran;
  if (!done && world_.kernel.now() < limit) {
    return fail(Code::internal, "nothing was left to happen and the scenario still waited");
  }
  return {};
}

std::uint64_t VirtualBed::digest() const {
  return recording_.digest() ^ (world_.kernel.digest() * 0x9e3779b97f4a7c15ULL);
}

Awaitable<void> VirtualBed::pass(base::Duration time) {
  const Instant then = world_.kernel.now() + time;
  co_await player_timer_.sleep_until(then);
}

Awaitable<Result<void>> VirtualBed::open() {
  auto cloud = co_await start_cloud();
  if (!cloud) co_return cloud;
  for (const std::string& name : setup_.tills) {
    auto till = std::make_unique<VirtualTill>(world_, name, setup_, recording_);
    if (auto opened = till->open(); !opened) co_return opened;
    till->die = [this, name] { static_cast<void>(kill(name)); };
    VirtualTill* const settled = till.get();
    recording_.on_mark(
        [settled, name](std::string_view mark, std::uint64_t, const std::string& at) {
          if (mark == "outbox.settled" && at == name) settled->calls().end();
        });
    tills_.push_back(std::move(till));
  }
  co_return Result<void>{};
}

Awaitable<void> VirtualBed::close() {
  for (auto& till : tills_) {
    if (till->process() != nullptr) static_cast<void>(end_process(*till));
  }
  co_return;
}

VirtualTill* VirtualBed::find(const std::string& name) const {
  for (const auto& till : tills_) {
    if (till->name() == name) return till.get();
  }
  return nullptr;
}

bool VirtualBed::running(const std::string& name) const {
  VirtualTill* till = find(name);
  return till != nullptr && till->process() != nullptr;
}

Awaitable<Result<till::Answer>> VirtualBed::wait_for(std::shared_ptr<Call> call) {
  while (!call->answer) {
    const Instant for_ever = Instant::never();
    co_await call->alarm->sleep_until(for_ever);
  }
  co_return *call->answer;
}

Awaitable<Result<void>> VirtualBed::start(std::string name) {
  VirtualTill* till = find(name);
  if (till == nullptr) co_return fail(Code::not_found, "there is no till {}", name);
  if (till->process() != nullptr) co_return fail(Code::exists, "{} runs already", name);
  recording_.act(oracle::ActEntry::Kind::start, "till", name);
  auto call = std::make_shared<Call>(kernel::make_alarm(world_.kernel, world_.player));
  till->start_process().begin(call);
  auto answer = co_await wait_for(call);
  if (answer) co_return Result<void>{};
  if (till->process() != nullptr) {  // the till's own program exits when it cannot start
    recording_.act(oracle::ActEntry::Kind::stop, "till", name);
    static_cast<void>(end_process(*till));
  }
  co_return base::Failure(answer.error());
}

// The app ends here and now; its remains are destroyed by an event of the player's lane, because
// this may be called from deep inside the app's own calls.
Result<void> VirtualBed::end_process(VirtualTill& till) {
  auto process = till.kill_process();
  if (!process) return fail(Code::not_found, "{} does not run", till.name());
  till.calls().end();
  remains_.push_back(std::move(process));
  world_.kernel.post(world_.player, [this] {
    if (!remains_.empty()) remains_.pop_front();
  });
  return {};
}

Result<void> VirtualBed::kill(const std::string& name) {
  VirtualTill* till = find(name);
  if (till == nullptr || till->process() == nullptr) {
    return fail(Code::not_found, "{} does not run", name);
  }
  recording_.act(oracle::ActEntry::Kind::kill, "till.kill", name);
  return end_process(*till);
}

Result<void> VirtualBed::power_cut(const std::string& name, const PowerCut& cut) {
  VirtualTill* till = find(name);
  if (till == nullptr) return fail(Code::not_found, "there is no till {}", name);
  recording_.act(oracle::ActEntry::Kind::power_cut, "power.cut", name);
  if (till->process() != nullptr) {
    if (auto ended = end_process(*till); !ended) return ended;
  }
  disk::Volume& volume = till->volume();
  const std::uint64_t at_stake = volume.pending().size();
  const std::uint64_t some = player_entropy_.below("power.cut", at_stake + 1);
  using Survivors = PowerCut::Survivors;
  switch (cut.survivors) {
    case Survivors::none:
      volume.power_cut(disk::Cut::lose_pending());
      break;
    case Survivors::all:
      volume.power_cut(disk::Cut::keep_all());
      break;
    case Survivors::prefix:
      volume.power_cut(disk::Cut::keep_prefix(some));
      break;
    case Survivors::torn:
      volume.power_cut(disk::Cut::torn(some, 1));
      break;
  }
  till->printer().printer().power_cut();
  till->printer().say(till->printer().printer().power_on(world_.kernel.now()));
  return {};
}

Result<void> VirtualBed::kill_cloud() {
  if (!cloud_) return fail(Code::not_found, "the cloud does not run");
  recording_.act(oracle::ActEntry::Kind::kill, "cloud.kill", "");
  cloud_->cut_off();
  cloud_remains_.push_back(std::move(cloud_));
  world_.kernel.post(world_.player, [this] {
    if (!cloud_remains_.empty()) cloud_remains_.pop_front();
  });
  return {};
}

Awaitable<Result<void>> VirtualBed::start_cloud() {
  if (cloud_) co_return fail(Code::exists, "the cloud runs already");
  while (!cloud_remains_.empty()) {
    const Instant soon = world_.kernel.now() + 1ms;
    co_await player_timer_.sleep_until(soon);
  }
  cloud_ = std::make_unique<CloudProcess>(world_, ++cloud_runs_, cloud_volume_, recording_);
  oms::Config config;
  config.listen = {"cloud", kCloudPort, false};
  config.mutants = setup_.mutants;
  config.rules.reject_skus.insert(setup_.poison_skus.begin(), setup_.poison_skus.end());
  const ports::Ports cloud_ports = cloud_->ports.ports(cloud_->disk);
  auto started = oms::Cloud::start(cloud_ports, config);
  if (!started) co_return base::Failure(started.error());
  cloud_->cloud = std::move(*started);
  co_return Result<void>{};
}

Awaitable<Result<till::Answer>> VirtualBed::command(std::string name, till::Command command) {
  VirtualTill* till = find(name);
  if (till == nullptr) co_return fail(Code::not_found, "there is no till {}", name);
  while (busy_[name]) {
    const Instant soon = world_.kernel.now() + kTurn;
    co_await player_timer_.sleep_until(soon);
  }
  TillProcess* process = till->process();
  if (process == nullptr) co_return fail(Code::closed, "{} does not run", name);
  const till::Command::Verb verb = command.verb;
  if (verb == till::Command::Verb::press) recording_.pressed(name, command.text, command.button);
  if (verb == till::Command::Verb::complete) till->calls().begin();
  busy_[name] = true;
  auto call = std::make_shared<Call>(kernel::make_alarm(world_.kernel, world_.player));
  process->command(std::move(command), call);
  auto answer = co_await wait_for(call);
  busy_[name] = false;
  if (verb == till::Command::Verb::close && answer) {
    recording_.act(oracle::ActEntry::Kind::stop, "till", name);
    static_cast<void>(end_process(*till));
  }
  co_return answer;
}

std::vector<words::Target*> VirtualBed::targets_of(words::Domain domain, const std::string& name) {
  std::vector<words::Target*> targets;
  for (const auto& till : tills_) {
    if (name != "*" && till->name() != name) continue;
    if (domain == words::Domain::wan) targets.push_back(&till->link());
    if (domain == words::Domain::disk) targets.push_back(&till->volume());
    if (domain == words::Domain::printer) targets.push_back(&till->printer());
    if (domain == words::Domain::scanner) targets.push_back(&till->scanner());
  }
  return targets;
}

ScannerPost* VirtualBed::scanner_of(const std::string& name) {
  VirtualTill* till = find(name);
  return till != nullptr ? &till->scanner() : nullptr;
}

Result<void> VirtualBed::look_at_cloud() {
  if (!cloud_ || !cloud_->cloud) return fail(Code::closed, "the cloud does not run");
  oracle::CloudLook look;
  look.at = world_.kernel.now();
  constexpr std::size_t kPage = 1000;
  std::uint64_t after = 0;
  for (;;) {
    auto rows = cloud_->cloud->database().audit(after, kPage);
    if (!rows) return base::Failure(rows.error());
    for (const oms::AuditRow& row : *rows) {
      after = row.v;
      look.rows.push_back(cloud_entry(row));
    }
    if (rows->size() < kPage) break;
  }
  recording_.tapes().cloud.push_back(std::move(look));
  return {};
}

Awaitable<Result<void>> VirtualBed::look() {
  if (auto looked = look_at_cloud(); !looked) co_return looked;
  for (const auto& till : tills_) {
    if (till->process() == nullptr) continue;
    till::Command ask;
    ask.verb = till::Command::Verb::sales;
    auto sales = co_await command(till->name(), ask);
    ask.verb = till::Command::Verb::state;
    auto state = co_await command(till->name(), ask);
    if (!sales || !state) continue;  // it died meanwhile; there is nobody to ask
    recording_.tapes().registers.push_back(
        register_look(world_.kernel.now(), till->name(), *sales, *state));
  }
  co_return Result<void>{};
}

std::uint64_t VirtualBed::port_calls(const std::string& name) const {
  VirtualTill* till = find(name);
  return till != nullptr ? till->calls().count() : 0;
}

Result<void> VirtualBed::kill_at_port_call(const std::string& name, std::uint64_t n) {
  VirtualTill* till = find(name);
  if (till == nullptr) return fail(Code::not_found, "there is no till {}", name);
  till->calls().kill_at(n);
  return {};
}

}  // namespace tillrig::world
