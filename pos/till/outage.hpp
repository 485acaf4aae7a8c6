#pragma once

#include "pos/ports/clock.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/moment.hpp"
#include "pos/sync/service.hpp"
#include "pos/till/config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::till {

// The outage that a fiscal shop has to close with a null receipt: it begins with the first
// document that is made while the till is not connected, goes on over restarts, and is over when
// the till is connected again. Then it waits to be closed. In any other shop there is none.
class Outage {
 public:
  Outage(const ports::Clock& clock, const Config& config, store::Store& store,
         const sync::Service& service)
      : clock_(clock), config_(config), store_(store), service_(service) {
    resume();
  }

  // A document is about to be committed: an outage that begins with it is noted first, so that it
  // is known even if the till dies now.
  void document_comes();
  // It is acknowledged; the line may have gone since it was committed.
  void document_stands(const base::EventId& id);
  // The connection may be another one.
  void line();

  // What has to be closed now; nothing: no outage, or it goes on.
  [[nodiscard]] const std::optional<wire::OutageClosed>& over() const { return over_; }
  // The event that was made last before it.
  [[nodiscard]] const base::EventId& after() const { return after_; }
  // It is closed.
  void forget();

 private:
  void resume();
  void begin(base::EventId after);
  void end();
  void keep();

  const ports::Clock& clock_;
  const Config& config_;
  store::Store& store_;
  const sync::Service& service_;
  base::EventId after_;
  std::optional<sync::Moment> since_;  // while it goes on
  std::optional<wire::OutageClosed> over_;
};

}  // namespace tillrig::till
