#pragma once

#include "devices/role/role.hpp"
#include "pos/ports/ports.hpp"
#include "sim/world/device_witness.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>

namespace tillrig::hosts {

// A simulated device that is connected to several times at once, standing at an address: what
// world::DevicePost is for one that takes one connection at a time.
class SharedPost {
 public:
  SharedPost(const devices::Role& role, ports::Ports ports, ports::Endpoint at,
             world::DeviceWitness& witness, const devices::Settings& settings);

  // Where tills find it; known after open().
  [[nodiscard]] const ports::Endpoint& at() const { return at_; }
  [[nodiscard]] devices::SimulatedDevice& device() { return *device_; }

  // Takes the address and serves from now on. Errors: exists.
  base::Result<void> open();
  // As SimulatedDevice::handle.
  base::Result<void> handle(std::string_view act, std::string_view detail);
  void power_cut();
  void begin(const devices::Trouble& trouble, std::uint64_t id);
  void end(const devices::Trouble& trouble, std::uint64_t id);

 private:
  struct Connection {
    Connection(int number_, base::Channel channel_, std::unique_ptr<ports::Alarm> work_)
        : number(number_), channel(std::move(channel_)), work(std::move(work_)) {}
    int number;
    base::Channel channel;
    std::unique_ptr<ports::Alarm> work;
    std::deque<base::Bytes> out;
    devices::HangUp closing = devices::HangUp::no;  // when all has been written
    bool open = true;
  };
  using Shared = std::shared_ptr<Connection>;

  static base::Awaitable<void> serve(SharedPost* self, std::shared_ptr<ports::Listener> listener);
  static base::Awaitable<void> read_from(SharedPost* self, Shared connection);
  static base::Awaitable<void> write_to(SharedPost* self, Shared connection);
  static base::Awaitable<void> keep_time(SharedPost* self);
  static base::Awaitable<void> listen_again(SharedPost* self);
  base::Result<void> listen();
  void drop(const Shared& connection, bool reset);
  // Sends what it has to say, does to the lines what it does, and tells what it did.
  void say();

  const devices::Role& role_;
  ports::Ports ports_;
  ports::Endpoint at_;
  world::DeviceWitness& witness_;
  std::unique_ptr<devices::SimulatedDevice> device_;
  devices::ManyLines& lines_;
  std::shared_ptr<ports::Listener> listener_;  // null: nobody can connect
  std::map<int, Shared> connections_;
  int last_ = 0;
  base::Instant polled_at_ = base::Instant::never();  // what keep_time() waits for
  std::unique_ptr<ports::Alarm> time_;
};

}  // namespace tillrig::hosts
