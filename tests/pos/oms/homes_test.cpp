// Two tills under one name, as the cloud hears of them.

#include "tests/pos/oms/cloud_bench.hpp"

#include <gtest/gtest.h>

namespace tillrig::oms {
namespace {

class HomesTest : public CloudBench {
 protected:
  void SetUp() override { start({}, Rules{}); }

  wire::LoggedIn from(const std::string& home) {
    const wire::Login who{"1.15.0", home};
    return wire::read_login(post("/v1/tills/till-1/login", wire::write_json(who)).body).value();
  }
  int status_of(const wire::LoggedIn& login, std::uint64_t seq) {
    wire::UpBatch batch = samples::batch({samples::sale(seq)});
    batch.generation = login.generation;
    return send(batch, login.token).status;
  }
};

TEST_F(HomesTest, AMachineThatIsStartedAnewIsOneTill) {
  for (const char* home : {"a", "a", "b", "b", "c"}) EXPECT_FALSE(from(home).two) << home;
  const wire::LoggedIn old = from("c");
  const wire::LoggedIn now = from("d");
  EXPECT_EQ(status_of(old, 1), 409);
  EXPECT_EQ(status_of(now, 1), 200);
}

TEST_F(HomesTest, WhoComesAgainAfterAnotherIsToldAndSoIsTheOther) {
  const wire::LoggedIn first = from("a");
  EXPECT_FALSE(from("b").two);
  EXPECT_EQ(status_of(first, 1), 409) << "until then nobody knew";
  EXPECT_TRUE(from("a").two);
  EXPECT_TRUE(from("b").two);
}

TEST_F(HomesTest, TheLoginsOfBothStandOnceBothWereTold) {
  from("a");
  from("b");
  const wire::LoggedIn a = from("a");
  const wire::LoggedIn b = from("b");
  EXPECT_EQ(status_of(a, 1), 200);
  EXPECT_EQ(status_of(b, 2), 200);
  EXPECT_EQ(status_of(a, 3), 200);
  const wire::LoggedIn again = from("a");
  EXPECT_EQ(status_of(a, 4), 409) << "an older one of the same place does not";
  EXPECT_EQ(status_of(b, 4), 200);
  EXPECT_EQ(status_of(again, 5), 200);
}

TEST_F(HomesTest, WhoDoesNotSayWhereItIsIsFencedAsEver) {
  const wire::LoggedIn old = login();
  const wire::LoggedIn now = login();
  EXPECT_FALSE(now.two);
  EXPECT_EQ(status_of(old, 1), 409);
}

}  // namespace
}  // namespace tillrig::oms
