#pragma once

#include "pos/base/time.hpp"
#include "sim/words/span.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// What has begun at one till and not ended yet, by the rows of the table of spans.
class OpenSpans {
 public:
  OpenSpans() : open_(words::spans().size()) {}

  struct Begun {
    base::Instant at;
    std::uint32_t sale = 0;  // whose name on the timeline; 0: none
  };
  void begin(std::size_t span, const std::string& key, Begun begun);
  // The beginning, if it was open. `key` as in begin().
  std::optional<Begun> end(std::size_t span, const std::string& key);
  // The app is gone: what it was at ends nowhere. What waits for the cloud goes on waiting.
  void drop();

 private:
  std::vector<std::map<std::string, std::deque<Begun>, std::less<>>> open_;  // by span
};

// Which spans a mark begins and ends.
struct SpanEnds {
  std::vector<std::size_t> begins;
  std::vector<std::size_t> ends;
};
SpanEnds spans_of(std::string_view mark);

}  // namespace tillrig::world
