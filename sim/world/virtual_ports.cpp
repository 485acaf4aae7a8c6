#include "sim/world/virtual_ports.hpp"

#include "sim/world/no_disk.hpp"

namespace tillrig::world {

VirtualWorld::VirtualWorld(std::uint64_t seed_, base::WallTime start_)
    : seed(seed_),
      start(start_),
      player(kernel.open_lane("player")),
      clock(kernel, start_),
      lan(clock, seed_),
      network(kernel, [this](const std::string& from, const std::string& to) -> net::Link* {
        const auto at = lines.find(to);
        return at == lines.end() ? lan.between(from, to) : at->second.get();
      }) {}

net::Link& VirtualWorld::add_line(const std::string& till, net::Conditions conditions) {
  auto& line = lines[line_host(till)];
  line = std::make_unique<net::Link>(till, clock, conditions, seed);
  return *line;
}

// A lane's recorder, until the lane is cut off.
class VirtualPorts::MutedRecorder final : public ports::Recorder {
 public:
  explicit MutedRecorder(std::unique_ptr<ports::Recorder> under) : under_(std::move(under)) {}

  void mute() { muted_ = true; }

  using ports::Recorder::note;
  std::uint64_t note(const ports::Note& note, std::span<const ports::Arg> args) override {
    return muted_ ? 0 : under_->note(note, args);
  }

 private:
  std::unique_ptr<ports::Recorder> under_;
  bool muted_ = false;
};

VirtualPorts::VirtualPorts(VirtualWorld& world, const std::string& host, const std::string& scope,
                           Recording& recording, ports::Clock* clock)
    : world_(world),
      lane_(world.kernel.open_lane(host)),
      clock_(clock != nullptr ? *clock : world.clock),
      timer_(world.kernel, lane_),
      entropy_(world.seed, scope),
      network_(std::make_unique<net::HostNetwork>(world.network, host, lane_)),
      recorder_(std::make_unique<MutedRecorder>(recording.recorder_for(host))) {}

VirtualPorts::~VirtualPorts() {
  close_lane();
}

ports::Ports VirtualPorts::ports(ports::Disk& disk) {
  kernel::Kernel& kernel = world_.kernel;
  const kernel::Lane lane = lane_;
  return ports::Ports{kernel::make_executor(kernel, lane),
                      clock_,
                      timer_,
                      entropy_,
                      *network_,
                      disk,
                      *recorder_,
                      [&kernel, lane] { return kernel::make_alarm(kernel, lane); }};
}

ports::Ports VirtualPorts::ports() {
  return ports(NoDisk::instance());
}

void VirtualPorts::cut_off() {
  recorder_->mute();
  network_->cut_off();
}

void VirtualPorts::close_lane() {
  if (closed_) return;
  closed_ = true;
  network_->die();
  world_.kernel.close_lane(lane_);
}

}  // namespace tillrig::world
