#pragma once

#include "pos/base/names.hpp"
#include "pos/wire/purse.hpp"

namespace tillrig::pay {

// What is done with store credit when the cloud cannot be asked (S4).
enum class CreditOffline { allow_posting, warn, refuse };
constexpr auto names_of(CreditOffline) {
  return base::named<CreditOffline>({
      {CreditOffline::allow_posting, "allow_posting"},
      {CreditOffline::warn, "warn"},
      {CreditOffline::refuse, "refuse"},
  });
}

// Which purses a shop has (wire/purse.hpp).
struct PurseRules {
  bool gift = false;              // it sells gift cards and takes them
  bool account = false;           // customers may pay on account
  bool account_no_limit = false;  // no limit is enforced, so that the cloud need not be asked
  bool credit = false;            // customers may have store credit
  CreditOffline credit_offline = CreditOffline::allow_posting;

  [[nodiscard]] bool has_balances() const { return account || credit; }
  [[nodiscard]] bool has(const wire::Purse& purse) const {
    return (purse.ledger == wire::kGift.ledger && gift) ||
           (purse.ledger == wire::kAccount.ledger && account) ||
           (purse.ledger == wire::kCredit.ledger && credit);
  }
};

}  // namespace tillrig::pay
