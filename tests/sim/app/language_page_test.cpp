// scenarios/README.md: its listings hold, and its reference is what the program says.
#include "sim/scenario/read/words_text.hpp"
#include "tests/sim/app/page.hpp"
#include "tests/sim/app/program.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace tillrig::app {
namespace {

class LanguagePage : public ::testing::Test {
 protected:
  void SetUp() override {
    page_ = read_file(kSources + "/scenarios/README.md");
    const std::size_t at = page_.find(scenario::kReferenceBegins);
    ASSERT_NE(at, std::string::npos) << "the page has lost the line " << scenario::kReferenceBegins;
    tutorial_ = page_.substr(0, at);
    reference_ = page_.substr(at);
  }

  const std::string kSources = TILLRIG_SOURCE_DIR;
  std::string page_;
  std::string tutorial_;
  std::string reference_;
};

TEST_F(LanguagePage, ReferenceIsWhatTheProgramSays) {
  const Ended ended = run_program({"explain", "--reference"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_TRUE(ended.out == reference_)
      << "the vocabulary has changed:\n  sed -i '/^<!-- Written by/,$d' scenarios/README.md && "
         "./tillrig explain --reference >> scenarios/README.md";
}

// The reader saves each listing as a file and plays it.
TEST_F(LanguagePage, EveryListingIsGoodAndHolds) {
  const TestFolder folder;
  std::filesystem::create_directory_symlink(kSources + "/fixtures", folder / "fixtures");
  folder.write("scenarios/nothing.txt", "");
  std::filesystem::create_directory_symlink(kSources + "/scenarios/shared",
                                            folder / "scenarios/shared");
  const auto listings = blocks(tutorial_, "toml");
  EXPECT_GE(listings.size(), 5U);
  for (const std::string& listing : listings) {
    const std::string file = folder.write("scenarios/my-shop.toml", listing);
    const Ended checked = run_program({"check", file});
    EXPECT_EQ(checked.code, 0) << checked.out << listing;
    const Ended played = run_program({"run", file});
    EXPECT_EQ(played.code, 0) << played.out << listing;
  }
}

TEST_F(LanguagePage, EachStoryThatItPointsToIsThere) {
  std::size_t links = 0;
  for (std::size_t at = tutorial_.find("]("); at != std::string::npos;
       at = tutorial_.find("](", at + 2)) {
    const std::string target = tutorial_.substr(at + 2, tutorial_.find(')', at) - at - 2);
    if (target.starts_with('#')) continue;
    EXPECT_TRUE(std::filesystem::exists(kSources + "/scenarios/" + target)) << target;
    ++links;
  }
  EXPECT_GE(links, 15U);
}

TEST_F(LanguagePage, ShowsAFlowATimedEventAMatrixAndARefund) {
  for (const char* const what :
       {"[[flow]]", "[[at]]", "[matrix]", "act = \"refund\"", "[[when]]", "use = "}) {
    bool shown = false;
    for (const std::string& listing : blocks(tutorial_, "toml")) {
      shown = shown || listing.find(what) != std::string::npos;
    }
    EXPECT_TRUE(shown) << what;
  }
}

}  // namespace
}  // namespace tillrig::app
