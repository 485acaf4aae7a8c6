#pragma once

#include "pos/base/http.hpp"
#include "pos/base/result.hpp"

#include <string_view>

namespace tillrig::sync {

// Why the cloud cannot be reached, as the cashier is told (OUT-01: each shown as its own cause).
enum class Cause {
  none,
  link,       // no route: cable, Wi-Fi or provider
  dns,        // the name did not resolve
  refused,    // the address answers, nobody listens
  blackhole,  // connects go unanswered
  reset,      // connections are cut
  tls,        // the certificate or handshake is not accepted
  portal,     // somebody else answers: a Wi-Fi login page
  slow,       // connected, but no answer in time
  garbled,    // the answer was cut short or is not what we speak
  server,     // HTTP 5xx
  busy,       // HTTP 429, or 503 with Retry-After: asked to wait
  login,      // our credentials are not accepted
};

std::string_view name(Cause cause);      // "dns"
std::string_view sentence(Cause cause);  // what the cashier reads

// What an exchange with the cloud says about the connection. `none` means the cloud itself spoke:
// our content type, and a status that is not the server's own failure.
Cause cause_of(const base::Result<base::HttpResponse>& answer);

}  // namespace tillrig::sync
