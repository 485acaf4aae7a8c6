#pragma once

#include "pos/base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::port {

// A certificate and its key, both PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

// For whom a certificate is made, and from when to when it is good (seconds since 1970).
struct Claim {
  std::string name;                // its subject's common name
  std::vector<std::string> hosts;  // names and addresses that it vouches for
  std::int64_t from = 0;
  std::int64_t until = 0;
};

// An authority that vouches for itself, made for a run. Errors: io, when OpenSSL cannot.
base::Result<Identity> mint_authority(const Claim& claim);
// Somebody that it vouches for. Errors: io, bad_input (the authority is none).
base::Result<Identity> mint(const Identity& authority, const Claim& claim);

}  // namespace tillrig::port
