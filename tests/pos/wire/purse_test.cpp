#include "pos/wire/purse.hpp"

#include "pos/wire/balance.hpp"
#include "pos/wire/hold.hpp"
#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

const Move kIn{{"gift", "GC-1"}, 2000, "till-1-00aa"};
const Move kOut{{"gift", "GC-2"}, -1500, ""};

TEST(Purse, MovesComeThroughTheTailOfAnEventWhole) {
  Event event = samples::sale(1);
  EXPECT_TRUE(moves_of(event).value().empty());
  event.tail.set(kMoves, write_moves(std::vector{kIn, kOut}));
  EXPECT_EQ(write_moves(std::vector{kIn, kOut}), "gift:GC-1=2000@till-1-00aa gift:GC-2=-1500");
  EXPECT_EQ(moves_of(event).value(), (std::vector{kIn, kOut}));
  EXPECT_EQ(decode(encode(event)).value(), event);
}

TEST(Purse, ReadsNoMoveOfAnUnknownPurseOfNothingOrTwiceOfOne) {
  for (const char* text :
       {"gift:GC-1", "gold:GC-1=5", "gift:=5", "gift:GC 1=5", "gift:GC-1=", "gift:GC-1=0",
        "gift:GC-1=5x", "gift:GC-1=5@", "gift:GC-1=5@a b", "gift:GC-1=5 gift:GC-1=-5",
        "gift:GC-1=9999999999999999", "gift:GC-1=99999999999999999999", " gift:GC-1=5",
        "gift:GC-1=5  gift:GC-2=5"}) {
    const auto read = read_moves(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, base::Code::bad_input) << text;
  }
}

TEST(Purse, ALineFillsAPurseByItsSkuAndCountsAsLoaded) {
  EXPECT_TRUE(is_purse_sku("gift:GC-1"));
  for (const char* sku : {"gift", "gift:", "milk", "gold:GC-1", "gift:a/b"}) {
    EXPECT_FALSE(is_purse_sku(sku)) << sku;
  }
  Document document;
  document.lines = {samples::line("milk", 129, 2000), samples::line("gift:GC-1", 2000, 1000)};
  EXPECT_EQ(loaded_by(document), Money{2000});
}

TEST(Purse, MessagesComeThroughWhole) {
  const auto in = read_in_purse(write_json(InPurse{"gift:GC-1", Money{500}}));
  ASSERT_TRUE(in);
  EXPECT_EQ(in->of, "gift:GC-1");
  EXPECT_EQ(in->balance, Money{500});
  const auto place = read_keep_for(write_json(KeepFor{3, 42}));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->epoch, 3U);
  EXPECT_EQ(place->seq, 42U);
  for (const char* body :
       {"{}", R"({"epoch":3})", R"({"epoch":3,"seq":0})", R"({"epoch":-1,"seq":1})", "[]"}) {
    EXPECT_FALSE(read_keep_for(body)) << body;
  }
  const Hold hold{"till-1-00ff", std::string(kNewCard), "GC-1", 100};
  EXPECT_EQ(read_hold(write_json(hold)).value(), hold);
}

TEST(Purse, ABalanceOfTheFeedAndALimitComeThroughWhole) {
  const Balance row{"credit:ana", Money{-500}, {7}, {{"till-1", 3, 42}, {"till-2", 1, 2}}};
  const auto back = read_balance(write_balance(row));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->balance, Money{-500});
  ASSERT_EQ(back->through.size(), 2U);
  EXPECT_EQ(back->through[0].seq, 42U);
  for (const char* body : {"{}", R"({"of":"credit:ana","balance":1,"as_of":1})", "[]"}) {
    EXPECT_FALSE(read_balance(body)) << body;
  }
  EXPECT_EQ(read_account_limit(write_json(AccountLimit{"ana", Money{5}}))->limit, Money{5});
  EXPECT_FALSE(read_account_limit(write_json(AccountLimit{"ana", {}}))->limit);
  for (const char* body :
       {"{}", R"({"customer":"a b","limit":5})", R"({"customer":"ana","limit":-1})"}) {
    EXPECT_FALSE(read_account_limit(body)) << body;
  }
}

TEST(Purse, NoItemHasTheSkuOfAPurse) {
  ItemChanges changes;
  changes.items.push_back({"gift:GC-1", "Card", "", Money{1}, Rate{0}, false});
  EXPECT_FALSE(read_item_changes(write_json(changes)));
}

}  // namespace
}  // namespace tillrig::wire
