#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/clock.hpp"
#include "pos/store/notebook.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace tillrig::sync {

// What the line to the cloud was like of late: how long answers to probes took, how many got none,
// and how often somebody had to set local mode. Article S4: whoever needs it often should have the
// connection mended.
class LineRecord {
 public:
  static constexpr std::size_t kProbes = 100;  // the last ones count
  static constexpr std::size_t kOften = 3;     // periods of local mode within kSpan
  static constexpr base::Duration kSpan = std::chrono::hours(24 * 7);

  LineRecord(store::Notebook& notebook, const ports::Clock& clock, base::Mutants mutants);

  void probed(bool answered, base::Duration took);
  void local_mode_began();
  // What a technician should be told; empty: nothing.
  [[nodiscard]] std::string advice() const;

 private:
  struct Probe {
    bool answered = false;
    base::Duration took{};
  };
  [[nodiscard]] std::string measured() const;

  store::Notebook& notebook_;
  const ports::Clock& clock_;
  base::Mutants mutants_;
  std::deque<Probe> probes_;           // of this process
  std::vector<std::int64_t> periods_;  // when each began, by the wall clock, in ms; oldest first
};

}  // namespace tillrig::sync
