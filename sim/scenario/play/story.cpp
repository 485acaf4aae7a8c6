#include "sim/scenario/play/story.hpp"

namespace tillrig::scenario {

void Story::at_phase(const std::string& name, int line) {
  phase_ = name;
  bed_.recording().at_phase(name, line);
}

void Story::at_line(int line) {
  line_ = line;
  bed_.recording().at_line(line);
}

void Story::fail(Failure failure) {
  if (failure.phase.empty()) failure.phase = phase_;
  if (failure.line == 0) failure.line = line_;
  if (failure.at == base::Instant{0}) failure.at = now();
  failure.faults = armoury_.active();
  outcome_.failures.push_back(std::move(failure));
}

void Story::fail(Failure::Kind kind, std::string what) {
  Failure failure;
  failure.kind = kind;
  failure.what = std::move(what);
  fail(std::move(failure));
}

}  // namespace tillrig::scenario
