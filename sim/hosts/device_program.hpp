#pragma once

#include "devices/role/role.hpp"
#include "pos/ports/network.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::hosts {

// One simulated device alone, for whichever point of sale connects.
struct DeviceProgram {
  const devices::Role* role = nullptr;
  ports::Endpoint listen;
  bool pty = false;  // a serial line of this machine instead
  bool tls = false;  // behind TLS, with a certificate made for the run
  // Told the PEM of the authority that vouches for that certificate, before anybody connects.
  std::function<base::Result<void>(const std::string& pem)> authority;
  std::string capture;  // file of what goes over its connections; empty: none
  devices::Settings settings;
  std::vector<std::string> script;  // lines as they would be typed, and "wait 5s" between them
};

// Errors: not_found, naming the nearest role.
base::Result<const devices::Role*> find_device(std::string_view role);

// Serves until "quit" is typed, SIGINT or SIGTERM. Says on standard output what comes, what goes
// and what the device does, as it happens; reads from standard input what is done to it by hand and
// which of its troubles begin and end ("help" tells). Errors: bad_input, exists (the address).
base::Result<void> run_device(const DeviceProgram& program);

}  // namespace tillrig::hosts
