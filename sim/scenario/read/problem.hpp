#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::scenario {

// A place in a file, both counted from 1; 0 when unknown.
struct Where {
  int line = 0;
  int column = 0;
  int file = 0;  // 0: the scenario's own; else one whose phases it uses

  auto operator<=>(const Where&) const = default;
};

// One thing that is wrong with a file.
struct Problem {
  std::string file;
  Where where;
  std::string found;     // "the step \"scna\" does not exist"
  std::string expected;  // what would be right; empty if `found` says it all
  std::string nearest;   // the valid word that was most likely meant; empty for none
  std::string used_by;   // "shop.toml:7", which uses the file; empty for none

  bool operator==(const Problem&) const = default;
};

// "shop.toml:12:5: the step \"scna\" does not exist; did you mean \"scan\"?"
std::string sentence(const Problem& problem);
// Of several files: what is wrong in one that many use is told once.
std::vector<std::string> sentences(const std::vector<Problem>& problems);

// All problems of one file; each is kept once, in the order of the file.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(Where where, std::string found, std::string expected = {}, std::string nearest = {});
  // Adds the nearest of the words that would have been valid.
  void unknown(Where where, std::string_view what, std::string_view word,
               std::span<const std::string_view> valid);
  // Another file whose phases are used, and the place that uses it, as in Problem. Gives its number
  // for Where.
  int another_file(std::string file, std::string used_by);
  // Takes over what another file of the same scenario has wrong.
  void take(std::vector<Problem> others);

  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] const std::vector<Problem>& all() const { return all_; }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<std::pair<std::string, std::string>> others_;
  std::vector<Problem> all_;
};

}  // namespace tillrig::scenario
