// The table of marks and the sources that note them agree.
#include "sim/words/mark.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace tillrig::words {
namespace {

// Every text of the form "word.word" in the sources that note marks, with where it stands.
std::map<std::string, std::string> noted() {
  static const std::regex kWord("\"([a-z]+\\.[a-z_]+)\"");
  // Texts of that form that are no marks: names of random streams, files and keys in a database.
  static const std::set<std::string> kOthers = {"sync.backoff", "sync.nonce",       "cloud.epoch",
                                                "cloud.secret", "ledger.part",      "printer.job",
                                                "till.lock",    "sync.resume_down", "loyalty.off",
                                                "pay.hold",     "sync.probe"};
  std::map<std::string, std::string> found;
  for (const std::string room :
       {"pos/store", "pos/sync", "pos/pay", "pos/lan", "pos/till", "pos/oms"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             std::string(TILLRIG_SOURCE_DIR) + "/" + room)) {
      if (entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      std::ostringstream text;
      text << file.rdbuf();
      const std::string all = text.str();
      for (std::sregex_iterator at(all.begin(), all.end(), kWord), end; at != end; ++at) {
        if (!kOthers.contains((*at)[1])) found[(*at)[1]] = entry.path().filename();
      }
    }
  }
  return found;
}

TEST(Marks, EveryMarkThatTheStackNotesHasARow) {
  const auto marks = noted();
  EXPECT_GE(marks.size(), 25U);
  for (const auto& [mark, file] : marks) {
    EXPECT_NE(Table<Mark>::find(mark), nullptr) << mark << " in " << file;
  }
}

TEST(Marks, EveryRowOfTheStackIsNotedSomewhere) {
  const auto marks = noted();
  for (const Mark* row : Table<Mark>::all()) {
    if (row->who == "world") continue;
    EXPECT_TRUE(marks.contains(std::string(row->name))) << row->name;
  }
}

}  // namespace
}  // namespace tillrig::words
