#pragma once

#include "pos/base/mutant.hpp"
#include "pos/wire/event.hpp"
#include "pos/wire/report.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oms {

using base::Bytes;
using base::Result;

// What the cloud makes of its events by business day, kept beside orders and payments: a projection
// too, which follows from the events and can be made anew from them. Errors: the database's.
class Days {
 public:
  virtual ~Days() = default;

  // Takes in what an event says of a day.
  virtual Result<void> project(const wire::Event& event, std::uint64_t v) = 0;
  virtual Result<void> clear() = 0;
  // Of these seqs the spans, which may be larger, that the till has closed by what is held now.
  virtual Result<std::vector<wire::Span>> closed(std::string_view till, std::uint32_t epoch,
                                                 std::uint64_t first, std::uint64_t last) = 0;
  // The tills that have anything of a day, by name.
  virtual Result<std::vector<std::string>> tills(std::string_view day) = 0;
  // The days that there are, the oldest first, from the first one after `after` on.
  virtual Result<std::vector<std::string>> days(std::string_view after, std::size_t most) = 0;
  // What is held of a day at a till, but for `outstanding`.
  virtual Result<wire::DayReport> report(std::string_view till, std::string_view day) = 0;
  // What a closed day counts and is not held: at most so many of them, in their order.
  struct Outstanding {
    std::uint64_t count = 0;
    std::vector<std::string> first;  // "3.42"
  };
  virtual Result<Outstanding> outstanding(std::string_view till, std::string_view day,
                                          std::size_t most) = 0;
};

}  // namespace tillrig::oms
