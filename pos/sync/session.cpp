#include "pos/sync/session.hpp"

#include "pos/base/assert.hpp"

namespace tillrig::sync {
namespace {

constexpr Duration kLoginTimeout = std::chrono::seconds(10);

}  // namespace

base::Awaitable<Reply<wire::LoggedIn>> Session::ask(CloudClient& client) {
  TILLRIG_ASSERT(!logging_in_, "one login at a time");
  logging_in_ = true;
  const Instant deadline = ports_.clock.now() + kLoginTimeout;
  auto reply = co_await client.login(deadline);
  logging_in_ = false;
  if (reply.answer || reply.cause == Cause::login) refused_ = !reply.answer;
  co_return reply;
}

bool Session::keep(Reply<wire::LoggedIn> reply) {
  if (!reply.answer) {
    not_before_ = ports_.clock.now() + backoff_.failed({});
    ports_.recorder.note({.mark = "login.failed", .severity = ports::Severity::warn},
                         {{"why", std::string_view(reply.why)}});
    return false;
  }
  backoff_.succeeded();
  login_ = std::move(reply.answer);
  ports_.recorder.note({.mark = "login.ok"},
                       {{"generation", static_cast<std::int64_t>(login_->generation)}});
  return true;
}

void Session::lost(std::uint64_t generation) {
  if (login_ && login_->generation == generation) login_.reset();
}

}  // namespace tillrig::sync
