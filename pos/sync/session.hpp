#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/ports.hpp"
#include "pos/sync/backoff.hpp"
#include "pos/sync/cloud_client.hpp"
#include "pos/sync/patience.hpp"

#include <optional>
#include <utility>

namespace tillrig::sync {

// Who the till is to its cloud: the login that stands, and when the next one may be tried. One
// login at a time.
class Session {
 public:
  // `who`: told at each login.
  Session(const ports::Ports& ports, base::Mutants mutants, wire::Login who)
      : ports_(ports),
        mutants_(std::move(mutants)),
        who_(std::move(who)),
        backoff_(ports.entropy) {}

  [[nodiscard]] const std::optional<wire::LoggedIn>& login() const { return login_; }
  // The cloud's last answer to a login was no.
  [[nodiscard]] bool refused() const { return refused_; }
  [[nodiscard]] bool logging_in() const { return logging_in_; }
  [[nodiscard]] Instant not_before() const { return not_before_; }

  // Asks, and waits no shorter than `least` but for `give_up`; nothing is kept before keep().
  base::Awaitable<Reply<wire::LoggedIn>> ask(CloudClient& client, Duration least,
                                             Instant give_up = Instant::never());
  // True: we are logged in.
  bool keep(Reply<wire::LoggedIn> reply);
  // The cloud did not take an upload of that generation. Another one may have met the same refusal
  // first, and a new login be there already.
  void lost(std::uint64_t generation);

 private:
  const ports::Ports& ports_;
  base::Mutants mutants_;
  wire::Login who_;
  Backoff backoff_;
  Patience patience_{std::chrono::seconds(10), std::chrono::minutes(5)};
  std::optional<wire::LoggedIn> login_;
  Instant not_before_{0};
  bool logging_in_ = false;
  bool refused_ = false;
};

}  // namespace tillrig::sync
