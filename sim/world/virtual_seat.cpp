#include "sim/world/virtual_seat.hpp"

#include "pos/till/config.hpp"
#include "sim/net/relay.hpp"
#include "sim/world/second_program.hpp"
#include "sim/world/till_process.hpp"

#include <algorithm>

namespace tillrig::world {
namespace {

constexpr std::uint16_t kWanPort = 8080;
constexpr std::uint16_t kLanPort = 7420;

disk::Profile profile_of(const Setup& setup) {
  disk::Profile profile;
  profile.latency.write = setup.disk_write;
  profile.latency.sync = setup.disk_sync;
  return profile;
}

}  // namespace

VirtualSeat::VirtualSeat(VirtualWorld& world, const ports::Ports& rig, std::string name,
                         const Setup& setup, std::shared_ptr<const till::Config> furnished,
                         Recording& recording)
    : Seat(std::move(name), rig, recording),
      world_(world),
      furnished_(std::move(furnished)),
      ledger_bytes_(setup.ledger_bytes),
      called_(this->name()),
      volume_(this->name(), profile_of(setup)),
      clock_(this->name(), world.clock),
      link_(world.add_line(this->name(), {setup.wan_latency, setup.wan_bytes_per_second})),
      line_ports_(world, VirtualWorld::line_host(this->name()), this->name() + ".wan", recording),
      device_ports_(world, this->name() + ".devices", this->name() + ".devices", recording),
      relay_ports_(line_ports_.ports()),
      remains_(world) {
  if (!setup.shop.lan.enabled) return;
  lan_ = &world.lan.add(this->name());
  shop_tills_ = setup.tills;
  const auto& wired = setup.shop.lan.wired;
  wired_ = std::find(wired.begin(), wired.end(), this->name()) != wired.end();
}

VirtualSeat::~VirtualSeat() {
  second_.reset();
  remains_.clear();
  process_.reset();
  device_ports_.close_lane();
  line_ports_.close_lane();
  relay_.reset();
}

Result<void> VirtualSeat::open() {
  net::Relay::Settings line;
  line.listen_at = {VirtualWorld::line_host(name()), kWanPort, false};
  line.upstream = {"cloud", kWanPort, false};
  relay_ = std::make_unique<net::Relay>(relay_ports_, line, link_, recording());
  if (auto started = relay_->start(); !started) return started;
  return place_devices(device_ports_.ports(), name() + ".devices", true,
                       furnished_->device_settings);
}

till::Config VirtualSeat::config() const {
  till::Config config = *furnished_;
  config.name = called_;
  config.secret = secret_;
  if (!version_.empty()) config.version = version_;
  if (ledger_bytes_ != 0) config.ledger.bytes = ledger_bytes_;
  config.cloud = {VirtualWorld::line_host(name()), kWanPort, false};
  for (const auto& post : devices()) config.devices.emplace(post->role(), post->at());
  if (lan_ == nullptr) return config;
  config.lan.listen = {name(), kLanPort, false};
  config.lan.wired = wired_;
  for (const std::string& till : shop_tills_) {
    if (till != called_ && till != name()) config.lan.peers[till] = {till, kLanPort, false};
  }
  return config;
}

Result<void> VirtualSeat::launch() {
  TillProcess::Listener listener;
  listener.said = [this](std::string_view line) { heard(line); };
  listener.ended = [this](base::Error why) {
    cut_off();
    gone(std::move(why));
  };
  listener.port_call = [this] {
    if (calls_.met() && die_) die_();
  };
  process_ = std::make_unique<TillProcess>(world_, name(), ++runs_, volume_, clock_.face(),
                                           config(), recording(), std::move(listener));
  process_->begin();
  return {};
}

Seat& VirtualSeat::front() {
  return second_ && second_->running() ? *second_ : *this;
}

Awaitable<Result<void>> VirtualSeat::start_again() {
  if (!running()) co_return base::fail(base::Code::not_found, "{} does not run", name());
  if (!second_) {
    auto make = [this](TillProcess::Listener listener) {
      return std::make_unique<TillProcess>(world_, name(), ++runs_, volume_, clock_.face(),
                                           config(), recording(), std::move(listener));
    };
    second_ = std::make_unique<SecondProgram>(*this, world_, rig(), recording(), std::move(make));
  }
  auto started = co_await second_->start();
  co_return started;
}

void VirtualSeat::cut_off() {
  process_->cut_off();
  calls_.end();
  remains_.take(std::move(process_));
}

void VirtualSeat::say(std::string line) {
  process_->hear(std::move(line));
}

void VirtualSeat::stop_program() {
  world_.kernel.freeze_lane(process_->lane());
}

void VirtualSeat::resume_program() {
  world_.kernel.thaw_lane(process_->lane());
}

void VirtualSeat::crash() {
  if (!running()) return;
  cut_off();
  gone({base::Code::closed, "the till died before it answered"});
}

Awaitable<Result<void>> VirtualSeat::retire() {
  if (second_ && second_->running()) static_cast<void>(second_->kill());
  if (running()) {
    cut_off();
    gone({base::Code::closed, "the till has closed"});
  }
  co_return Result<void>{};
}

Result<void> VirtualSeat::end_all() {
  while (front().running()) {
    if (auto ended = front().kill(); !ended) return ended;
  }
  return {};
}

Result<void> VirtualSeat::save_disk() {
  saved_ = volume_.image();
  return {};
}

Result<void> VirtualSeat::put_back_disk(bool as_files) {
  if (saved_.empty()) {
    return base::fail(base::Code::not_found, "no image of the disk of {} was saved", name());
  }
  if (auto ended = end_all(); !ended) return ended;
  volume_.put_back(saved_, as_files);
  if (!as_files) clock_.started_anew();
  return {};
}

Result<void> VirtualSeat::install(const std::string& version) {
  version_ = version;
  recording().tapes().installed.push_back({recording().now(), name(), version});
  return {};
}

Result<void> VirtualSeat::become(Seat& other) {
  auto* const original = dynamic_cast<VirtualSeat*>(&other);
  if (original == nullptr) return Seat::become(other);
  if (front().running()) return base::fail(base::Code::exists, "{} runs", name());
  volume_.put_back(original->volume_.image(), false);
  clock_.started_anew();
  called_ = original->called_;
  secret_ = original->secret_;
  return {};
}

Result<void> VirtualSeat::power_cut(const PowerCut& cut) {
  if (auto ended = end_all(); !ended) return ended;
  using Survivors = PowerCut::Survivors;
  const std::uint64_t at_stake = volume_.pending().size();
  const std::uint64_t some = rig().entropy.below("power.cut", at_stake + 1);
  switch (cut.survivors) {
    case Survivors::none:
      volume_.power_cut(disk::Cut::lose_pending());
      break;
    case Survivors::all:
      volume_.power_cut(disk::Cut::keep_all());
      break;
    case Survivors::prefix:
      volume_.power_cut(disk::Cut::keep_prefix(some));
      break;
    case Survivors::torn:
      volume_.power_cut(disk::Cut::torn(some, 1));
      break;
  }
  clock_.started_anew();
  for (const auto& post : devices()) post->power_cut();
  return {};
}

}  // namespace tillrig::world
