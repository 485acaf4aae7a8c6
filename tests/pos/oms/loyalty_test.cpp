// Points in the cloud: postings of events, each once, and who may ask for their sum.
#include "pos/wire/points.hpp"
#include "tests/pos/oms/cloud_bench.hpp"

namespace tillrig::oms {
namespace {

wire::Event with_points(wire::Event event, std::string_view member, std::int64_t points) {
  event.tail.set(wire::kMember, member);
  event.tail.set(wire::kPoints, points);
  return event;
}

class PointsTest : public CloudBench {
 protected:
  std::int64_t points(const std::string& member) {
    if (login_.token.empty()) login_ = login();
    const auto answer = get("/v1/loyalty/" + member, login_.token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.fields.get("Cache-Control"), "no-store");
    const auto read = wire::read_points(answer.body);
    EXPECT_TRUE(read) << answer.body;
    return read ? read->points : -1;
  }
};

TEST_F(PointsTest, AreTheSumOfSalesAndRefundsHoweverOftenTheyAreSent) {
  start();
  EXPECT_EQ(points("ana"), 0);
  const auto sale = with_points(samples::sale(1), "ana", 43);
  const auto other = with_points(samples::sale(2), "ben", 7);
  const auto refund = with_points(samples::refund(3, sale.id), "ana", -20);
  for (int i = 0; i < 3; ++i) up({sale, other, refund});
  EXPECT_EQ(points("ana"), 23);
  EXPECT_EQ(points("ben"), 7);
  const auto rows = database_->postings().read(0, 10).value();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].event, sale.id.text());
  EXPECT_EQ(rows[2].amount, -20);
  const std::string audit = get("/v1/audit/postings").body;
  EXPECT_NE(audit.find(R"("ledger":"points","key":"ana","amount":43)"), std::string::npos) << audit;
}

TEST_F(PointsTest, ASaleThatIsRefusedGivesNone) {
  start({}, {.reject_skus = {"SKU-1", "A1", "milk"}, .currency = "XXX"});
  const auto answer = up({with_points(samples::sale(1), "ana", 43)});
  EXPECT_EQ(answer.results[0].status, wire::ItemStatus::rejected);
  EXPECT_EQ(points("ana"), 0);
}

TEST_F(PointsTest, ATailThatNamesNoCustomerOrNoPointsGivesNone) {
  start();
  auto sale = samples::sale(1);
  sale.tail.set(wire::kPoints, 5);
  up({sale, with_points(samples::sale(2), "not an id", 5),
      with_points(samples::sale(3), "ana", 0)});
  EXPECT_TRUE(database_->postings().read(0, 10).value().empty());
}

TEST_F(PointsTest, ACustomerWhoWasRemovedAnIdThatIsNoneAndAStrangerAreRefusedWithASentence) {
  start();
  login_ = login();
  const wire::CustomerChanges gone{{}, {"ben"}};
  ASSERT_EQ(post("/v1/customers", wire::write_json(gone)).status, 200);
  const auto removed = get("/v1/loyalty/ben", login_.token);
  EXPECT_EQ(removed.status, 404);
  EXPECT_EQ(wire::read_problem(removed.body)->code, wire::kNoMember);
  EXPECT_EQ(get("/v1/loyalty/a%20b", login_.token).status, 400);
  EXPECT_EQ(get("/v1/loyalty/ana").status, 401);
  EXPECT_EQ(post("/v1/loyalty/ana", "{}", login_.token).status, 405);
  const std::string old = login_.token;
  login_ = login();
  EXPECT_EQ(get("/v1/loyalty/ana", old).status, 409);
}

}  // namespace
}  // namespace tillrig::oms
