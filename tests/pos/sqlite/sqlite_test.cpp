#include "pos/sqlite/transaction.hpp"
#include "sim/disk/volume.hpp"
#include "sim/disk/volume_disk.hpp"

#include <gtest/gtest.h>

namespace tillrig::sqlite {
namespace {

struct FailSyncs final : disk::Interference {
  bool judge(const disk::Op& op, std::uint64_t /*used*/, disk::Answer& answer) override {
    if (op.kind != disk::OpKind::sync) return false;
    answer.error = base::Code::io;
    return true;
  }
};

class Sqlite : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Connection::open(disk_, "a.db");
    ASSERT_TRUE(opened) << opened.error().what;
    connection_ = std::move(*opened);
    ASSERT_TRUE(connection_->run("CREATE TABLE t(k INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT"));
  }
  Result<void> put(std::int64_t key, std::string_view value) {
    auto insert = connection_->prepare("INSERT INTO t VALUES(?, ?)");
    if (!insert) return base::Failure(insert.error());
    return insert->bind(key, value).run();
  }
  std::int64_t count() {
    std::int64_t rows = -1;
    auto all = connection_->prepare("SELECT count(*) FROM t");
    EXPECT_TRUE(all && all->each([&](const Statement& row) { rows = row.whole(0); }));
    return rows;
  }

  disk::Volume volume_{"till-1"};
  disk::VolumeDisk disk_{volume_};
  std::unique_ptr<Connection> connection_;
};

TEST_F(Sqlite, ATransactionThatIsLeftIsTakenBack) {
  {
    Transaction transaction(*connection_);
    ASSERT_TRUE(transaction.begin());
    ASSERT_TRUE(put(1, "one"));
  }
  EXPECT_EQ(count(), 0);
  Transaction next(*connection_);
  ASSERT_TRUE(next.begin()) << "nothing was left open";
  ASSERT_TRUE(put(2, "two"));
  ASSERT_TRUE(next.commit());
  EXPECT_EQ(count(), 1);
}

TEST_F(Sqlite, SaysWhatKindOfErrorItWas) {
  ASSERT_TRUE(put(1, "one"));
  EXPECT_EQ(put(1, "other").error().code, base::Code::conflict);
  EXPECT_EQ(connection_->prepare("SELECT no_such_column FROM t").error().code,
            base::Code::internal);
  disk::VolumeDisk other(volume_);
  const auto busy = Connection::open(other, "a.db");
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, base::Code::busy) << busy.error().what;
  volume_.interfere(1, std::make_unique<FailSyncs>());
  EXPECT_EQ(put(2, "two").error().code, base::Code::dead_file);
  volume_.relent(1);
}

TEST_F(Sqlite, AnEmptyTextIsNoNull) {
  EXPECT_TRUE(put(1, std::string_view()));
}

}  // namespace
}  // namespace tillrig::sqlite
