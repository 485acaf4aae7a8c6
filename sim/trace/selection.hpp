#pragma once

#include "sim/trace/reader.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace tillrig::trace {

// A part of a timeline: what is of a sale, on a lane and its sub-lanes, from a moment on; all of it
// when nothing is asked.
struct Asked {
  std::string sale = {};  // "till-1.3.42", or the name it had while it was rung up, "till-1~7"
  std::string lane = {};  // "till-1", "till-1/outbox"
  base::Instant since{INT64_MIN};
};

class Selection {
 public:
  // Errors: not_found, with the nearest, where the timeline has no such sale or lane.
  static base::Result<Selection> of(const Reader& reader, const Asked& asked);

  [[nodiscard]] bool has(const Event& event) const;
  [[nodiscard]] bool has(const Record& record) const;

 private:
  Selection(const Reader& reader, const Asked& asked) : reader_(reader), asked_(asked) {}
  void find_other_names();
  [[nodiscard]] bool on_lane(std::string_view lane) const;
  [[nodiscard]] bool of_sale(Name sale) const;

  const Reader& reader_;
  Asked asked_;
  std::set<std::string, std::less<>> sales_;  // all the names of the one that is asked for
};

}  // namespace tillrig::trace
