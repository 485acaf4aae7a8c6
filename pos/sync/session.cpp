#include "pos/sync/session.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::sync {
namespace {

const base::Mutant kLoginKept{"login_kept", "INV-27", "a fault planted by a reviewer",
                              "a till whose login is turned away does not log in again"};

const base::Mutant kPausesStay{"login_pauses_stay", "INV-47", "a fault planted by a reviewer",
                               "the pauses between logins never get short again"};
const base::Mutant kLateRefusal{"late_refusal_ends_login", "INV-27",
                                "a fault planted by a reviewer",
                                "what was sent with an old login and is turned away late throws "
                                "the new one away"};

}  // namespace

base::Awaitable<Reply<wire::LoggedIn>> Session::ask(CloudClient& client, Duration least,
                                                    Instant give_up) {
  TILLRIG_ASSERT(!logging_in_, "one login at a time");
  logging_in_ = true;
  const Instant began = ports_.clock.now();
  const Duration patience = std::max(patience_.now(), least);
  const Instant deadline = std::min(began + patience, give_up);
  auto reply = co_await client.login(who_, deadline);
  logging_in_ = false;
  if (out_of_time(reply.cause) && deadline < give_up) patience_.ran_out(patience);
  if (reply.answer) patience_.answered(ports_.clock.now() - began);
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
  if (!kPausesStay.on(mutants_)) backoff_.succeeded();
  login_ = std::move(reply.answer);
  ports_.recorder.note({.mark = "login.ok"},
                       {{"generation", static_cast<std::int64_t>(login_->generation)}});
  return true;
}

void Session::lost(std::uint64_t generation) {
  if (kLoginKept.on(mutants_)) return;
  const bool its = login_ && login_->generation == generation;
  if (its || kLateRefusal.on(mutants_)) login_.reset();
}

}  // namespace tillrig::sync
