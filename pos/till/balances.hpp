#pragma once

#include "pos/base/ids.hpp"
#include "pos/base/mutant.hpp"
#include "pos/store/store.hpp"
#include "pos/wire/balance.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::till {

using base::Money;

// What a till knows of the money that customers have with the shop, without asking: what the cloud
// told of it last, and on top of that its own sales that were not in it yet (SM-31).
class Balances {
 public:
  Balances(std::string till, base::Mutants mutants)
      : till_(std::move(till)), mutants_(std::move(mutants)) {}

  // The cloud's table, as far as the store has kept it.
  void take(store::Store& store);
  // The newest sales of a store that was just opened: they may not be in the table yet.
  void remember(store::Store& store);
  // A sale of this till.
  void add(const wire::Event& event);

  struct Known {
    Money balance;
    base::WallTime as_of;  // of the cloud's word in it
  };
  // Nothing: the cloud has never told of it, and no sale of this till moves it.
  [[nodiscard]] std::optional<Known> of(const wire::PurseKey& key) const;

 private:
  struct Own {
    base::EventId id;
    wire::Move move;
  };
  [[nodiscard]] bool covered(const Own& own) const;

  std::string till_;
  base::Mutants mutants_;
  std::map<std::string, wire::Balance, std::less<>> told_;  // by the purse's text
  std::vector<Own> own_;
};

}  // namespace tillrig::till
