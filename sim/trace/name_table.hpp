#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::trace {

// Texts and their numbers, from 1 in the order in which they came. Asked several times for every
// event of a run, with tens of thousands of texts in it: so one array, looked through from where
// the text's hash points to.
class NameTable {
 public:
  struct Entered {
    std::uint32_t id = 0;
    bool is_new = false;
  };
  Entered enter(std::string_view text);
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  struct Slot {
    std::string_view text;
    std::uint32_t hash = 0;
    std::uint32_t id = 0;  // 0: nobody's
  };
  void grow();

  std::deque<std::string> texts_;                     // slots point into it
  std::vector<Slot> slots_ = std::vector<Slot>(256);  // a power of two, half of them free at least
};

}  // namespace tillrig::trace
