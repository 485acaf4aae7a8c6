#pragma once

#include "sim/scenario/play/story.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

// The till's own "no" to something done.
struct Refusal {
  std::string till;
  std::string what;  // the step
  std::string code;
  std::string text;
  int line = 0;
  base::Instant at{0};
  bool expected = false;
};

// What was refused in the phase that is being played.
class Refusals {
 public:
  explicit Refusals(Story& story) : story_(story) {}

  void add(const std::string& till, std::string_view step, const base::Error& error) {
    all_.push_back({till, std::string(step), std::string(base::name(error.code)), error.what,
                    story_.line(), story_.now(), false});
  }
  [[nodiscard]] std::vector<Refusal>& all() { return all_; }
  // At the end of the phase: what was not expected is a failure.
  void settle();

 private:
  Story& story_;
  std::vector<Refusal> all_;
};

}  // namespace tillrig::scenario
