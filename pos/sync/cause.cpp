#include "pos/sync/cause.hpp"

#include "pos/wire/api.hpp"

namespace tillrig::sync {

std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::none:
      return "none";
    case Cause::link:
      return "link";
    case Cause::dns:
      return "dns";
    case Cause::refused:
      return "refused";
    case Cause::blackhole:
      return "blackhole";
    case Cause::reset:
      return "reset";
    case Cause::tls:
      return "tls";
    case Cause::portal:
      return "portal";
    case Cause::slow:
      return "slow";
    case Cause::garbled:
      return "garbled";
    case Cause::server:
      return "server";
    case Cause::busy:
      return "busy";
    case Cause::login:
      return "login";
  }
  return "none";
}

std::string_view sentence(Cause cause) {
  switch (cause) {
    case Cause::none:
      return "Connected.";
    case Cause::link:
      return "No network connection. Check the cable or the Wi-Fi.";
    case Cause::dns:
      return "The internet address of the cloud could not be found (DNS).";
    case Cause::refused:
      return "The cloud's address refuses connections.";
    case Cause::blackhole:
      return "Nothing answers: the internet connection is down.";
    case Cause::reset:
      return "Connections to the cloud are cut off.";
    case Cause::tls:
      return "The secure connection to the cloud could not be made (certificate).";
    case Cause::portal:
      return "A Wi-Fi login page answers instead of the cloud. Log in to the Wi-Fi.";
    case Cause::slow:
      return "The cloud does not answer in time.";
    case Cause::garbled:
      return "The cloud's answers arrive damaged.";
    case Cause::server:
      return "The cloud has a fault. The internet connection is fine.";
    case Cause::busy:
      return "The cloud is busy and asked us to wait.";
    case Cause::login:
      return "The cloud does not accept this till's login.";
  }
  return "Connected.";
}

namespace {

Cause of_error(base::Code code) {
  switch (code) {
    case base::Code::unreachable:
      return Cause::link;
    case base::Code::dns:
      return Cause::dns;
    case base::Code::refused:
      return Cause::refused;
    case base::Code::timeout:
      return Cause::slow;  // connect's own timeout is told apart by the client
    case base::Code::tls:
      return Cause::tls;
    case base::Code::reset:
      return Cause::reset;
    default:
      return Cause::garbled;
  }
}

}  // namespace

Cause cause_of(const base::Result<base::HttpResponse>& answer) {
  if (!answer) return of_error(answer.error().code);
  const bool ours = answer->fields.get("content-type").starts_with(wire::kContentType);
  const int status = answer->status;
  if (status == 429) return Cause::busy;
  if (status == 503 && !answer->fields.get("retry-after").empty()) return Cause::busy;
  if (status == 511) return Cause::portal;
  if (status >= 500) return Cause::server;
  if (!ours) return Cause::portal;
  return status == 401 ? Cause::login : Cause::none;
}

}  // namespace tillrig::sync
