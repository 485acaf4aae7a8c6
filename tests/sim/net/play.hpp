#pragma once

#include "tests/sim/net/rig.hpp"

namespace tillrig::net {

inline const Endpoint kCloud{"cloud", 8080, false};

// The cloud's process: answers each byte with itself, connection by connection.
Awaitable<void> serve(Rig& rig, Log& log);
// Connects (from the till unless told), sends so many bytes and waits for as many; notes each step.
Awaitable<void> ask(Rig& rig, Log& log, std::size_t bytes, base::Duration patience,
                    HostNetwork* from = nullptr);
// As ask() for 100 bytes, and after `pause` for 200 on the same connection.
Awaitable<void> ask_twice(Rig& rig, Log& log, base::Duration pause, base::Duration patience);
// Connects and hangs up; the sentence of the error goes to `error`.
Awaitable<void> call(Rig& rig, Log& log, Endpoint to, std::string& error);

// A rig whose cloud serves.
struct Play {
  explicit Play(Conditions conditions = {20ms, 0}) : rig(conditions) {
    kernel::spawn(rig.kernel, rig.cloud_lane, serve(rig, log));
  }
  void ask_at(base::Duration when, std::size_t bytes, base::Duration patience) {
    rig.at(when, [this, bytes, patience] {
      kernel::spawn(rig.kernel, rig.till_lane, ask(rig, log, bytes, patience));
    });
  }
  Rig rig;
  Log log;
};

}  // namespace tillrig::net
