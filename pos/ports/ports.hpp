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

}  // namespace tillrig::ports
