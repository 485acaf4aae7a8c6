// Business days at the cloud: late sales, reports, what is outstanding.
#include "pos/base/json_fields.hpp"
#include "tests/pos/oms/cloud_bench.hpp"
#include "tests/pos/oms/projections.hpp"

namespace tillrig::oms {
namespace {

class DaysTest : public CloudBench {
 protected:
  wire::DayReport report(const std::string& more = "&till=till-1") {
    const auto answer = get("/v1/reports/days?day=2026-03-02" + more);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto read = base::read_message<wire::DayReports>(answer.body, "report");
    EXPECT_TRUE(read) << answer.body;
    return read && !read->reports.empty() ? read->reports.front() : wire::DayReport();
  }
};

TEST_F(DaysTest, TakesALateSaleAndFlagsItAndSaysUntilThenWhatLacks) {
  start();
  const auto first = samples::sale(1);  // its seq is 2
  const auto late = samples::sale(2);
  EXPECT_EQ(statuses(up({first, samples::day_closed(4)})), (Statuses{"applied", "applied"}));
  EXPECT_EQ(report().outstanding, 1U);
  EXPECT_EQ(report().first_outstanding, (std::vector<std::string>{"3.3"}));
  EXPECT_EQ(statuses(up({late})), (Statuses{"applied late_for_day"}));
  EXPECT_EQ(statuses(up({late})), (Statuses{"duplicate late_for_day"}));
  EXPECT_EQ(report().outstanding, 0U);
  EXPECT_EQ(report().late, 1U);
  EXPECT_EQ(statuses(up({samples::sale(4)})), (Statuses{"applied"}));  // of the next day
}

TEST_F(DaysTest, ReportsSalesRefundsTaxTendersAndCash) {
  start();
  const auto sale = samples::sale(1);
  const auto refund = samples::refund(2, sale.id);
  up({sale, refund,
      samples::of_day(4, wire::EventKind::cash_moved, wire::CashMoved{"2026-03-02", {700}, ""}),
      samples::of_day(5, wire::EventKind::cash_moved, wire::CashMoved{"2026-03-02", {-50}, ""})});
  const auto& sold = std::get<wire::Document>(sale.body);
  const auto& back = std::get<wire::Document>(refund.body);
  const auto told = report();
  EXPECT_EQ(told.sales, 1U);
  EXPECT_EQ(told.sold, sold.total);
  EXPECT_EQ(told.refunds, 1U);
  EXPECT_EQ(told.given_back, back.total);
  ASSERT_EQ(told.rates.size(), 1U);
  EXPECT_EQ(told.rates[0].tax, sold.tax + back.tax);
  ASSERT_EQ(told.tenders.size(), 1U);
  EXPECT_EQ(told.tenders[0].amount, sold.total + back.total);
  EXPECT_EQ(told.paid_in, base::Money{700});
  EXPECT_EQ(told.paid_out, base::Money{-50});
  EXPECT_TRUE(told.closes.empty());
  EXPECT_EQ(report("").till, "till-1");
}

TEST_F(DaysTest, AreTheSameWhenTheyAreMadeAnewFromTheEvents) {
  start();
  const auto sale = samples::sale(1);
  up({sale, samples::refund(2, sale.id),
      samples::of_day(4, wire::EventKind::day_opened, wire::DayOpened{"2026-03-02", {700}}),
      samples::day_closed(6)});
  const std::string before = get("/v1/reports/days?day=2026-03-02").body;
  ASSERT_TRUE(rebuild_projections(*database_));
  EXPECT_EQ(get("/v1/reports/days?day=2026-03-02").body, before);
  EXPECT_NE(before.find(R"("outstanding":1)"), std::string::npos) << before;
  EXPECT_NE(get("/v1/reports/calendar").body.find("2026-03-02"), std::string::npos);
}

TEST_F(DaysTest, RefusesWhatIsNoDay) {
  start();
  auto odd = samples::day_closed(4);
  std::get<wire::DayClosed>(odd.body).spans = {{3, 5, 4}};
  EXPECT_EQ(statuses(up({odd})), (Statuses{"rejected bad_spans"}));
  odd = samples::day_closed(5);
  std::get<wire::DayClosed>(odd.body).spans = {{3, 1, 2}, {3, 3, 4}};
  EXPECT_EQ(statuses(up({odd})), (Statuses{"rejected bad_spans"}));
  const auto moved =
      samples::of_day(6, wire::EventKind::cash_moved, wire::CashMoved{"2026-02-30", {1}, ""});
  EXPECT_EQ(statuses(up({moved})), (Statuses{"rejected bad_day"}));
  EXPECT_EQ(get("/v1/reports/days?day=today").status, 400);
  EXPECT_EQ(get("/v1/reports/days?day=2026-03-02&till=No%20Till").status, 400);
}

TEST_F(DaysTest, KeepsAKindThatItDoesNotKnowAndTellsSomebody) {
  start();
  const auto later = samples::of_day(4, static_cast<wire::EventKind>(77), wire::Unknown{"new"});
  EXPECT_EQ(statuses(up({later, samples::sale(4)})), (Statuses{"applied unknown_kind", "applied"}));
  EXPECT_EQ(statuses(up({later})), (Statuses{"duplicate unknown_kind"}));
  EXPECT_EQ(*database_->body(later.id).value(), wire::encode(later));
  const std::string audit = get("/v1/audit/events?bodies=1&limit=200").body;
  EXPECT_NE(audit.find(R"("kind":"#77")"), std::string::npos) << audit;
  EXPECT_NE(audit.find(R"("raw":"6e6577")"), std::string::npos) << audit;
  ASSERT_TRUE(rebuild_projections(*database_));
}

TEST_F(DaysTest, KeepsAnOutageAndTellsSomebodyOfOneThatHasToBeReported) {
  start();
  constexpr std::int64_t kTwoDays = 48LL * 60 * 60 * 1000;
  up({samples::sale(1)});
  const auto lasting = samples::outage_closed(4, kTwoDays);
  const auto longer = samples::outage_closed(5, kTwoDays + 1);
  EXPECT_EQ(statuses(up({lasting, longer})), (Statuses{"applied", "applied outage_to_report"}));
  EXPECT_EQ(statuses(up({longer})), (Statuses{"duplicate outage_to_report"}));
  EXPECT_EQ(statuses(up({samples::outage_closed(6, -1)})), (Statuses{"rejected bad_outage"}));
  const std::string audit = get("/v1/audit/events?bodies=1&limit=200").body;
  EXPECT_NE(audit.find(R"("kind":"outage_closed")"), std::string::npos) << audit;
  EXPECT_NE(audit.find(R"("documents":3)"), std::string::npos) << audit;
  ASSERT_TRUE(rebuild_projections(*database_));
}

TEST_F(DaysTest, TakesLoginsThatSayTheirVersionAndThoseThatDoNot) {
  start();
  EXPECT_EQ(post("/v1/tills/till-1/login", R"({"version":"1.15.0","later":1})").status, 200);
  EXPECT_EQ(post("/v1/tills/till-1/login", "{}").status, 200);
  EXPECT_EQ(post("/v1/tills/till-1/login", "").status, 200);
  EXPECT_EQ(post("/v1/tills/till-1/login", R"({"version":7})").status, 400);
}

}  // namespace
}  // namespace tillrig::oms
