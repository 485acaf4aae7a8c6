// Points in the cloud: postings of events, each once, and who may ask for their sum.
#include "pos/wire/hold.hpp"
#include "pos/wire/points.hpp"
#include "pos/wire/stock.hpp"
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
  std::string sku_;
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
  auto rows = database_->postings().read(0, 100).value();
  std::erase_if(rows, [](const Posting& row) { return row.ledger != wire::kPointsLedger; });
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
  const auto rows = database_->postings().read(0, 100);
  ASSERT_TRUE(rows);
  for (const Posting& row : *rows) {
    EXPECT_NE(row.ledger, wire::kPointsLedger);
  }
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

class HoldTest : public PointsTest {
 protected:
  // Ana has 100 points.
  void begin(base::Mutants mutants = {}) {
    start(std::move(mutants));
    up({with_points(samples::sale(1), "ana", 100)});
  }
  base::HttpResponse hold(const std::string& id, std::int64_t points,
                          const std::string& member = "ana") {
    return post("/v1/holds",
                wire::write_json(wire::Hold{id, std::string(wire::kPointsLedger), member, points}),
                login_.token);
  }
  base::HttpResponse release(const std::string& id) {
    return post("/v1/holds/" + id + "/release", "{}", login_.token);
  }
  static std::string state_of(const base::HttpResponse& answer) {
    const auto held = wire::read_held(answer.body);
    if (held) return held->state;
    const auto problem = wire::read_problem(answer.body);
    return problem ? problem->code : answer.body;
  }
  wire::Event redeems(std::uint64_t number, const std::string& id, std::int64_t points) {
    auto event = with_points(samples::sale(number), "ana", 5);
    event.tail.set(wire::kHold, id);
    event.tail.set(wire::kRedeemed, points);
    return event;
  }
};

TEST_F(HoldTest, WhatIsHeldIsNotGivenTwiceAndTheSameHoldIsTheSameAnswer) {
  begin();
  EXPECT_EQ(state_of(hold("h1", 60)), "open");
  EXPECT_EQ(state_of(hold("h1", 60)), "open") << "asked again after a lost answer";
  EXPECT_EQ(state_of(hold("h2", 60)), wire::kInsufficient);
  EXPECT_EQ(state_of(hold("h2", 40)), "open");
  EXPECT_EQ(state_of(hold("h1", 1)), wire::kOtherHold);
  EXPECT_EQ(state_of(release("h1")), "released");
  EXPECT_EQ(state_of(release("h1")), "released");
  EXPECT_EQ(state_of(hold("h1", 60)), wire::kOtherHold) << "it is over";
  EXPECT_EQ(state_of(hold("h3", 60)), "open");
}

TEST_F(HoldTest, AReleaseThatOvertakesItsHoldStopsIt) {
  begin();
  EXPECT_EQ(state_of(release("h9")), "released");
  EXPECT_EQ(state_of(hold("h9", 10)), wire::kOtherHold);
}

TEST_F(HoldTest, TheSaleThatNamesItCapturesItOnceHoweverOftenItIsSent) {
  begin();
  EXPECT_EQ(state_of(hold("h1", 60)), "open");
  const auto sale = redeems(2, "h1", 60);
  for (int i = 0; i < 3; ++i) {
    const auto answer = up({sale});
    EXPECT_TRUE(answer.results[0].code.empty()) << answer.results[0].code;
  }
  EXPECT_EQ(points("ana"), 45);
  EXPECT_EQ(state_of(release("h1")), "captured") << "nothing to give back any more";
  EXPECT_EQ(state_of(hold("h2", 45)), "open");
}

// Money has moved: it is booked, and a person looks at it.
TEST_F(HoldTest, ASaleWithoutAHoldThatCountsIsBookedAndFlagged) {
  begin();
  EXPECT_EQ(up({redeems(2, "h7", 60)}).results[0].code, "no_hold");
  EXPECT_EQ(points("ana"), 45);
}

TEST_F(HoldTest, ABadHoldIsRefusedAndKeepsNothing) {
  begin();
  for (const char* body : {"{}", R"({"id":"a b","ledger":"points","key":"ana","amount":1})",
                           R"({"id":"h","ledger":"gold","key":"ana","amount":1})",
                           R"({"id":"h","ledger":"points","key":"ana","amount":0})", "[]"}) {
    EXPECT_EQ(post("/v1/holds", body, login_.token).status, 400) << body;
  }
  EXPECT_EQ(post("/v1/holds", "{}").status, 401);
  EXPECT_EQ(get("/v1/holds", login_.token).status, 405);
  EXPECT_TRUE(database_->postings().holds("", 10).value().empty());
}

TEST_F(PointsTest, StockIsWhatCameLessWhatWasSoldOnceForEachDeliveryAndSale) {
  start();
  login_ = login();
  const auto stock = [&] {
    const auto read = wire::read_stock(get("/v1/stock/" + sku_, login_.token).body);
    return read ? read->quantity.thousandths : -1;
  };
  const auto sale = samples::sale(1);
  const wire::Line& line = std::get<wire::Document>(sale.body).lines[0];
  sku_ = line.sku;
  EXPECT_EQ(stock(), 0);
  const std::string delivery = wire::write_json(wire::Delivery{"d1", {{sku_, {24'000}}}});
  EXPECT_EQ(post("/v1/deliveries", delivery).status, 200);
  EXPECT_EQ(post("/v1/deliveries", delivery).status, 200) << "sent again";
  EXPECT_EQ(stock(), 24'000);
  for (int i = 0; i < 3; ++i) up({sale, samples::refund(2, sale.id)});
  const auto back =
      std::get<wire::Document>(samples::refund(2, sale.id).body).lines[0].quantity.thousandths;
  std::int64_t sold = back;
  for (const wire::Line& each : std::get<wire::Document>(sale.body).lines) {
    if (each.sku == sku_) sold += each.quantity.thousandths;
  }
  EXPECT_EQ(stock(), 24'000 - sold);
  EXPECT_EQ(post("/v1/deliveries", "{}").status, 400);
  EXPECT_EQ(get("/v1/stock/" + sku_).status, 401);
  EXPECT_EQ(get("/v1/deliveries").status, 405);
}

}  // namespace
}  // namespace tillrig::oms
