#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tillrig::oracle {

// The parts of an event's id "till-1.3.42", read by the oracle itself.
struct IdParts {
  std::string_view till;
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;
};
std::optional<IdParts> read_id(std::string_view text);

// The parts of a printed number "3-0000042".
struct NumberParts {
  std::uint32_t epoch = 0;
  std::uint64_t number = 0;
};
std::optional<NumberParts> read_number(std::string_view text);

// Whether an event of this kind is a sale or refund.
inline bool is_document(std::string_view kind) {
  return kind == "sale" || kind == "refund";
}

}  // namespace tillrig::oracle
