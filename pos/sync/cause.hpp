#pragma once

#include "pos/base/http.hpp"
#include "pos/base/result.hpp"

#include <array>
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
  slow,       // connected, but no answer in time; while online: answers take long
  garbled,    // the answer was cut short or is not what we speak
  server,     // HTTP 5xx
  busy,       // HTTP 429, or 503 with Retry-After: asked to wait
  login,      // our credentials are not accepted
  local,      // the till was set to local mode
};

struct CauseRow {
  Cause value;
  std::string_view name;      // "dns"
  std::string_view sentence;  // what the cashier reads
};
constexpr auto names_of(Cause) {
  return std::to_array<CauseRow>({
      {Cause::none, "none", "Connected."},
      {Cause::link, "link", "No network connection. Check the cable or the Wi-Fi."},
      {Cause::dns, "dns", "The internet address of the cloud could not be found (DNS)."},
      {Cause::refused, "refused", "The cloud's address refuses connections."},
      {Cause::blackhole, "blackhole", "Nothing answers: the internet connection is down."},
      {Cause::reset, "reset", "Connections to the cloud are cut off."},
      {Cause::tls, "tls", "The secure connection to the cloud could not be made (certificate)."},
      {Cause::portal, "portal",
       "A Wi-Fi login page answers instead of the cloud. Log in to the Wi-Fi."},
      {Cause::slow, "slow", "The connection to the cloud is slow."},
      {Cause::garbled, "garbled", "The cloud's answers arrive damaged."},
      {Cause::server, "server", "The cloud has a fault. The internet connection is fine."},
      {Cause::busy, "busy", "The cloud is busy and asked us to wait."},
      {Cause::login, "login",
       "The cloud does not accept this till's login: its name or its secret is not the one that "
       "the cloud knows."},
      {Cause::local, "local", "The till is in local mode: nothing is sent or asked until it ends."},
  });
}
using base::name;

constexpr std::string_view sentence(Cause cause) {
  return base::names<Cause>()[static_cast<std::size_t>(cause)].sentence;
}

// Whether more time might have helped.
constexpr bool out_of_time(Cause cause) {
  return cause == Cause::slow || cause == Cause::blackhole;
}

// What an exchange with the cloud says about the connection. `none` means the cloud itself spoke:
// our content type, and a status that is not the server's own failure.
Cause cause_of(const base::Result<base::HttpResponse>& answer);

}  // namespace tillrig::sync
