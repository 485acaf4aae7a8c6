#include "sim/world/virtual_till.hpp"

#include "sim/kernel/spawn.hpp"

namespace tillrig::world {
namespace {

constexpr std::uint16_t kWanPort = 8080;
constexpr std::uint16_t kPrinterPort = 9100;
constexpr std::uint16_t kScannerPort = 4001;

disk::Profile profile_of(const Setup& setup) {
  disk::Profile profile;
  profile.latency.write = setup.disk_write;
  profile.latency.sync = setup.disk_sync;
  return profile;
}

}  // namespace

// What the till shows, until its process is cut off.
class TillProcess::MutedScreen final : public till::Screen {
 public:
  MutedScreen(Recording& recording, std::string till)
      : recording_(recording), till_(std::move(till)) {}

  void mute() { muted_ = true; }
  void show(const till::Shown& shown) override {
    if (!muted_) recording_.shown(till_, shown);
  }

 private:
  Recording& recording_;
  std::string till_;
  bool muted_ = false;
};

TillProcess::TillProcess(VirtualWorld& world, const std::string& till, unsigned run,
                         disk::Volume& volume, till::Config config, Recording& recording)
    : world_(world),
      ports_(world, till, fmt::format("{}#{}", till, run), recording),
      disk_(volume),
      screen_(std::make_unique<MutedScreen>(recording, till)) {
  disk_.on_boundary([this](const disk::Boundary&) {
    if (before_port_call) before_port_call();
  });
  ports_.network().on_boundary([this](std::string_view, std::size_t) {
    if (before_port_call) before_port_call();
  });
  till_ = std::make_unique<till::Till>(ports_.ports(disk_), std::move(config), *screen_);
}

TillProcess::~TillProcess() {
  cut_off();
  ports_.close_lane();  // unwinds its coroutines while what they refer to still stands
  till_.reset();
}

void TillProcess::cut_off() {
  if (cut_off_) return;
  cut_off_ = true;
  disk_.cut_off();
  ports_.cut_off();
  screen_->mute();
  for (const std::weak_ptr<Call>& weak : calls_) {
    if (const auto call = weak.lock()) {
      call->finish(base::fail(base::Code::closed, "the till died before it answered"));
    }
  }
  calls_.clear();
}

std::shared_ptr<Call> TillProcess::keep(std::shared_ptr<Call> call) {
  std::erase_if(calls_, [](const std::weak_ptr<Call>& weak) { return weak.expired(); });
  calls_.push_back(call);
  return call;
}

base::Awaitable<void> TillProcess::carry_start(till::Till& till, std::shared_ptr<Call> call) {
  auto started = co_await till.start();
  if (started) {
    call->finish(till::Answer());
  } else {
    call->finish(base::Failure(started.error()));
  }
}

base::Awaitable<void> TillProcess::carry(till::Till& till, till::Command command,
                                         std::shared_ptr<Call> call) {
  auto answer = co_await till.handle(std::move(command));
  call->finish(std::move(answer));
}

void TillProcess::begin(std::shared_ptr<Call> call) {
  auto work = carry_start(*till_, keep(std::move(call)));
  kernel::spawn(world_.kernel, ports_.lane(), std::move(work));
}

void TillProcess::command(till::Command command, std::shared_ptr<Call> call) {
  auto work = carry(*till_, std::move(command), keep(std::move(call)));
  kernel::spawn(world_.kernel, ports_.lane(), std::move(work));
}

VirtualTill::VirtualTill(VirtualWorld& world, std::string name, const Setup& setup,
                         Recording& recording)
    : world_(world),
      name_(std::move(name)),
      setup_(setup),
      recording_(recording),
      volume_(name_, profile_of(setup)),
      link_(world.add_line(name_, {setup.wan_latency, setup.wan_bytes_per_second})),
      line_ports_(world, VirtualWorld::line_host(name_), name_ + ".wan", recording),
      device_ports_(world, name_ + ".devices", name_ + ".devices", recording),
      relay_ports_(line_ports_.ports()) {}

VirtualTill::~VirtualTill() {
  process_.reset();
  device_ports_.close_lane();
  line_ports_.close_lane();
  relay_.reset();
}

base::Result<void> VirtualTill::open() {
  net::Relay::Settings line;
  line.listen_at = {VirtualWorld::line_host(name_), kWanPort, false};
  line.upstream = {"cloud", kWanPort, false};
  relay_ = std::make_unique<net::Relay>(relay_ports_, line, link_, recording_);
  if (auto started = relay_->start(); !started) return started;

  const ports::Endpoint reader{name_ + ".devices", kScannerPort, false};
  scanner_ = std::make_unique<ScannerPost>(device_ports_.ports(), reader);
  if (auto opened = scanner_->open(); !opened) return base::Failure(opened.error());
  kernel::spawn(world_.kernel, device_ports_.lane(), scanner_->serve());

  const ports::Endpoint paper{name_ + ".devices", kPrinterPort, false};
  printer_ = std::make_unique<PrinterPost>(device_ports_.ports(), paper, name_, recording_);
  if (auto opened = printer_->open(); !opened) return base::Failure(opened.error());
  kernel::spawn(world_.kernel, device_ports_.lane(), printer_->serve());
  return {};
}

TillProcess& VirtualTill::start_process() {
  till::Config config;
  config.name = name_;
  config.currency = setup_.shop.currency;
  config.day = setup_.day;
  config.catalogue = setup_.shop.catalogue;
  config.shop = setup_.shop.text;
  config.cloud.endpoint = {VirtualWorld::line_host(name_), kWanPort, false};
  config.scanner = {name_ + ".devices", kScannerPort, false};
  config.printer = {name_ + ".devices", kPrinterPort, false};
  config.mutants = setup_.mutants;
  process_ =
      std::make_unique<TillProcess>(world_, name_, ++runs_, volume_, std::move(config), recording_);
  process_->before_port_call = [this] {
    if (calls_.met() && die) die();
  };
  return *process_;
}

std::unique_ptr<TillProcess> VirtualTill::kill_process() {
  if (process_) process_->cut_off();
  return std::move(process_);
}

}  // namespace tillrig::world
