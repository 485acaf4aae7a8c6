#pragma once

#include "pos/base/mutant.hpp"
#include "pos/base/result.hpp"
#include "pos/ports/clock.hpp"
#include "pos/store/notebook.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// One use of a control of the Sync Manager, as it is listed there.
struct ManagerUse {
  std::int64_t wall_ms = 0;  // when, by the till's clock
  std::string control;       // "trigger_up"
  std::string outcome;       // "done", or the code of the refusal

  bool operator==(const ManagerUse&) const = default;

  static void describe(auto& self, auto& fields) {
    fields("wall_ms", self.wall_ms)("control", self.control)("outcome", self.outcome);
  }
};

// Who may use the Sync Manager, and what was done with it (article S4: an advanced feature, mostly
// for technicians). Looking is free. In a shop with a PIN its controls work only for kOpen after
// the PIN was typed or a control was used; each use is listed, also across restarts.
class ManagerDoor {
 public:
  static constexpr base::Duration kOpen = std::chrono::minutes(5);
  static constexpr int kTries = 5;  // wrong ones in a row; then nothing is heard for kShut
  static constexpr base::Duration kShut = std::chrono::minutes(1);
  static constexpr std::size_t kListed = 50;  // the newest

  // `pin`: empty: it stands open.
  ManagerDoor(const ports::Clock& clock, store::Notebook& notebook, std::string pin,
              base::Mutants mutants);

  // Errors: not_allowed: a wrong PIN, or too many of them.
  base::Result<void> unlock(std::string_view pin);
  [[nodiscard]] bool locked() const;
  // Before a control is used. Errors: not_allowed.
  [[nodiscard]] base::Result<void> may_use() const;
  // A control was used, with this outcome.
  void used(std::string_view control, const base::Result<void>& outcome);
  // Newest first.
  [[nodiscard]] std::vector<ManagerUse> uses() const { return uses_; }

 private:
  void read_uses();

  const ports::Clock& clock_;
  store::Notebook& notebook_;
  std::string pin_;
  base::Mutants mutants_;
  base::Instant open_until_;
  base::Instant shut_until_;
  int wrong_ = 0;
  std::vector<ManagerUse> uses_;
};

}  // namespace tillrig::till
