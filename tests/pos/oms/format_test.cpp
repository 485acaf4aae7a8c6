// A cloud's file of another version is left as it is, and somebody is told.

#include "pos/sqlite/connection.hpp"
#include "sim/disk/volume_disk.hpp"
#include "tests/pos/oms/cloud_bench.hpp"

#include <gtest/gtest.h>

namespace tillrig::oms {
namespace {

class CloudFormat : public CloudBench {};

TEST_F(CloudFormat, IsToldWhenItIsAnothersAndTheFileIsLeftAsItIs) {
  start();
  up({samples::sale(1)});
  stop();
  disk_ = std::make_unique<disk::VolumeDisk>(volume_);
  {
    auto older = sqlite::Connection::open(*disk_, SqliteOptions().path);
    ASSERT_TRUE(older);
    ASSERT_TRUE((*older)->run("PRAGMA user_version = 1"));
  }
  const auto refused = open_sqlite(*disk_, entropy_, SqliteOptions());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::not_allowed);
  EXPECT_NE(refused.error().what.find("format 1"), std::string::npos) << refused.error().what;
  {
    auto older = sqlite::Connection::open(*disk_, SqliteOptions().path);
    ASSERT_TRUE(older);
    ASSERT_TRUE((*older)->run("PRAGMA user_version = 2"));
  }
  database_ = open_sqlite(*disk_, entropy_, SqliteOptions()).value();
  api_ = std::make_unique<Api>(*database_, clock_, recorder_, Rules());
  EXPECT_EQ(held().size(), 1U);
}

}  // namespace
}  // namespace tillrig::oms
