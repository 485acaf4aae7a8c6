#pragma once

#include "sim/net/relay.hpp"
#include "sim/world/line_process.hpp"
#include "sim/world/seat.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tillrig::world {

// A till that is a real process: ours, or any program that speaks the control line on its standard
// input and output. Its line goes through our proxy, its devices stand at our ports.
class ProcessSeat final : public Seat {
 public:
  // How long it may take to answer, and to end when it is asked to.
  struct Patience {
    base::Duration answer = std::chrono::seconds(30);
    base::Duration end = std::chrono::seconds(5);
  };

  // In the words of `argv`, {till} is its name and {cloud} where it finds the cloud; a word with
  // {role} or {address} stands once for each device, as in "--device={role}={address}". `seed` is
  // for its line's faults.
  ProcessSeat(const ports::Ports& rig, std::string name, std::vector<std::string> argv,
              Recording& recording, Patience patience, std::uint64_t seed = 1);
  ~ProcessSeat() override;

  // Takes the ports of proxy and devices.
  Result<void> open(std::uint16_t cloud_port, const DeviceSettings& settings = {});

  net::Link& link() override { return link_; }
  Awaitable<Result<void>> retire() override;

 private:
  static Awaitable<void> read_output(ProcessSeat* self, std::shared_ptr<LineProcess> process);
  [[nodiscard]] std::vector<std::string> fill() const;
  Result<void> launch() override;
  void cut_off() override;
  void say(std::string line) override { process_->write_line(std::move(line)); }
  void stop_program() override { process_->stop(); }
  void resume_program() override { process_->go_on(); }
  [[nodiscard]] base::Duration patience() const override { return patience_.answer; }

  std::vector<std::string> argv_;
  Patience patience_;
  net::Link link_;
  std::unique_ptr<net::Relay> relay_;
  std::shared_ptr<LineProcess> process_;
};

}  // namespace tillrig::world
