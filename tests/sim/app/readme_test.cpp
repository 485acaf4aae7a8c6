#include "tests/sim/app/page.hpp"
#include "tests/sim/app/program.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::app {
namespace {

const std::string kFirst = "scenarios/my-first.toml";

// The words of "./tillrig WORD... # remark"; texts in quotes are kept whole by the shell alone, so
// a block has none.
std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line.substr(0, line.find(" #")));
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string with_other(std::string text, std::string_view old, std::string_view fresh) {
  std::size_t times = 0;
  for (std::size_t at = text.find(old); at != std::string::npos; at = text.find(old, at)) {
    text.replace(at, old.size(), fresh);
    at += fresh.size();
    ++times;
  }
  EXPECT_GT(times, 0U) << "the first scenario has no " << old;
  return text;
}

// A reader who does what the page says, in a folder of their own with the shop beside it.
class Readme : public ::testing::Test {
 protected:
  void SetUp() override {
    page_ = read_file(std::string(TILLRIG_SOURCE_DIR) + "/README.md");
    const auto found = blocks(page_, "toml");
    ASSERT_EQ(found.size(), 1U) << "the first scenario is the page's one block of TOML";
    first_ = found.front();
    const std::filesystem::path fixtures = TILLRIG_SOURCE_DIR "/fixtures";
    std::filesystem::create_directory_symlink(fixtures, folder_ / "fixtures");
  }

  // Types the line: the first scenario stands in the reader's folder.
  Ended type(const std::string& line) {
    std::vector<std::string> words = words_of(line);
    EXPECT_FALSE(words.empty());
    EXPECT_EQ(words.front(), "./tillrig") << line;
    words.erase(words.begin());
    for (std::string& word : words) {
      if (word == kFirst) word = folder_ / kFirst;
    }
    return run_program(words);
  }

  TestFolder folder_;
  std::string page_;
  std::string first_;
};

TEST_F(Readme, LeadsTheReaderThroughTheFirstScenario) {
  folder_.write(kFirst, first_);
  std::size_t lines = 0;
  for (const std::string& block : blocks(page_, "sh")) {
    std::istringstream stream(block);
    for (std::string line; std::getline(stream, line); ++lines) {
      if (line.find("--mutant") != std::string::npos) {
        // "Now change one line", says the page; the changed file still holds, without the bug.
        folder_.write(kFirst, with_other(with_other(first_, "wan.down", "wan.portal"),
                                         "cause = \"link\"", "cause = \"portal\""));
        const Ended held = run_program({"run", folder_ / kFirst});
        EXPECT_EQ(held.code, 0) << held.out << held.err;
        const Ended caught = type(line);
        EXPECT_EQ(caught.code, 1) << line << "\n" << caught.out << caught.err;
        EXPECT_NE(caught.out.find("INV-01"), std::string::npos) << caught.out;
        continue;
      }
      const Ended ended = type(line);
      EXPECT_EQ(ended.code, 0) << line << "\n" << ended.out << ended.err;
      EXPECT_FALSE(ended.out.empty()) << line;
    }
  }
  EXPECT_GE(lines, 12U) << "the page has lost its commands";
}

TEST_F(Readme, NamesFoldersThatAreThere) {
  // The rows of "The house": | `pos/` | ...
  std::istringstream stream(page_);
  std::size_t rows = 0;
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind("| `", 0) != 0 || line.find("/` |") == std::string::npos) continue;
    const std::string folder = line.substr(3, line.find('`', 3) - 3);
    EXPECT_TRUE(std::filesystem::is_directory(std::string(TILLRIG_SOURCE_DIR) + "/" + folder))
        << folder;
    ++rows;
  }
  EXPECT_GE(rows, 6U);
}

}  // namespace
}  // namespace tillrig::app
