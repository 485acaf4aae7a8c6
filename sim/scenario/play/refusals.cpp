#include "sim/scenario/play/refusals.hpp"

namespace tillrig::scenario {

void Refusals::settle() {
  for (const Refusal& refusal : all_) {
    if (refusal.expected) continue;
    Failure failure;
    failure.line = refusal.line;
    failure.till = refusal.till;
    failure.at = refusal.at;
    failure.what = fmt::format("{} was refused", refusal.what);
    failure.expected = "done, or a line { refused = \"" + refusal.what + "\" } in this phase";
    failure.seen = refusal.text;
    story_.fail(std::move(failure));
  }
  all_.clear();
}

}  // namespace tillrig::scenario
