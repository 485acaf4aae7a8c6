#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

TEST(ApiJson, GivesBackAPong) {
  const Pong pong{"n-\"1\"", 1'772'438'400'000, "cloud-1"};
  const auto back = read_pong(write_json(pong));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->nonce, pong.nonce);
  EXPECT_EQ(back->server_ms, pong.server_ms);
  EXPECT_EQ(back->server_epoch, pong.server_epoch);
  EXPECT_FALSE(read_pong("<html>Welcome to the hotel</html>"));
}

TEST(ApiJson, GivesBackALogin) {
  LoggedIn login{"token", 7, "cloud-1", {{1, 40, 41}, {2, 3, 5}}};
  const auto back = read_login(write_json(login));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(write_json(*back), write_json(login));
  EXPECT_EQ(back->highs[1].contiguous_through, 5U);
}

// The till's database keeps an epoch in 23 bits; whoever answers a login is not proved to be the
// cloud.
TEST(ApiJson, RefusesALoginWithAnEpochThatNoTillCanHave) {
  LoggedIn login{"token", 7, "cloud-1", {{kMostEpoch, 40, 41}}};
  EXPECT_TRUE(read_login(write_json(login)));
  for (const std::uint32_t epoch : {kMostEpoch + 1, 1U << 24U, UINT32_MAX}) {
    login.highs.front().epoch = epoch;
    const auto refused = read_login(write_json(login));
    ASSERT_FALSE(refused) << epoch;
    EXPECT_NE(refused.error().what.find("epoch"), std::string::npos) << refused.error().what;
  }
}

TEST(ApiJson, GivesBackAReceipt) {
  Receipt receipt;
  receipt.sale = "till-1.3.2";
  receipt.currency = "EUR";
  receipt.on_top = true;
  receipt.lines = {{samples::line("milk", 129, 2000, 5), Quantity{1000}}};
  receipt.refunds = {"till-1.3.4"};
  const auto back = read_receipt(write_json(receipt));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(write_json(*back), write_json(receipt));
  EXPECT_EQ(back->lines[0].line, receipt.lines[0].line);
  receipt.lines[0].given_back = Quantity{-1};
  EXPECT_FALSE(read_receipt(write_json(receipt)));
}

TEST(ApiJson, GivesBackAProblem) {
  const auto problem = read_problem(write_problem("fenced", "log in \"again\""));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->code, "fenced");
  EXPECT_EQ(problem->what, "log in \"again\"");
  EXPECT_FALSE(read_problem("<html></html>"));
  EXPECT_FALSE(read_problem(""));
}

TEST(ApiJson, WritesAProblemAsJson) {
  EXPECT_EQ(write_problem("bad_json", "a \"quote\""),
            R"({"error":{"code":"bad_json","what":"a \"quote\""}})");
}

}  // namespace
}  // namespace tillrig::wire
