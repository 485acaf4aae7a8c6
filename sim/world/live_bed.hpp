#pragma once

#include "pos/host/clock.hpp"
#include "pos/host/entropy.hpp"
#include "pos/host/network.hpp"
#include "sim/world/bed.hpp"
#include "sim/world/child_process.hpp"
#include "sim/world/live_till.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tillrig::world {

// Where the live bed finds and puts things.
struct LivePlace {
  std::string program;  // the tillrig executable, for `oms` and `till`
  std::string folder;   // of this run; made by the caller, holds the stores
  std::string fixture;  // file of the shop
};

// Real processes, files, sockets and time: `tillrig oms` and one `tillrig till` each, with a plain
// proxy of the rig between them, simulated devices at TCP ports, SIGKILL for a force kill. Waiting
// in which nothing happens is compressed, and the tills probe ten times as often. Power cuts and
// disk faults it cannot do.
class LiveBed final : public Bed {
 public:
  LiveBed(Setup setup, LivePlace place, trace::Writer* timeline);
  ~LiveBed() override;

  // Plays the coroutine to its end. Errors: timeout, past the limit of real time.
  base::Result<void> run(base::Awaitable<void> player, base::Duration limit);

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
  LiveTill* find(const std::string& till) const;
  Awaitable<Result<void>> look_at_cloud();

  Setup setup_;
  LivePlace place_;
  boost::asio::io_context io_;
  host::SystemClock clock_;
  host::SystemTimer timer_;
  host::SystemEntropy entropy_;
  host::TcpNetwork network_;
  Recording recording_;
  FaultBook faults_{recording_};
  std::unique_ptr<ports::Recorder> recorder_;
  ports::Ports player_;
  std::shared_ptr<ChildProcess> cloud_;
  std::uint16_t cloud_port_ = 0;
  std::vector<std::unique_ptr<LiveTill>> tills_;
};

}  // namespace tillrig::world
