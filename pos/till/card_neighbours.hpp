#pragma once

#include "pos/pay/coordinator.hpp"
#include "pos/ports/ports.hpp"
#include "pos/wire/attempt.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace tillrig::till {

// What the other tills of the shop know of payments by card, and are told of theirs (MP-26).
class CardNeighbours {
 public:
  // How they are reached.
  struct Way {
    std::function<bool(const std::string& attempt)> ask;  // true: there is somebody to ask
    std::function<void(const std::string& attempt, const std::string& till,
                       const std::string& body)>
        tell;
    std::function<std::string(const base::EventId& event)> where;  // "local", "lan", "oms"
  };

  CardNeighbours(const ports::Ports& ports, std::string till)
      : ports_(ports), till_(std::move(till)) {}

  void meet(Way way) { way_ = std::move(way); }
  // True: somebody was asked.
  bool ask_at_once(const std::string& attempt) { return way_.ask && way_.ask(attempt); }
  // Asks, and waits half a second for it to be settled. True: it is.
  base::Awaitable<bool> ask(std::string attempt, std::function<bool()> settled);
  // The cloud has said something of another till's: that one may not hear the cloud.
  void tell(const wire::AttemptKnown& known);
  // Another till asks about one of its own, or says what became of one of this till's (what the
  // coordinator is to be told) or of a third one's.
  void asked(const std::string& attempt, const std::string& by);
  std::optional<pay::Told> told(const std::string& by, const std::string& body);
  // Who knows of an event; empty: that is not known.
  [[nodiscard]] std::string where(const base::EventId& event) const {
    return way_.where ? way_.where(event) : std::string();
  }

 private:
  const ports::Ports& ports_;
  std::string till_;
  Way way_;
  std::map<std::string, wire::AttemptKnown> of_others_;  // attempts, as far as it was told
};

}  // namespace tillrig::till
