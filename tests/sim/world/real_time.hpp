#pragma once

#include "pos/base/spawn.hpp"
#include "pos/host/clock.hpp"
#include "pos/host/entropy.hpp"
#include "pos/host/network.hpp"
#include "sim/world/no_disk.hpp"
#include "sim/world/recording.hpp"

#include <boost/asio/io_context.hpp>

namespace tillrig::world {

// The rig's own ports on this machine, and a recording in real time.
struct RealTime {
  explicit RealTime(trace::Writer* timeline = nullptr) : recording(clock, timeline, clock.now()) {}

  // Runs until the work is done, at most ten seconds. True: it is.
  bool run(base::Awaitable<void> work) {
    bool done = false;
    auto watched = [](base::Awaitable<void> inner, boost::asio::io_context* on,
                      bool* finished) -> base::Awaitable<void> {
      co_await std::move(inner);
      *finished = true;
      on->stop();
    };
    auto watching = watched(std::move(work), &io, &done);
    base::spawn(io.get_executor(), std::move(watching));
    io.run_for(std::chrono::seconds(10));
    return done;
  }

  boost::asio::io_context io{1};
  host::SystemClock clock;
  host::SystemTimer timer{io.get_executor()};
  host::SystemEntropy entropy;
  host::TcpNetwork network{io.get_executor()};
  Recording recording;
  std::unique_ptr<ports::Recorder> recorder = recording.recorder_for("player");
  ports::Ports ports{
      io.get_executor(), clock, timer, entropy, network, NoDisk::instance(), *recorder, [this] {
        return host::make_alarm(io.get_executor());
      }};
};

}  // namespace tillrig::world
