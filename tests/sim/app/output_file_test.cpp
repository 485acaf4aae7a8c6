#include "sim/app/output_file.hpp"

#include "tests/sim/app/program.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

namespace tillrig::app {
namespace {

namespace fs = std::filesystem;

TEST(OutputFile, ReplacesARegularFileAsAWhole) {
  const TestFolder folder;
  const std::string path = folder.write("report", "an older and longer report");
  ASSERT_TRUE(can_write(path));
  EXPECT_EQ(read_file(path), "an older and longer report") << "asking changes nothing";
  ASSERT_TRUE(write_whole(path, "new"));
  EXPECT_EQ(read_file(path), "new");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"report"});
}

TEST(OutputFile, WritesIntoAPipeAndLeavesItThere) {
  const TestFolder folder;
  const std::string path = folder / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  ASSERT_TRUE(can_write(path)) << "without waiting for a reader";
  ASSERT_TRUE(fs::is_fifo(path));
  std::string got;
  std::thread reader([&] { got = read_file(path); });
  const auto written = write_whole(path, "for the reader");
  if (fs::is_fifo(path)) {
    reader.join();
  } else {
    reader.detach();
  }
  ASSERT_TRUE(fs::is_fifo(path));
  EXPECT_TRUE(written);
  EXPECT_EQ(got, "for the reader");
}

TEST(OutputFile, FollowsLinksToAFileAndToAPipe) {
  const TestFolder folder;
  folder.write("kept/report", "old");
  fs::create_symlink("kept/report", folder / "link");
  fs::create_symlink("link", folder / "link-2");
  ASSERT_TRUE(write_whole(folder / "link-2", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_TRUE(fs::is_symlink(folder / "link-2"));
  EXPECT_EQ(read_file(folder / "kept/report"), "new");

  fs::create_symlink("kept/not-yet", folder / "ahead");
  ASSERT_TRUE(can_write(folder / "ahead"));
  ASSERT_TRUE(write_whole(folder / "ahead", "first"));
  EXPECT_TRUE(fs::is_symlink(folder / "ahead"));
  EXPECT_EQ(read_file(folder / "kept/not-yet"), "first");

  fs::create_symlink("nowhere/report", folder / "astray");
  EXPECT_FALSE(can_write(folder / "astray"));
  fs::create_symlink("round", folder / "round");
  EXPECT_FALSE(can_write(folder / "round"));
}

TEST(OutputFile, SaysWhatIsInTheWay) {
  const TestFolder folder;
  fs::create_directory(folder / "folder");
  const auto no = can_write(folder / "folder");
  ASSERT_FALSE(no);
  EXPECT_NE(no.error().what.find("is a folder"), std::string::npos);
  const auto missing = write_whole(folder / "none/report", "text");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().what.find("No such file"), std::string::npos) << missing.error().what;
}

}  // namespace
}  // namespace tillrig::app
