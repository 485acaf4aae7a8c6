#pragma once

#include "sim/kernel/kernel.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::kernel {

// Who spins. Counting every event would cost the many good runs for the sake of the few bad ones,
// so lanes are counted only when a limit is near.
class Tally {
 public:
  explicit Tally(Limits limits)
      : events_from(limits.events - std::min<std::uint64_t>(limits.events, kLast)),
        instant_from(limits.at_one_instant - std::min(limits.at_one_instant, kLast)) {}

  void add(Lane lane) {
    ++counts_[lane];
    ++total_;
  }
  void new_instant() {
    if (total_ == 0) return;
    counts_.clear();
    total_ = 0;
  }
  [[nodiscard]] std::uint64_t total() const { return total_; }

  // "till-1 (9000), link (1000)": the three busiest.
  template <class NameOf>
  [[nodiscard]] std::string describe(NameOf name_of) const {
    std::vector<std::pair<Lane, std::uint64_t>> rows(counts_.begin(), counts_.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 3); ++i) {
      text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", name_of(rows[i].first), rows[i].second);
    }
    return text;
  }

  // Past which counts to call add().
  const std::uint64_t events_from;
  const std::uint32_t instant_from;

 private:
  static constexpr std::uint32_t kLast = 10'000;

  std::map<Lane, std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

}  // namespace tillrig::kernel
