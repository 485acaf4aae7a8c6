#pragma once

#include "pos/oms/cloud.hpp"
#include "sim/world/bed.hpp"
#include "sim/world/provision.hpp"
#include "sim/world/sold_before.hpp"
#include "sim/world/virtual_seat.hpp"

#include <map>
#include <memory>
#include <string>

namespace tillrig::world {

// Everything simulated, in virtual time: the bed for CI. Same setup and seed, same bytes on the
// timeline. One thread; any number of beds in a process.
class VirtualBed final : public Bed {
 public:
  VirtualBed(Setup setup, trace::Writer* timeline);
  ~VirtualBed() override;

  // Also internal when the kernel's guards trip.
  Result<void> run(Awaitable<void> player, base::Duration limit = base::Duration::max()) override;
  // Of all events too.
  [[nodiscard]] std::uint64_t digest() override;
  [[nodiscard]] kernel::Kernel& kernel() { return world_.kernel; }
  // The till's app ends by itself, as one that crashes: no act of the scenario.
  void crash(const std::string& till);

  const ports::Ports& player() override { return player_; }
  [[nodiscard]] base::Duration patience() const override { return std::chrono::minutes(10); }
  Awaitable<void> pass(base::Duration time) override;
  Awaitable<Result<void>> open() override;
  Awaitable<void> close() override;
  Result<void> kill_cloud() override;
  Awaitable<Result<void>> start_cloud() override;
  Result<void> save_cloud() override;

 private:
  words::Target* cloud_target() override { return &cloud_volume_; }
  Awaitable<Result<void>> swap_cloud(std::string other) override;
  Awaitable<void> let_cloud_end();

  struct CloudProcess;

  VirtualWorld world_;
  kernel::LaneClock player_clock_;
  kernel::LaneTimer player_timer_;
  kernel::NamedStreams player_entropy_;
  std::unique_ptr<ports::Recorder> player_recorder_;
  std::unique_ptr<net::HostNetwork> player_network_;
  ports::Ports player_;
  Provision provision_;
  SoldBefore past_;
  disk::Volume cloud_volume_;
  std::unique_ptr<CloudProcess> cloud_;
  Remains<CloudProcess> cloud_remains_;
  unsigned cloud_runs_ = 0;
  std::map<std::string, base::Bytes> saved_;  // a backup of its files
  bool put_back_ = false;                     // its next start is the first one on that
};

}  // namespace tillrig::world
