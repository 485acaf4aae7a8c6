#pragma once

#include "pos/ports/clock.hpp"
#include "pos/ports/disk.hpp"
#include "pos/ports/entropy.hpp"
#include "pos/ports/network.hpp"
#include "pos/ports/recorder.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace tillrig::ports {

// All that a till or a cloud asks of the world. Whoever starts one fills this in: sim/world from a
// simulation, pos/host from a real machine. Everything referred to outlives the process it serves.
struct Ports {
  boost::asio::any_io_executor executor;
  Clock& clock;
  Timer& timer;
  Entropy& entropy;
  Network& network;
  Disk& disk;
  Recorder& recorder;
  std::function<std::unique_ptr<Alarm>()> make_alarm;
};

// Waits as long as the disk takes for what was asked of it since the last settle(); returns at once
// on a real disk, which has taken its time already. Whoever drives the stack awaits this after
// each thing that may have used the disk, and before telling anybody that it is done.
Awaitable<void> settle(const Ports& ports);

}  // namespace tillrig::ports
