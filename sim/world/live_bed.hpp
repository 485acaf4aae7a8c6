#pragma once

#include "pos/host/clock.hpp"
#include "pos/host/entropy.hpp"
#include "pos/host/network.hpp"
#include "sim/world/bed.hpp"
#include "sim/world/heartbeat.hpp"
#include "sim/world/line_process.hpp"
#include "sim/world/provision.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace tillrig::world {

// Where the live bed finds and puts things.
struct LivePlace {
  std::string program;  // the tillrig executable, for `oms` and `till`
  std::string folder;   // of this run; made by the caller, holds the stores
};

// Real processes, files, sockets and time: `tillrig oms` and one `tillrig till` each, with a plain
// proxy of the rig between them, simulated devices at TCP ports, SIGKILL for a force kill. Waiting
// in which nothing happens is compressed, and the tills probe ten times as often. Power cuts and
// disk faults it cannot do.
class LiveBed final : public Bed {
 public:
  LiveBed(Setup setup, LivePlace place, trace::Writer* timeline);
  ~LiveBed() override;

  Result<void> run(Awaitable<void> player, base::Duration limit) override;
  const ports::Ports& player() override { return player_; }
  [[nodiscard]] base::Duration patience() const override { return std::chrono::minutes(1); }
  [[nodiscard]] base::Duration late() const override { return heartbeat_.latest(); }
  Awaitable<void> pass(base::Duration time) override;
  Awaitable<Result<void>> open() override;
  Awaitable<void> close() override;
  Result<void> kill_cloud() override;
  Awaitable<Result<void>> start_cloud() override;

 private:
  // Puts a secret where only who runs this may read it. Errors: io.
  [[nodiscard]] Result<void> put_secret(const std::string& name, std::string_view text) const;
  [[nodiscard]] std::vector<std::string> till_argv(const std::string& data) const;

  LivePlace place_;
  boost::asio::io_context io_;
  host::SystemClock clock_;
  host::SystemTimer timer_;
  host::SystemEntropy entropy_;
  host::TcpNetwork network_;
  std::unique_ptr<ports::Recorder> recorder_;
  ports::Ports player_;
  Heartbeat heartbeat_{player_};
  Provision provision_{entropy_.draw("live.provision")};
  std::shared_ptr<LineProcess> cloud_;
  std::uint16_t cloud_port_ = 0;
};

}  // namespace tillrig::world
