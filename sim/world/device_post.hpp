#pragma once

#include "devices/role/role.hpp"
#include "pos/ports/ports.hpp"
#include "sim/words/fault.hpp"
#include "sim/world/device_witness.hpp"
#include "sim/world/line_cut.hpp"

#include <deque>
#include <memory>
#include <string>

namespace tillrig::world {

// A simulated device of any role standing at an address, for whichever till connects: the same on
// virtual lines and on real sockets. One connection at a time; a new one takes the place of the
// old.
class DevicePost final : public words::Target {
 public:
  // Listens at `host`, at the role's usual port or at any free one.
  DevicePost(const devices::Role& role, ports::Ports ports, ports::Endpoint at, std::string till,
             DeviceWitness& witness, const devices::Settings& settings);

  [[nodiscard]] std::string_view whose() const override { return till_; }
  [[nodiscard]] std::string_view role() const { return role_.name; }
  // Where tills find it; known after open().
  [[nodiscard]] const ports::Endpoint& at() const { return at_; }

  // Takes the address and serves from now on. Errors: exists.
  base::Result<void> open();

  // As SimulatedDevice::handle; what it sends goes down the line as soon as a till is connected.
  base::Result<void> handle(std::string_view act, std::string_view detail);
  void power_cut();
  // Something behind it has changed (its acquirer has answered): it says what it has to say now.
  void look();
  [[nodiscard]] devices::SimulatedDevice& device() { return *device_; }
  // What happens to one message on its line.
  [[nodiscard]] LineCut& cut() { return cut_; }
  void begin(const devices::Trouble& trouble, words::FaultId id);
  void end(const devices::Trouble& trouble, words::FaultId id);

 private:
  static base::Awaitable<void> serve(DevicePost* self, std::shared_ptr<ports::Listener> listener);
  static base::Awaitable<void> read_from(DevicePost* self,
                                         std::shared_ptr<base::ByteChannel> channel);
  static base::Awaitable<void> keep_time(DevicePost* self);
  static base::Awaitable<void> listen_again(DevicePost* self);
  static base::Awaitable<void> write_out(DevicePost* self);
  static base::Awaitable<void> let_go(DevicePost* self, std::shared_ptr<base::ByteChannel> channel,
                                      bool in);
  // A message that came in, or goes out, as the cut has it.
  void hear(base::Bytes bytes);
  void send(base::Bytes bytes);
  void hold(bool in, base::Bytes bytes);
  base::Result<void> listen();
  // Cuts off whoever is connected, and takes nobody any more. True: somebody was.
  bool leave();
  // Whoever is connected is connected no more.
  void drop();
  // Sends what it has to say, does to the line what it does, and puts what it did on the tapes.
  void say(base::Bytes bytes);

  const devices::Role& role_;
  ports::Ports ports_;
  ports::Endpoint at_;
  std::string till_;
  DeviceWitness& witness_;
  std::unique_ptr<devices::SimulatedDevice> device_;
  std::shared_ptr<ports::Listener> listener_;   // null: its line is gone
  std::shared_ptr<base::ByteChannel> channel_;  // whoever waits on it keeps it alive
  std::deque<base::Bytes> out_;
  LineCut cut_;
  // Whether messages are on their way that come late; those behind them wait.
  bool late_in_ = false;
  bool late_out_ = false;
  std::deque<base::Bytes> held_in_;
  std::deque<base::Bytes> held_out_;
  devices::HangUp closing_ = devices::HangUp::no;  // when all has been written
  std::unique_ptr<ports::Alarm> work_;
  base::Instant polled_at_ = base::Instant::never();  // what keep_time() waits for
  std::unique_ptr<ports::Alarm> time_;
};

}  // namespace tillrig::world
