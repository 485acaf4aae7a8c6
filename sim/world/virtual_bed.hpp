#pragma once

#include "pos/oms/cloud.hpp"
#include "sim/world/bed.hpp"
#include "sim/world/virtual_till.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tillrig::world {

// Everything simulated, in virtual time: the bed for CI. Same setup and seed, same bytes on the
// timeline. One thread; any number of beds in a process.
class VirtualBed final : public Bed {
 public:
  VirtualBed(Setup setup, trace::Writer* timeline);
  ~VirtualBed() override;

  // Plays the coroutine to its end, or until virtual time passes `limit`. Errors: internal, when
  // the kernel's guards trip, or when nothing was left to happen and the player still waited.
  base::Result<void> run(base::Awaitable<void> player,
                         base::Instant limit = base::Instant::never());

  // Over all events and everything recorded.
  [[nodiscard]] std::uint64_t digest() const;
  [[nodiscard]] kernel::Kernel& kernel() { return world_.kernel; }

  const ports::Ports& player() override { return player_; }
  Recording& recording() override { return recording_; }
  [[nodiscard]] const Setup& setup() const override { return setup_; }
  Awaitable<void> pass(base::Duration time) override;
  Awaitable<Result<void>> open() override;
  Awaitable<void> close() override;
  Awaitable<Result<void>> start(std::string till) override;
  Result<void> kill(const std::string& till) override;
  Result<void> power_cut(const std::string& till, const PowerCut& cut) override;
  [[nodiscard]] bool running(const std::string& till) const override;
  Result<void> kill_cloud() override;
  Awaitable<Result<void>> start_cloud() override;
  Awaitable<Result<till::Answer>> command(std::string till, till::Command command) override;
  FaultBook& faults() override { return faults_; }
  Awaitable<Result<void>> look() override;
  [[nodiscard]] std::uint64_t port_calls(const std::string& till) const override;
  Result<void> kill_at_port_call(const std::string& till, std::uint64_t n) override;

 private:
  std::vector<words::Target*> targets_of(words::Domain domain, const std::string& till) override;
  ScannerPost* scanner_of(const std::string& till) override;
  struct CloudProcess;

  VirtualTill* find(const std::string& till) const;
  Result<void> end_process(VirtualTill& till);
  Awaitable<Result<till::Answer>> wait_for(std::shared_ptr<Call> call);
  Result<void> look_at_cloud();

  Setup setup_;
  VirtualWorld world_;
  kernel::LaneClock player_clock_;
  kernel::LaneTimer player_timer_;
  kernel::NamedStreams player_entropy_;
  Recording recording_;
  FaultBook faults_{recording_};
  std::unique_ptr<ports::Recorder> player_recorder_;
  std::unique_ptr<net::HostNetwork> player_network_;
  ports::Ports player_;
  disk::Volume cloud_volume_;
  std::unique_ptr<CloudProcess> cloud_;
  std::vector<std::unique_ptr<VirtualTill>> tills_;
  std::deque<std::unique_ptr<TillProcess>> remains_;
  std::deque<std::unique_ptr<CloudProcess>> cloud_remains_;
  std::map<std::string, bool> busy_;
  unsigned cloud_runs_ = 0;
};

}  // namespace tillrig::world
