// What was seen stays seen (INV-50), and the outbox once more changes nothing (INV-51).
#include "tests/sim/oracle/day.hpp"

namespace tillrig::oracle {
namespace {

GoodsChange change(base::Duration at, std::string sku, std::int64_t price, std::uint64_t v) {
  return {Instant{0} + at, 5, std::move(sku), true, price, v};
}
void look(Day& day, base::Duration at, std::string sku, std::int64_t price) {
  day.tapes.goods_looks.push_back({Instant{0} + at, Day::kTill, std::move(sku), true, price});
}

// Salt changes twice and pepper once; a look before, one between and one after.
Day goods_day() {
  Day day = good_day();
  for (const auto* sku : {"salt", "pepper"}) {
    ShopItem item;
    item.sku = sku;
    item.price = 100;
    day.tapes.shop.items.push_back(item);
  }
  day.tapes.goods_changes = {change(10s, "salt", 110, 1), change(10s, "pepper", 120, 2),
                             change(50s, "salt", 130, 3)};
  return day;
}

TEST(Inv50, HoldsWhereALaterLookHasTheSameOrMore) {
  Day day = goods_day();
  look(day, 5s, "salt", 100);
  look(day, 20s, "salt", 110);
  look(day, 20s, "pepper", 120);
  look(day, 60s, "salt", 130);
  look(day, 60s, "pepper", 120);
  EXPECT_TRUE(verdict_of(day, "INV-50").violations.empty());
  EXPECT_GE(verdict_of(day, "INV-50").judged, 5U);
}

TEST(Inv50, FindsGoodsThatWentBackOrAreNone) {
  Day back = goods_day();
  look(back, 20s, "salt", 110);
  look(back, 30s, "salt", 100);
  EXPECT_FALSE(verdict_of(back, "INV-50").violations.empty());
  Day none = goods_day();
  look(none, 20s, "salt", 110);
  none.tapes.goods_looks.push_back({Instant{0} + 30s, Day::kTill, "salt", false, 0});
  EXPECT_FALSE(verdict_of(none, "INV-50").violations.empty());
}

TEST(Inv50, FindsHalfAPage) {
  Day day = goods_day();
  look(day, 60s, "pepper", 100);
  look(day, 60s, "salt", 130);
  ASSERT_EQ(verdict_of(day, "INV-50").violations.size(), 1U);
  // A change that is newer than all that is shown may still be on its way.
  Day early = goods_day();
  look(early, 60s, "pepper", 120);
  look(early, 60s, "salt", 110);
  EXPECT_TRUE(verdict_of(early, "INV-50").violations.empty());
}

TEST(Inv50, TheTablesOfACloudThatWasPutBackMayBeOlder) {
  Day day = goods_day();
  look(day, 20s, "salt", 110);
  day.at(25s, 20).act(ActEntry::Kind::kill, "cloud.put_back");
  look(day, 30s, "salt", 100);
  EXPECT_TRUE(verdict_of(day, "INV-50").violations.empty());
}

TEST(Inv50, FindsAnOwnDocumentThatIsHidden) {
  Day day = good_day();
  RegisterLook after = day.tapes.registers.back();
  after.at = after.at + 1s;
  after.rows.erase(after.rows.begin());
  day.tapes.registers.push_back(after);
  EXPECT_FALSE(verdict_of(day, "INV-50").violations.empty());
}

TEST(Inv50, FindsADocumentThatWaitsAgain) {
  Day day = good_day();
  RegisterLook after = day.tapes.registers.back();
  after.at = after.at + 1s;
  bool turned = false;
  for (RegisterEntry& row : after.rows) {
    if (row.sync != "acked" || turned) continue;
    row.sync = "queued";
    turned = true;
  }
  ASSERT_TRUE(turned);
  day.tapes.registers.push_back(after);
  EXPECT_FALSE(verdict_of(day, "INV-50").violations.empty());
}

TEST(Inv50, FindsALastSyncThatGoesBack) {
  Day day = good_day();
  day.tapes.fresh_looks = {{Instant{0} + 300s, Day::kTill, 10'000},
                           {Instant{0} + 320s, Day::kTill, 30'000}};
  EXPECT_TRUE(verdict_of(day, "INV-50").violations.empty());
  day.tapes.fresh_looks.back().in_step_ms = 60'000;
  EXPECT_FALSE(verdict_of(day, "INV-50").violations.empty());
}

Day replayed_day() {
  Day day = good_day();
  Replay& replay = day.tapes.replay;
  replay.tried = true;
  replay.before.rows = day.tapes.cloud.back().rows;
  replay.before.postings = {{"till-1.1.2", "stock", "milk", -1000}};
  replay.before.holds = {{"h1", "till-1", 500, "open"}};
  replay.before.refused = {"till-1.1.5"};
  replay.after = replay.before;
  for (const CloudEntry& row : replay.before.rows) {
    replay.sent.push_back({row.till, row.id, 1, "duplicate", ""});
  }
  return day;
}

TEST(Inv51, HoldsWhereTheCloudIsAsItWas) {
  Day day = replayed_day();
  EXPECT_GT(verdict_of(day, "INV-51").judged, 4U);
  EXPECT_TRUE(verdict_of(day, "INV-51").violations.empty());
  day.tapes.replay.after.holds.front().state = "expired";  // by itself
  EXPECT_TRUE(verdict_of(day, "INV-51").violations.empty());
}

TEST(Inv51, FindsEachChange) {
  const auto broken = [](auto change) {
    Day day = replayed_day();
    change(day.tapes.replay);
    return !verdict_of(day, "INV-51").violations.empty();
  };
  EXPECT_TRUE(broken([](Replay& replay) { replay.after.rows.pop_back(); }));
  EXPECT_TRUE(broken([](Replay& replay) { replay.after.rows.front().facts.add("flag", "late"); }));
  EXPECT_TRUE(broken(
      [](Replay& replay) { replay.after.postings.push_back(replay.after.postings.front()); }));
  EXPECT_TRUE(broken([](Replay& replay) { replay.after.holds.front().state = "captured"; }));
  EXPECT_TRUE(broken([](Replay& replay) { replay.after.refused.emplace_back("till-1.1.2"); }));
  EXPECT_TRUE(broken([](Replay& replay) { replay.sent.front().status = "applied"; }));
  EXPECT_TRUE(broken([](Replay& replay) { replay.failed = "no answer"; }));
}

TEST(Inv51, JudgesNothingWhereNobodyTried) {
  EXPECT_EQ(verdict_of(good_day(), "INV-51").judged, 0U);
}

}  // namespace
}  // namespace tillrig::oracle
