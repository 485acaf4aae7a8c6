// The business day: fixed at its opening, counted from the store, closed without a line.
#include "pos/till/business_day.hpp"
#include "pos/till/day_sums.hpp"
#include "tests/pos/till/till_rig.hpp"
#include "tests/pos/wire/samples.hpp"

namespace tillrig::till {
namespace {

using DayTest = TillTest;

TEST(BusinessDay, IsThatOfItsOpeningWhereItGoesOnPastMidnight) {
  const base::WallTime four{1'772'510'400'000};  // 2026-03-03 04:00
  EXPECT_EQ(business_day(four, {}), "2026-03-03");
  EXPECT_EQ(business_day(four, 10h), "2026-03-02");
  EXPECT_EQ(business_day({0}, {}), "1970-01-01");
  EXPECT_EQ(business_day({-1}, {}), "1969-12-31");
}

TEST_F(DayTest, OpensByItselfAndStaysUntilItIsClosed) {
  start();
  EXPECT_EQ(state().day, "");
  ASSERT_TRUE(sell({"milk"}));
  const std::string day = state().day;
  EXPECT_EQ(day.size(), 10U);
  pass(26h);
  ASSERT_TRUE(sell({"milk"}));
  EXPECT_EQ(state().day, day);
  ASSERT_TRUE(handle(CloseDay{{258}}));
  EXPECT_EQ(state().day, "");
  ASSERT_TRUE(sell({"milk"}));
  EXPECT_FALSE(state().day.empty());
}

TEST_F(DayTest, RefusesWhatCannotBe) {
  start();
  EXPECT_EQ(handle(CloseDay{{0}}).error().code, base::Code::not_allowed);
  EXPECT_EQ(handle(OpenDay{{-1}}).error().code, base::Code::bad_input);
  EXPECT_EQ(handle(PayIn{{0}, ""}).error().code, base::Code::bad_input);
  EXPECT_EQ(handle(PayOut{{-5}, ""}).error().code, base::Code::bad_input);
  EXPECT_EQ(handle(PayIn{{1}, std::string(200, 'x')}).error().code, base::Code::bad_input);
  EXPECT_EQ(handle(PayIn{{wire::kMostAmount + 1}, ""}).error().code, base::Code::bad_input);
  ASSERT_TRUE(handle(OpenDay{{10'000}}));
  EXPECT_EQ(handle(OpenDay{{0}}).error().code, base::Code::not_allowed);
  ASSERT_TRUE(handle(Enter{"milk"}));
  EXPECT_EQ(handle(CloseDay{{10'000}}).error().code, base::Code::not_allowed);
}

TEST_F(DayTest, TellsWhatIsBookedAndWhatLacks) {
  start();
  ASSERT_TRUE(handle(OpenDay{{10'000}}));
  ASSERT_TRUE(handle(PayOut{{2'500}, "bank"}));
  EXPECT_EQ(screen.last<Booked>()->amount, Money{-2'500});
  ASSERT_TRUE(sell({"milk"}));
  ASSERT_TRUE(handle(CloseDay{{7'600}}));
  const Booked* const shown = screen.last<Booked>();
  EXPECT_EQ(shown->what, "day_closed");
  EXPECT_EQ(shown->difference, Money{7'600 - (10'000 - 2'500 + 129)});
}

TEST_F(DayTest, GoesOnAfterARestart) {
  start();
  ASSERT_TRUE(handle(OpenDay{{10'000}}));
  const std::string day = state().day;
  ASSERT_TRUE(handle(Close()));
  pass(30h);
  till.reset();
  start();
  EXPECT_EQ(state().day, day);
}

TEST_F(DayTest, SignsOutOnlyWithAnEmptyQueueAndOpensThenOnlyWithTheCloud) {
  start();
  pass(10s);
  cloud.rule = [](const base::HttpRequest&) { return sync::ScriptedCloud::Reply{{}, {}, true}; };
  ASSERT_TRUE(sell({"milk"}));
  const auto no = handle(SignOut());
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().code, base::Code::not_allowed);
  EXPECT_NE(no.error().what.find("1 transactions worth 1.29 EUR"), std::string::npos)
      << no.error().what;
  cloud.rule = nullptr;
  pass(2min);
  ASSERT_TRUE(handle(SignOut()));
  EXPECT_TRUE(till->closed());
}

TEST(DaySums, CountsSalesRefundsAndCash) {
  wire::Event moved = wire::samples::epoch_opened(3);
  moved.id = {"till-1", 3, 4};
  moved.kind = wire::EventKind::cash_moved;
  moved.body = wire::CashMoved{"2026-03-02", {-250}, "bank"};
  const wire::Event sale = wire::samples::sale(2);
  const wire::Event refund = wire::samples::refund(3, sale.id);
  const auto& sold = std::get<wire::Document>(sale.body);
  const auto& back = std::get<wire::Document>(refund.body);
  const auto sums = sum_day({sale, refund, moved}, {"till-1", 3, 1}, {"till-1", 3, 4});
  EXPECT_EQ(sums.sales, 1U);
  EXPECT_EQ(sums.refunds, 1U);
  EXPECT_EQ(sums.sold, sold.total);
  EXPECT_EQ(sums.given_back, back.total);
  EXPECT_EQ(sums.paid_out, Money{-250});
  EXPECT_EQ(sums.missing, 0U);
  ASSERT_EQ(sums.spans.size(), 1U);
  EXPECT_EQ(sums.spans[0], (wire::Span{3, 2, 4}));
  EXPECT_EQ(sum_day({sale, moved}, {"till-1", 3, 1}, {"till-1", 3, 5}).missing, 2U);
}

}  // namespace
}  // namespace tillrig::till
