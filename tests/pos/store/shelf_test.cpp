// What a till keeps of the cloud's tables: a page and how far it goes, together or not at all.
#include "tests/pos/store/bench_till.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

constexpr std::string_view kTable = wire::kItems;
const Reading kFirst{"", 0, true, 0};

wire::FeedRow row(std::uint64_t v, std::string id, std::string body = "{}") {
  return {v, std::move(id), 1, false, std::move(body)};
}
wire::FeedRow gone(std::uint64_t v, std::string id) {
  return {v, std::move(id), 1, true, ""};
}
wire::FeedPage page(std::vector<wire::FeedRow> rows, std::uint64_t next, std::uint64_t head) {
  return {"cloud-1", std::move(rows), next, head, 1};
}

// "milk={}", "-bread": the table in effect.
std::vector<std::string> table(BenchTill& till) {
  std::vector<std::string> list;
  const auto records = till.store->records(kTable);
  EXPECT_TRUE(records) << records.error().what;
  if (!records) return list;
  for (const Record& record : *records) {
    list.push_back(record.deleted ? "-" + record.id : record.id + "=" + record.body);
  }
  return list;
}
using Rows = std::vector<std::string>;

TEST(Shelf, IsEmptyUntilAPageComes) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  EXPECT_EQ(till.store->reading(kTable), Reading());
  EXPECT_TRUE(table(till).empty());
}

TEST(Shelf, KeepsPagesOverARestart) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  EXPECT_TRUE(
      till.store->keep(kTable, kFirst, page({row(1, "milk"), row(2, "bread")}, 2, 2)).value());
  EXPECT_TRUE(till.store
                  ->keep(kTable, *till.store->reading(kTable),
                         page({row(3, "milk", "{\"a\":1}"), gone(4, "bread")}, 4, 4))
                  .value());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(table(till), (Rows{"-bread", "milk={\"a\":1}"}));
    EXPECT_EQ(till.store->reading(kTable), (Reading{"cloud-1", 4, false, 1}));
    ASSERT_TRUE(till.start()) << till.why;
  }
}

TEST(Shelf, APageWithoutRowsMovesTheCursorAndChangesNothing) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  ASSERT_TRUE(till.store->keep(kTable, kFirst, page({row(1, "milk")}, 1, 1)));
  EXPECT_FALSE(till.store->keep(kTable, *till.store->reading(kTable), page({}, 9, 9)).value());
  EXPECT_EQ(till.store->reading(kTable)->v, 9U);
  EXPECT_EQ(table(till), (Rows{"milk={}"}));
}

TEST(Shelf, ATableThatIsReadAnewTakesThePlaceOfTheOldOneAtItsEnd) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  ASSERT_TRUE(till.store->keep(kTable, kFirst, page({row(1, "old"), row(2, "milk")}, 2, 2)));
  EXPECT_FALSE(till.store->keep(kTable, kFirst, page({row(5, "bread")}, 5, 9)).value());
  EXPECT_EQ(till.store->reading(kTable), (Reading{"cloud-1", 5, true, 1}));
  EXPECT_EQ(table(till), (Rows{"milk={}", "old={}"}));
  ASSERT_TRUE(till.start()) << till.why;
  EXPECT_EQ(till.store->reading(kTable), (Reading{"cloud-1", 5, true, 1})) << "it goes on there";
  EXPECT_TRUE(
      till.store
          ->keep(kTable, *till.store->reading(kTable), page({row(9, "milk", "{\"b\":2}")}, 9, 9))
          .value());
  EXPECT_EQ(table(till), (Rows{"bread={}", "milk={\"b\":2}"}));
  EXPECT_FALSE(till.store->reading(kTable)->anew);
}

TEST(Shelf, AReadingThatBeginsOnceMoreForgetsTheOneBefore) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  ASSERT_TRUE(till.store->keep(kTable, kFirst, page({row(1, "stale")}, 1, 5)));
  ASSERT_TRUE(till.store->keep(kTable, kFirst, page({row(5, "milk")}, 5, 5)));
  EXPECT_EQ(table(till), (Rows{"milk={}"}));
}

TEST(Shelf, ADatabaseThatWasLostIsReadAgain) {
  BenchTill till;
  ASSERT_TRUE(till.start()) << till.why;
  ASSERT_TRUE(till.sell(100));
  ASSERT_TRUE(till.store->keep(kTable, kFirst, page({row(1, "milk")}, 1, 1)));
  till.kill();
  disk::VolumeDisk hand(till.volume);
  for (const char* ending : {"", "-wal"}) {
    static_cast<void>(hand.remove(std::string("db/till-000001.db") + ending));
  }
  ASSERT_TRUE(till.start()) << till.why;
  EXPECT_EQ(till.store->reading(kTable), Reading());
  EXPECT_TRUE(till.store->keep(kTable, kFirst, page({row(1, "milk")}, 1, 1)).value());
}

// At every boundary of what the disk is asked for, by a kill and by a power cut of each kind.
void stop_at_each_boundary(const disk::Cut* cut) {
  for (std::uint64_t k = 1; k < 200; ++k) {
    SCOPED_TRACE(fmt::format("stopped at change {}", k));
    BenchTill till;
    ASSERT_TRUE(till.start()) << till.why;
    ASSERT_TRUE(till.store->keep(kTable, kFirst, page({row(1, "milk"), row(2, "bread")}, 2, 2)));
    const std::uint64_t before = till.disk->face().changes();
    bool stopped = false;
    till.disk->on_boundary([&, k](const disk::Boundary& boundary) {
      if (!boundary.change || boundary.ordinal != before + k) return;
      stopped = true;
      if (cut != nullptr) till.volume.power_cut(*cut);
      till.disk->cut_off();
    });
    const auto kept = till.store->keep(kTable, *till.store->reading(kTable),
                                       page({row(3, "milk", "{\"a\":1}"), gone(4, "bread")}, 4, 4));
    till.kill();
    ASSERT_TRUE(till.open()) << till.why;
    const bool whole = till.store->reading(kTable)->v == 4;
    EXPECT_TRUE(whole || till.store->reading(kTable)->v == 2);
    EXPECT_EQ(table(till),
              whole ? (Rows{"-bread", "milk={\"a\":1}"}) : (Rows{"bread={}", "milk={}"}));
    if (kept) {
      EXPECT_TRUE(whole) << "what was kept is there";
    }
    if (!stopped) {
      EXPECT_GT(k, 3U) << "there were boundaries";
      return;
    }
  }
  FAIL() << "it never came to its end";
}

TEST(Shelf, APageIsThereWholeOrNotAtAllAfterAKillAtAnyBoundary) {
  stop_at_each_boundary(nullptr);
}

TEST(Shelf, APageIsThereWholeOrNotAtAllAfterAPowerCutAtAnyBoundary) {
  const disk::Cut cut;
  stop_at_each_boundary(&cut);
}

TEST(Shelf, TheCursorBeforeThePageLosesItAtAKill) {
  BenchTill till;
  till.config.mutants.add("cursor_before_page");
  ASSERT_TRUE(till.start()) << till.why;
  ASSERT_TRUE(till.store->keep(kTable, kFirst, page({row(1, "milk")}, 1, 1)));
  EXPECT_EQ(table(till), (Rows{"milk={}"})) << "without a kill nobody sees it";
}

}  // namespace
}  // namespace tillrig::store::test
