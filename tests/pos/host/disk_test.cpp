#include "pos/host/disk.hpp"

#include "tests/pos/host/disk_contract.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace tillrig::host {
namespace {

class FolderDiskTest : public ::testing::Test {
 protected:
  FolderDiskTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tillrig-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  ~FolderDiskTest() override {
    std::error_code ignored;
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(folder, ignored);
  }

  std::string folder;
};

TEST_F(FolderDiskTest, KeepsTheContractOfADisk) {
  FolderDisk disk(folder);
  ports::DiskContract(disk).check();
}

TEST_F(FolderDiskTest, TheNextProcessFindsWhatThisOneLeft) {
  {
    FolderDisk disk(folder);
    const auto file = *disk.open("a", ports::Disk::Mode::create);
    ASSERT_TRUE(file->write_at(0, "kept"));
    ASSERT_TRUE(file->sync());
  }
  FolderDisk next(folder);
  EXPECT_EQ(*(*next.open("a", ports::Disk::Mode::read))->read_at(0, 9), "kept");
}

TEST_F(FolderDiskTest, TheLockOfAKilledProcessIsFree) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    FolderDisk theirs(folder);
    const auto held = theirs.lock("till.lock");
    (void)!::write(ready[1], held ? "y" : "n", 1);
    for (;;) ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  FolderDisk ours(folder);
  const auto refused = ours.lock("till.lock");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::busy);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(ours.lock("till.lock"));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(FolderDiskTest, SqliteUsesTheSameFolderThroughItsOwnVfs) {
  const FolderDisk disk(folder);
  EXPECT_EQ(disk.sqlite_vfs(), "");
  EXPECT_EQ(disk.sqlite_path("books/a.db"), folder + "/books/a.db");
}

TEST_F(FolderDiskTest, AFullDiskIsToldFromABrokenOne) {
  FolderDisk dev("/dev");
  const auto full = dev.open("full", ports::Disk::Mode::write);
  if (!full) GTEST_SKIP() << "this system has no /dev/full";
  EXPECT_EQ((*full)->write_at(0, "x").error().code, base::Code::no_space);
}

TEST_F(FolderDiskTest, AFolderThatCannotBeMadeNamesItself) {
  FolderDisk disk(folder);
  ASSERT_TRUE(disk.open("file", ports::Disk::Mode::create));
  const auto made = disk.make_dir("file/below");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("file/below"), std::string::npos);
  EXPECT_FALSE(disk.open("file/below", ports::Disk::Mode::create));
  EXPECT_FALSE(disk.sync_dir("no-such-folder"));
}

TEST_F(FolderDiskTest, AReadHandleDoesNotWrite) {
  FolderDisk disk(folder);
  ASSERT_TRUE(disk.open("a", ports::Disk::Mode::create));
  EXPECT_FALSE((*disk.open("a", ports::Disk::Mode::read))->write_at(0, "x"));
}

// Where the file system does not note it, nobody can tell.
TEST_F(FolderDiskTest, ACopyWasMadeAtAnotherTimeThanWhatItIsACopyOf) {
  FolderDisk disk(folder);
  EXPECT_EQ(disk.birth("till.lock"), 0U);
  static_cast<void>(disk.lock("till.lock"));
  const std::uint64_t made = disk.birth("till.lock");
  if (made == 0) GTEST_SKIP() << "this file system does not say when a file was made";
  {
    const auto file = *disk.open("till.lock", ports::Disk::Mode::write);
    ASSERT_TRUE(file->write_at(0, "kept"));
  }
  EXPECT_EQ(disk.birth("till.lock"), made);
  ASSERT_TRUE(disk.rename("till.lock", "moved"));
  EXPECT_EQ(disk.birth("moved"), made);
  std::filesystem::copy_file(folder + "/moved", folder + "/till.lock");
  EXPECT_NE(disk.birth("till.lock"), made);
}

}  // namespace
}  // namespace tillrig::host
