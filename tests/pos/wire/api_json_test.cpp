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

TEST(ApiJson, GivesBackAManifestAndItsAnswer) {
  const std::vector<ManifestEntry> entries = {{"till-1.3.1", "aa"}, {"till-1.3.2", "bb"}};
  const auto back = read_manifest(write_json(entries));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(write_json(*back), write_json(entries));
  const ManifestAnswer answer{{"till-1.3.1"}, {"till-1.3.2"}, 998};
  const auto answer_back = read_manifest_answer(write_json(answer));
  ASSERT_TRUE(answer_back) << answer_back.error().what;
  EXPECT_EQ(write_json(*answer_back), write_json(answer));
}

TEST(ApiJson, RefusesAManifestPageOfMoreThanAThousand) {
  std::vector<ManifestEntry> entries(1'000, ManifestEntry{"till-1.3.1", "aa"});
  EXPECT_TRUE(read_manifest(write_json(entries)));
  entries.push_back(entries.front());
  EXPECT_FALSE(read_manifest(write_json(entries)));
}

TEST(ApiJson, WritesAProblemAsJson) {
  EXPECT_EQ(write_problem("bad_json", "a \"quote\""),
            R"({"error":{"code":"bad_json","what":"a \"quote\""}})");
}

}  // namespace
}  // namespace tillrig::wire
