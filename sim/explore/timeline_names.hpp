#pragma once

#include "sim/explore/run_result.hpp"

#include <set>
#include <string>

namespace tillrig::explore {

// Where the timelines of a suite's runs go: names that any shell and file system take, no two of
// them the same.
class TimelineNames {
 public:
  struct Name {
    std::string path;
    unsigned number = 1;  // at its end, when it had to be told from others
  };

  explicit TimelineNames(std::string folder) : folder_(std::move(folder)) {}

  // The first name that is free, from this number on: the runs of a sweep take their probe's, so
  // that whichever comes first they are always called the same.
  Name take(const RunName& run, unsigned number = 1);

 private:
  std::string folder_;
  std::set<std::string> taken_;
};

}  // namespace tillrig::explore
