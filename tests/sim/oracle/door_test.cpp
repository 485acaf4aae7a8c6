// INV-52: who guesses the Sync Manager's PIN waits, and who knows it gets in.

#include "sim/oracle/invariant.hpp"
#include "sim/oracle/tapes.hpp"

#include <gtest/gtest.h>

namespace tillrig::oracle::door_test {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

class Door : public ::testing::Test {
 protected:
  Door() {
    tapes.shop.manager_pin = "2580";
    CashierEntry page;
    page.till = "till-1";
    page.text = "register";
    tapes.cashier.push_back(page);
  }

  void typed(const std::string& pin, bool taken, base::Duration after = 1s) {
    at_ += after;
    OrderEntry order;
    order.at = Instant{0} + at_;
    order.order = ++order_;
    order.till = "till-1";
    order.what = "unlock_manager";
    order.fields.add("pin", pin);
    order.outcome = taken ? OrderEntry::Outcome::done : OrderEntry::Outcome::refused;
    order.code = taken ? "" : "not_allowed";
    order.ended = ++order_;
    tapes.orders.push_back(order);
  }
  std::size_t told() {
    for (const Verdict& verdict : judge(tapes)) {
      if (verdict.invariant == "INV-52") return verdict.violations.size();
    }
    return 0;
  }

  Tapes tapes;

 private:
  base::Duration at_{};
  std::uint64_t order_ = 0;
};

TEST_F(Door, HearsNobodyForAMinuteAfterFiveWrongPins) {
  for (int i = 0; i < 5; ++i) typed("0000", false);
  typed("2580", false);
  typed("2580", true, 61s);
  EXPECT_EQ(told(), 0U);
}

TEST_F(Door, ThatHearsOnAfterFiveWrongPinsIsTold) {
  for (int i = 0; i < 5; ++i) typed("0000", false);
  typed("2580", true);
  EXPECT_EQ(told(), 1U);
}

TEST_F(Door, ThatRefusesItsPinAfterFourWrongOnesIsTold) {
  for (int i = 0; i < 4; ++i) typed("0000", false);
  typed("2580", false);
  EXPECT_EQ(told(), 1U);
}

TEST_F(Door, CountsWrongPinsInARow) {
  typed("0000", false);
  typed("2580", true);
  for (int i = 0; i < 4; ++i) typed("0000", false);
  typed("2580", true);
  EXPECT_EQ(told(), 0U);
}

}  // namespace
}  // namespace tillrig::oracle::door_test
