#include "pos/sync/cause.hpp"

#include "pos/wire/api.hpp"

namespace tillrig::sync {

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
