#include "pos/store/ledger.hpp"

#include "sim/disk/volume.hpp"
#include "sim/disk/volume_disk.hpp"

#include <gtest/gtest.h>

namespace tillrig::store::test {
namespace {

constexpr Ledger::Options kSmall{8 * 1024, 3};  // 16 records a segment

struct LedgerOnDisk : ::testing::Test {
  void open() {
    ledger.reset();
    auto opened = Ledger::open(disk, "till-1", kSmall);
    ASSERT_TRUE(opened) << opened.error().what;
    ledger = std::move(*opened);
  }
  // Appends seqs first..last in one go.
  Result<void> append(std::uint64_t first, std::uint64_t last) {
    std::vector<Bytes> bodies;
    std::vector<LedgerEntry> entries;
    bodies.reserve(last - first + 1);
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      bodies.push_back(fmt::format("sale number {}", seq));
      Head head;
      head.key = {1, seq};
      head.kind = 1;
      head.hash = base::blake2b(bodies.back());
      entries.push_back({head, bodies.back()});
    }
    return ledger->append(entries);
  }

  disk::Volume volume{"till-1"};
  disk::VolumeDisk disk{volume};
  std::unique_ptr<Ledger> ledger;
};

TEST_F(LedgerOnDisk, GivesBackWhatWasAppendedAfterReopening) {
  open();
  for (std::uint64_t seq = 1; seq <= 40; ++seq) ASSERT_TRUE(append(seq, seq));
  open();
  EXPECT_TRUE(ledger->found().holes.empty());
  EXPECT_FALSE(ledger->found().torn_tail);
  EXPECT_EQ(ledger->found().files, 3U);
  for (std::uint64_t seq = 1; seq <= 40; ++seq) {
    const auto record = ledger->read({1, seq});
    ASSERT_TRUE(record) << record.error().what;
    EXPECT_EQ(record->body, fmt::format("sale number {}", seq));
  }
  EXPECT_EQ(ledger->read_run({1, 3}, 30, SIZE_MAX).size(), 30U);
  EXPECT_EQ(ledger->read({1, 41}).error().code, base::Code::not_found);
}

TEST_F(LedgerOnDisk, WritesOnceAndSyncsOnceAnAppend) {
  open();
  ASSERT_TRUE(append(1, 1));
  const std::uint64_t before = disk.face().changes();
  ASSERT_TRUE(append(2, 2));
  EXPECT_EQ(disk.face().changes() - before, 2U);
  ASSERT_TRUE(append(3, 14));
  EXPECT_EQ(disk.face().changes() - before, 4U);
}

TEST_F(LedgerOnDisk, UsesSettledSegmentsAgainAndIgnoresWhatStoodInThem) {
  open();
  for (std::uint64_t seq = 1; seq <= 200; ++seq) {
    ASSERT_TRUE(append(seq, seq));
    ledger->settle({1, seq});
  }
  EXPECT_LE(volume.list("ledger").size(), 4U);
  open();
  EXPECT_TRUE(ledger->found().holes.empty()) << ledger->found().holes.front();
  EXPECT_FALSE(ledger->found().torn_tail);
  EXPECT_EQ(ledger->index().span(1).last, 200U);
  EXPECT_FALSE(ledger->read({1, 100}));
  EXPECT_TRUE(ledger->read({1, 190}));
}

TEST_F(LedgerOnDisk, KeepsSegmentsThatOweSomething) {
  open();
  for (std::uint64_t seq = 1; seq <= 200; ++seq) {
    ASSERT_TRUE(append(seq, seq));
    if (seq != 5) ledger->settle({1, seq});
  }
  EXPECT_TRUE(ledger->read({1, 5}));
}

TEST_F(LedgerOnDisk, SeesAMissingSegmentEndByTheChain) {
  open();
  for (std::uint64_t seq = 1; seq <= 40; ++seq) ASSERT_TRUE(append(seq, seq));
  // The first segment loses its last record, as if that write had never been.
  const std::string path = "ledger/" + volume.list("ledger").front();
  const auto file = volume.open(path, ports::Disk::Mode::write);
  ASSERT_TRUE(file);
  ASSERT_TRUE(volume.write(**file, 15 * kSectorBytes, Bytes(kSectorBytes, '\0')));
  open();
  ASSERT_EQ(ledger->found().holes.size(), 1U);
  EXPECT_NE(ledger->found().holes.front().find("chain"), std::string::npos);
}

TEST_F(LedgerOnDisk, RefusesAnAppendLargerThanASegment) {
  open();
  const auto refused = append(1, 17);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::too_large);
}

TEST(LedgerRecord, EveryFlippedBitIsSeen) {
  Head head;
  head.key = {3, 42};
  head.hash = base::blake2b("body");
  Bytes sectors;
  append_record(sectors, head, 7, {}, "till-1", "body");
  ASSERT_EQ(sectors.size(), kSectorBytes);
  LedgerRecord record;
  std::size_t size = 0;
  ASSERT_EQ(read_record(sectors, 7, record, size), Sector::record);
  EXPECT_EQ(record.entry.head.key.seq, 42U);
  EXPECT_EQ(read_record(sectors, 8, record, size), Sector::stale);
  const std::size_t used = 120 + 6 + 4;
  for (std::size_t bit = 0; bit < used * 8; ++bit) {
    Bytes bad = sectors;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    const Sector seen = read_record(bad, 7, record, size);
    EXPECT_TRUE(seen == Sector::damaged || seen == Sector::empty) << "bit " << bit;
  }
}

}  // namespace
}  // namespace tillrig::store::test
