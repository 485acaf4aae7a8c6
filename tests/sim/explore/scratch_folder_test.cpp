#include "sim/explore/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace tillrig::explore {
namespace {

namespace fs = std::filesystem;

TEST(ScratchFolder, TheNextRunClearsWhatAKilledOneHasLeft) {
  std::string among = (fs::temp_directory_path() / "scratch-test-XXXXXX").string();
  ASSERT_NE(::mkdtemp(among.data()), nullptr);
  const char* const before = ::getenv("TMPDIR");
  const std::string old = before != nullptr ? before : "";
  ::setenv("TMPDIR", among.c_str(), 1);
  const fs::path left = fs::path(among) / "tillrig-killed";
  const fs::path other = fs::path(among) / "tillrig-notes";
  fs::create_directories(left / "till-1");
  fs::create_directories(other);
  std::ofstream(left / "alive") << "";  // nobody holds its lock any more
  {
    ScratchFolder living;
    ASSERT_TRUE(living.make());
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(other)) << "what is none of a run's is left";
    EXPECT_EQ(clear_leftovers(among), 0U) << "a run that lives keeps its folder";
    EXPECT_TRUE(fs::exists(living.path()));
  }
  if (before != nullptr) {
    ::setenv("TMPDIR", old.c_str(), 1);
  } else {
    ::unsetenv("TMPDIR");
  }
  fs::remove_all(among);
}

}  // namespace
}  // namespace tillrig::explore
