// Sales that wait, at a till alone and with another one on its LAN.
#include "tests/pos/till/lan_neighbour.hpp"

namespace tillrig::till {
namespace {

class ParkDeskTest : public LanTest {
 protected:
  std::string park(std::string label) {
    const auto parked = handle(Park{std::move(label)});
    EXPECT_TRUE(parked) << parked.error().what;
    return parked ? parked->order : std::string();
  }
  // An order that the other till holds.
  void other_parks(const std::string& id, const std::string& label) {
    lan::OpenOrder order;
    order.id = id;
    order.label = label;
    order.since_ms = 5;
    order.cart =
        R"({"lines":[{"sku":"milk","name":"Milk","quantity":2000,"price":129,"tax":700}]})";
    ASSERT_TRUE(other->member().park(std::move(order), true));
    other->kick();
    pass(3s);
  }
};

TEST_F(ParkDeskTest, AParkedSaleGivesTheRegisterFreeAndComesBackAsItWas) {
  open(config());
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(Enter{"wine"}));
  ASSERT_TRUE(handle(Discount{2, base::Rate{1000}, {}}));
  ASSERT_TRUE(handle(Discount{0, {}, Money{50}}));
  const State before = state();
  const std::string id = park("table 4");
  EXPECT_TRUE(state().cart.empty());
  ASSERT_TRUE(sell({"milk"})) << "others are served meanwhile";
  ASSERT_EQ(orders().size(), 1U);
  EXPECT_EQ(orders()[0].at, "local");
  EXPECT_EQ(orders()[0].total, before.total);
  ASSERT_TRUE(handle(Resume{"table 4"}));
  EXPECT_EQ(state().cart, before.cart);
  EXPECT_EQ(state().total, before.total);
  EXPECT_EQ(state().order, id);
  ASSERT_TRUE(tender(10'000));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_TRUE(orders().empty());
  EXPECT_EQ(code(handle(Resume{id})), base::Code::not_found);
}

TEST_F(ParkDeskTest, WhatIsParkedOutlivesTheApp) {
  open(config());
  ASSERT_TRUE(handle(Enter{"milk"}));
  const std::string id = park("tab");
  relaunch(config());
  ASSERT_EQ(orders().size(), 1U);
  ASSERT_TRUE(handle(Resume{id}));
  EXPECT_EQ(state().total, Money{129});
  relaunch(config());
  ASSERT_EQ(orders().size(), 1U) << "in hand when the app died: it waits again";
  EXPECT_EQ(orders()[0].state, lan::OrderState::parked);
  ASSERT_TRUE(handle(Resume{id}));
  ASSERT_TRUE(tender(129));
  ASSERT_TRUE(handle(Complete()));
  relaunch(config());
  EXPECT_TRUE(orders().empty());
}

TEST_F(ParkDeskTest, OnlyWhatNobodyHasPaidForCanWait) {
  open(config());
  EXPECT_EQ(code(handle(Park{"nothing"})), base::Code::not_allowed);
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(tender(100));
  EXPECT_EQ(code(handle(Park{"paid in part"})), base::Code::not_allowed);
  ASSERT_TRUE(handle(Cancel()));
  ASSERT_TRUE(handle(Rehearse{true}));
  ASSERT_TRUE(handle(Enter{"milk"}));
  EXPECT_EQ(code(handle(Park{"rehearsed"})), base::Code::not_allowed);
}

TEST_F(ParkDeskTest, AnOrderComesIntoAnEmptyCartAlone) {
  open(config());
  ASSERT_TRUE(handle(Enter{"milk"}));
  park("same");
  ASSERT_TRUE(handle(Enter{"wine"}));
  EXPECT_EQ(code(handle(Resume{"same"})), base::Code::not_allowed);
  park("same");
  EXPECT_EQ(code(handle(Resume{"same"})), base::Code::not_found) << "two are called so";
  EXPECT_EQ(code(handle(Resume{"another"})), base::Code::not_found);
}

TEST_F(ParkDeskTest, ACancelledOrderIsOver) {
  open(config());
  ASSERT_TRUE(handle(Enter{"milk"}));
  park("tab");
  ASSERT_TRUE(handle(Resume{"tab"}));
  ASSERT_TRUE(handle(Cancel()));
  EXPECT_TRUE(orders().empty());
  relaunch(config());
  EXPECT_TRUE(orders().empty());
}

TEST_F(ParkDeskTest, ItIsOfACustomerAsBeforeAndNobodyIsAskedAgain) {
  open(on_lan());
  ASSERT_TRUE(handle(Enter{"milk"}));
  ASSERT_TRUE(handle(SelectCustomer{"ana"}));
  park("tab");
  EXPECT_FALSE(state().customer);
  const std::size_t asked = cloud.count("/v1/loyalty");
  ASSERT_TRUE(handle(Resume{"tab"}));
  ASSERT_TRUE(state().customer);
  EXPECT_EQ(state().customer->id, "ana");
  EXPECT_EQ(cloud.count("/v1/loyalty"), asked);
}

TEST_F(ParkDeskTest, AnotherTillKnowsOfItAndItSaysSo) {
  open(on_lan());
  meet_other();
  ASSERT_TRUE(handle(Enter{"milk"}));
  const std::string id = park("tab");
  pass(3s);
  ASSERT_NE(other->member().board().find(id), nullptr);
  EXPECT_EQ(orders()[0].at, "lan");
  ASSERT_NE(screen.last<LanShown>(), nullptr);
  EXPECT_EQ(screen.last<LanShown>()->hub, "till-1");
  EXPECT_EQ(screen.last<LanShown>()->there, 1U);
}

TEST_F(ParkDeskTest, AnOrderOfTheOtherTillComesByItsWord) {
  open(on_lan());
  meet_other();
  other_parks("till-2-1", "tab");
  ASSERT_EQ(orders().size(), 1U);
  const auto resumed = handle(Resume{"tab"});
  ASSERT_TRUE(resumed) << resumed.error().what;
  EXPECT_EQ(state().total, Money{258});
  pass(3s);
  EXPECT_EQ(other->member().board().find("till-2-1")->holder, "till-1");
  ASSERT_TRUE(tender(258));
  ASSERT_TRUE(handle(Complete()));
  pass(3s);
  EXPECT_EQ(other->member().board().find("till-2-1")->state, lan::OrderState::sold);
}

TEST_F(ParkDeskTest, AnOrderInHandAtTheOtherTillIsRefusedAndScansGoOn) {
  open(on_lan());
  meet_other();
  other_parks("till-2-1", "tab");
  ASSERT_TRUE(other->member().pick_up("till-2-1"));
  pass(3s);
  const auto refused = handle(Resume{"tab"});
  EXPECT_EQ(code(refused), base::Code::not_allowed);
  ASSERT_TRUE(handle(Enter{"milk"}));
}

TEST_F(ParkDeskTest, ATillThatDoesNotAnswerIsWaitedForAndNoLonger) {
  open(on_lan());
  meet_other();
  other_parks("till-2-1", "tab");
  rig.start("wan.blackhole");  // the line to the other till is the rig's only one
  ask(Resume{"tab"});
  pass(1s);
  EXPECT_FALSE(handle(Enter{"milk"})) << "another till is being asked";
  pass(3s);
  EXPECT_TRUE(handle(Enter{"milk"}));
}

TEST_F(ParkDeskTest, WithoutALanAllOfThisIsOneTills) {
  open(config());
  ASSERT_TRUE(handle(Enter{"milk"}));
  park("tab");
  const auto told = handle(AskOrders());
  ASSERT_TRUE(told);
  EXPECT_EQ(told->orders->hub, "");
  EXPECT_TRUE(told->orders->there.empty());
}

TEST(ParkedCart, ARubbishTextIsASentence) {
  EXPECT_FALSE(read_parked(""));
  EXPECT_FALSE(read_parked("{}"));
  EXPECT_FALSE(read_parked(R"({"lines":[{"sku":"a"}]})"));
  EXPECT_FALSE(read_parked(R"({"lines":[{"sku":"a","name":"A","quantity":0,"price":1,"tax":0}]})"));
  EXPECT_FALSE(
      read_parked(R"({"lines":[{"sku":"a","name":"A","quantity":1000,"price":-1,"tax":0}]})"));
}

}  // namespace
}  // namespace tillrig::till
