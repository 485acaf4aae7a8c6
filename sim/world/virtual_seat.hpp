#pragma once

#include "sim/world/remains.hpp"
#include "sim/world/seat.hpp"
#include "sim/world/setup.hpp"
#include "sim/world/virtual_ports.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace tillrig::till {
struct Config;
}

namespace tillrig::world {

class TillProcess;

// Our own till in virtual time: the stack itself on simulated ports, with its disk in our hands.
class VirtualSeat final : public Seat {
 public:
  // `furnished` is what all tills of the shop have in common.
  VirtualSeat(VirtualWorld& world, const ports::Ports& rig, std::string name, const Setup& setup,
              std::shared_ptr<const till::Config> furnished, Recording& recording);
  ~VirtualSeat() override;

  // Puts line and devices in place. Errors: exists.
  Result<void> open();
  // The secret that the till logs in with from its next start on.
  void provision(std::string secret) { secret_ = std::move(secret); }
  // Called when the port call has come that the till is to die before.
  void on_last_call(std::function<void()> die) { die_ = std::move(die); }
  // The program ends by itself, as one that crashes: no act of whoever plays.
  void crash();

  net::Link& link() override { return link_; }
  words::Target* lan() override { return lan_; }
  disk::Volume* volume() override { return &volume_; }
  MachineClock* clock() override { return &clock_; }
  PortCalls* port_calls() override { return &calls_; }
  Seat& front() override;
  Awaitable<Result<void>> start_again() override;
  Result<void> power_cut(const PowerCut& cut) override;
  Result<void> save_disk() override;
  Result<void> install(const std::string& version) override;
  Result<void> put_back_disk(bool as_files) override;
  Result<void> become(Seat& other) override;
  Awaitable<Result<void>> retire() override;

 private:
  Result<void> end_all();
  Result<void> launch() override;
  void cut_off() override;
  void say(std::string line) override;
  void stop_program() override;
  void resume_program() override;
  [[nodiscard]] base::Duration patience() const override { return base::Duration::max(); }
  [[nodiscard]] till::Config config() const;

  VirtualWorld& world_;
  const std::shared_ptr<const till::Config> furnished_;
  const std::uint32_t ledger_bytes_;  // 0: as in a shop
  std::string version_;               // of its program; empty: that of the shop
  std::string secret_;
  std::string called_;                        // what its program is told that it is
  std::map<std::string, base::Bytes> saved_;  // an image of its disk
  disk::Volume volume_;
  MachineClock clock_;
  net::Link& link_;
  net::LanPort* lan_ = nullptr;  // null: the shop has none
  std::vector<std::string> shop_tills_;
  bool wired_ = false;
  VirtualPorts line_ports_;
  VirtualPorts device_ports_;
  ports::Ports relay_ports_;
  std::unique_ptr<net::Relay> relay_;
  PortCalls calls_;
  std::function<void()> die_;
  std::unique_ptr<TillProcess> process_;
  Remains<TillProcess> remains_;
  std::unique_ptr<Seat> second_;  // the same program once more; null until that is first tried
  unsigned runs_ = 0;
};

}  // namespace tillrig::world
