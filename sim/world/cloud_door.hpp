#pragma once

#include "pos/base/spawn.hpp"
#include "pos/ports/ports.hpp"

#include <string>

namespace tillrig::world {

// One question at the cloud's own door, not through a till's line: a request with a JSON body and
// what opens the door to whoever asks. Gives the body of the answer. Errors: the network's;
// protocol, with the cloud's answer, where that is no 200.
base::Awaitable<base::Result<base::Bytes>> ask_at_door(const ports::Ports& ports,
                                                       ports::Endpoint door, std::string secret,
                                                       std::string method, std::string target,
                                                       std::string body);

}  // namespace tillrig::world
