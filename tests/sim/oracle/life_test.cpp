#include "sim/oracle/life.hpp"

#include <gtest/gtest.h>

namespace tillrig::oracle {
namespace {

using Kind = ActEntry::Kind;

ActEntry act(std::int64_t second, Kind kind, const char* what, const char* till) {
  ActEntry entry;
  entry.at = Instant{second * 1'000'000'000};
  entry.kind = kind;
  entry.what = what;
  entry.till = till;
  return entry;
}

Instant at(std::int64_t second) {
  return Instant{second * 1'000'000'000};
}

TEST(Life, KnowsWhichFaultStoodWhenAndWhere) {
  Tapes tapes;
  tapes.acts = {act(10, Kind::fault, "wan.down", "till-1"),
                act(20, Kind::heal, "wan.down", "till-1"),
                act(30, Kind::fault, "disk.eio_write", "*"), act(40, Kind::all_healed, "all", "")};
  const Life life(tapes);
  EXPECT_TRUE(life.faulted("wan.down", "till-1", at(0), at(10)));
  EXPECT_TRUE(life.faulted("wan", "till-1", at(20), at(25)));
  EXPECT_FALSE(life.faulted("wan.down", "till-1", at(21), at(60))) << "it was healed";
  EXPECT_FALSE(life.faulted("wan.down", "till-2", at(0), at(60))) << "it hit another till";
  EXPECT_FALSE(life.faulted("wa", "", at(0), at(60))) << "that is no domain";
  EXPECT_TRUE(life.faulted("disk", "till-2", at(0), at(30))) << "that one hit everybody";
  EXPECT_FALSE(life.faulted("disk", "", at(41), at(60))) << "all was healed";
  EXPECT_TRUE(life.disk_faulted());
}

}  // namespace
}  // namespace tillrig::oracle
