// Payments by card in the cloud: what tills tell of them, what the acquirer says.
#include "pos/wire/attempt.hpp"
#include "tests/pos/oms/cloud_bench.hpp"

namespace tillrig::oms {
namespace {

using wire::AttemptOutcome;
using wire::AttemptState;

class AttemptsTest : public CloudBench {
 protected:
  void begin() {
    start();
    login_ = login();
  }
  static wire::Event told(std::uint64_t seq, AttemptState state,
                          const std::string& id = "till-1-3-7",
                          const std::string& order = "till-1-3-7") {
    wire::Event event = samples::card_attempt(seq);
    auto& attempt = std::get<wire::CardAttempt>(event.body).attempt;
    attempt.id = id;
    attempt.order = order;
    attempt.state = state;
    return event;
  }
  base::HttpResponse say(AttemptOutcome outcome, std::int64_t minor = 1234) {
    const wire::AttemptKnown word{"till-1-3-7", outcome, base::Money{minor}, "EUR", {}, {}};
    return post("/v1/attempts/till-1-3-7", wire::write_json(word));
  }
  wire::AttemptKnown known() {
    const auto answer = get("/v1/attempts/till-1-3-7", login_.token);
    return wire::read_attempt(answer.body)
        .value_or(wire::AttemptKnown{answer.body, {}, {}, {}, {}, {}});
  }
};

TEST_F(AttemptsTest, AnAttemptIsKnownWithWhatItsTillHasTold) {
  begin();
  EXPECT_EQ(get("/v1/attempts/till-1-3-7", login_.token).status, 404);
  EXPECT_EQ(statuses(up({told(2, AttemptState::parked)})), Statuses{"applied"});
  EXPECT_EQ(known().state, "parked");
  EXPECT_EQ(known().outcome, AttemptOutcome::unknown);
  EXPECT_EQ(known().till, "till-1");
}

TEST_F(AttemptsTest, TheAcquirersWordIsKeptAndToldByTheFeed) {
  begin();
  up({told(2, AttemptState::parked)});
  EXPECT_EQ(say(AttemptOutcome::approved).status, 200);
  EXPECT_EQ(say(AttemptOutcome::approved).status, 200) << "again";
  EXPECT_EQ(known().outcome, AttemptOutcome::approved);
  EXPECT_EQ(say(AttemptOutcome::declined).status, 409);
  EXPECT_EQ(say(AttemptOutcome::reversed).status, 200);
  const auto page = get("/v1/sync/down?collection=attempts&cursor=0&limit=10", login_.token);
  const auto read = wire::read_feed_page(page.body);
  ASSERT_TRUE(read) << page.body;
  ASSERT_EQ(read->rows.size(), 1U);
  EXPECT_EQ(wire::read_attempt(read->rows[0].body)->outcome, AttemptOutcome::reversed);
}

TEST_F(AttemptsTest, TheAcquirerMayBeFasterThanTheTill) {
  begin();
  EXPECT_EQ(say(AttemptOutcome::approved).status, 200);
  up({told(2, AttemptState::approved)});
  EXPECT_EQ(known().outcome, AttemptOutcome::approved);
  EXPECT_EQ(known().state, "approved");
}

TEST_F(AttemptsTest, AnUnresolvedOrderIsNotGivenBackByAnyTill) {
  begin();
  up({told(2, AttemptState::declined)});
  EXPECT_EQ(get("/v1/receipts/till-1-3-7", login_.token).status, 400);
  up({told(3, AttemptState::parked, "till-1-3-9")});
  const auto other = login("till-2");
  const auto refused = get("/v1/receipts/till-1-3-7", other.token);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(wire::read_problem(refused.body)->code, wire::kPaymentUnresolved);
  up({told(4, AttemptState::approved, "till-1-3-9")});
  EXPECT_NE(get("/v1/receipts/till-1-3-7", other.token).status, 409);
}

}  // namespace
}  // namespace tillrig::oms
