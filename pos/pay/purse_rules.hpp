#pragma once

#include "pos/wire/purse.hpp"

namespace tillrig::pay {

// Which purses a shop has (wire/purse.hpp).
struct PurseRules {
  bool gift = false;  // it sells gift cards and takes them

  [[nodiscard]] bool has(const wire::Purse& purse) const {
    return purse.ledger == wire::kGift.ledger && gift;
  }
};

}  // namespace tillrig::pay
