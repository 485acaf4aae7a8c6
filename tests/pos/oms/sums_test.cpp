// What is in stock is the sum of what was posted, however it is kept.
#include "pos/wire/stock.hpp"
#include "tests/pos/oms/cloud_bench.hpp"

#include <limits>
#include <map>

namespace tillrig::oms {
namespace {

class SumsTest : public CloudBench {
 protected:
  void SetUp() override { start(); }

  void post(int event, std::vector<Goods> goods) {
    ASSERT_TRUE(database_->postings().add_goods("till-1.1." + std::to_string(event), goods));
  }
  std::int64_t stock(std::string_view sku) {
    return database_->postings().balance(wire::kStockLedger, sku).value();
  }
  bool any(std::string_view sku) {
    return database_->postings().any(wire::kStockLedger, sku).value();
  }
};

TEST_F(SumsTest, AreThoseOfAllPostingsAtEachRestartAndAfterAPowerCut) {
  constexpr int kItems = 40;
  std::map<std::string, std::int64_t> right;
  std::vector<std::string> skus;
  for (int i = 0; i < kItems; ++i) skus.push_back("sku-" + std::to_string(i));
  int event = 0;
  for (int round = 0; round < 15; ++round) {
    ASSERT_TRUE(database_->begin());
    for (int i = 0; i < 100; ++i, ++event) {
      std::vector<Goods> goods;
      for (const std::string& sku : skus) {
        const std::int64_t amount = -(event % 7) * 1'000 - 1;
        goods.push_back({sku, amount});
        right[sku] += amount;
      }
      post(event, goods);
    }
    ASSERT_TRUE(database_->commit());
    if (round % 4 == 3) {
      disk_->cut_off();
      volume_.power_cut(disk::Survivors{});
      stop();
      start();
    }
    ASSERT_EQ(stock("sku-3"), right["sku-3"]) << "in round " << round;
  }
  for (const std::string& sku : skus) EXPECT_EQ(stock(sku), right[sku]);
  std::map<std::string, std::int64_t> told;
  std::uint64_t after = 0;
  for (;;) {
    const auto page = database_->postings().read(after, 999).value();
    if (page.empty()) break;
    for (const Posting& posting : page) told[posting.key] += posting.amount;
    after = page.back().n;
  }
  EXPECT_EQ(told, right) << "page by page each posting is told once";
}

TEST_F(SumsTest, KnowNothingOfWhatWasTakenBack) {
  ASSERT_TRUE(database_->begin());
  post(1, {{"milk", -1'000}});
  EXPECT_EQ(stock("milk"), -1'000);
  ASSERT_TRUE(database_->savepoint());
  post(2, {{"milk", -5'000}, {"bread", -1'000}});
  EXPECT_EQ(stock("milk"), -6'000);
  ASSERT_TRUE(database_->undo());
  EXPECT_EQ(stock("milk"), -1'000);
  EXPECT_FALSE(any("bread"));
  database_->rollback();
  EXPECT_FALSE(any("milk"));
  EXPECT_EQ(stock("milk"), 0);
}

TEST_F(SumsTest, StandForEachItemAndNotForItsEvent) {
  ASSERT_TRUE(database_->begin());
  post(1, {{"bread", 2}, {"milk", -2}});
  const std::vector<Goods> again = {{"eggs", 1}};
  const auto twice = database_->postings().add_goods("till-1.1.1", again);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, base::Code::conflict);
  ASSERT_TRUE(database_->commit());
  EXPECT_TRUE(any("bread"));
  EXPECT_FALSE(any("eggs"));
  EXPECT_FALSE(any(""));
}

TEST_F(SumsTest, OfTheLargestAmountsStayWithinTheirBits) {
  constexpr std::int64_t kLarge = std::numeric_limits<std::int64_t>::max() - 1;
  ASSERT_TRUE(database_->begin());
  post(1, {{"gold", kLarge}});
  post(2, {{"gold", kLarge}});
  ASSERT_TRUE(database_->commit());
  EXPECT_EQ(stock("gold"), std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace tillrig::oms
