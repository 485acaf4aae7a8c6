// What a shop's file says of money that its customers have with it.
#include "sim/scenario/read/fixture.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tillrig::scenario {
namespace {

class PurseFixture : public ::testing::Test {
 protected:
  PurseFixture() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "goods.toml")
        << "[[item]]\nsku = \"milk\"\nname = \"Milk\"\n"
           "code = \"4012345100112\"\nprice = \"1.29\"\ntax = \"7\"\nunit = \"piece\"\n";
  }
  ~PurseFixture() override { std::filesystem::remove_all(folder_); }
  // A small shop with these tables; nothing where it is not good, and then what is wrong.
  std::optional<world::Shop> shop(const std::string& tables) {
    const auto path = folder_ / "shop.toml";
    std::ofstream(path) << "currency = \"EUR\"\ncatalogue = \"goods.toml\"\n"
                           "[[tax]]\ncode = \"B\"\nname = \"VAT\"\nrate = \"7\"\n"
                        << tables;
    Problems problems(path.string());
    auto read = load_shop(path.string(), problems);
    wrong_.clear();
    for (const std::string& each : sentences(problems.all())) wrong_ += each + "\n";
    return read;
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                  (std::string("purse-fixture-") +
                                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
  std::string wrong_;
};

TEST_F(PurseFixture, HasNoneOfThemUnlessItSaysSo) {
  const auto read = shop("");
  ASSERT_TRUE(read) << wrong_;
  EXPECT_FALSE(read->purses.gift || read->purses.account || read->purses.credit);
}

TEST_F(PurseFixture, SaysWhichThereAreAndWhatIsDoneWithoutALine) {
  const auto read = shop(
      "[gift]\nenabled = true\n[account]\nenabled = true\nno_limit = true\n"
      "[credit]\nenabled = true\noffline = \"warn\"\n");
  ASSERT_TRUE(read) << wrong_;
  EXPECT_TRUE(read->purses.gift && read->purses.account && read->purses.credit);
  EXPECT_TRUE(read->purses.account_no_limit);
  EXPECT_EQ(read->purses.credit_offline, "warn");
}

TEST_F(PurseFixture, IsRefusedWithASentenceWhereItIsWrong) {
  EXPECT_FALSE(shop("[credit]\nenabled = true\noffline = \"perhaps\"\n"));
  EXPECT_NE(wrong_.find("\"allow_posting\", \"warn\" or \"refuse\""), std::string::npos) << wrong_;
  EXPECT_FALSE(shop("[gift]\nenabled = \"yes\"\n"));
  EXPECT_NE(wrong_.find("enabled"), std::string::npos) << wrong_;
  EXPECT_FALSE(shop("[account]\nlimit = \"5.00\"\n"));
  EXPECT_NE(wrong_.find("limit"), std::string::npos) << wrong_;
}

TEST_F(PurseFixture, HasNullReceiptsOnlyWhereItSaysSo) {
  const auto plain = shop("");
  ASSERT_TRUE(plain) << wrong_;
  EXPECT_FALSE(plain->null_receipt);
  const auto fiscal = shop("[fiscal]\nnull_receipt = true\n");
  ASSERT_TRUE(fiscal) << wrong_;
  EXPECT_TRUE(fiscal->null_receipt);
  EXPECT_FALSE(shop("[fiscal]\nnull_receipt = \"yes\"\n"));
  EXPECT_NE(wrong_.find("null_receipt"), std::string::npos) << wrong_;
  EXPECT_FALSE(shop("[fiscal]\nnull_receipts = true\n"));
  EXPECT_NE(wrong_.find("null_receipt"), std::string::npos) << wrong_;
}

TEST_F(PurseFixture, HasALanOnlyWhereItSaysSo) {
  const auto plain = shop("");
  ASSERT_TRUE(plain) << wrong_;
  EXPECT_FALSE(plain->lan.enabled);
  const auto lan = shop("[till.lan]\nwired = [\"till-2\"]\n");
  ASSERT_TRUE(lan) << wrong_;
  EXPECT_TRUE(lan->lan.enabled);
  EXPECT_EQ(lan->lan.wired, std::vector<std::string>{"till-2"});
  EXPECT_FALSE(shop("[till.lan]\nbeat_ms = 2000\nlease_ms = 3000\n"));
  EXPECT_NE(wrong_.find("at least two beats"), std::string::npos) << wrong_;
  EXPECT_FALSE(shop("[till.lan]\nhub = \"till-1\"\n"));
  EXPECT_NE(wrong_.find("hub"), std::string::npos) << wrong_;
}

}  // namespace
}  // namespace tillrig::scenario
