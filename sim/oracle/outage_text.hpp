#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// The body of an outage_closed event.
struct OutageText {
  std::int64_t since_ms = 0;
  std::int64_t until_ms = 0;
  std::uint64_t documents = 0;
};
// Nothing if it is not whole, or not readable.
std::optional<OutageText> read_outage(std::string_view body);

// A null receipt as it stands on paper.
struct NullReceiptText {
  bool copy = false;
  std::string event;  // its id
  std::string since;  // "2026-03-02 08:10:00 UTC"
  std::string until;
  std::uint64_t documents = 0;
  bool nothing = false;  // its total is nothing
};
// Nothing for any other paper.
std::optional<NullReceiptText> read_null_receipt(std::string_view text, std::string_view copy_mark);

// A moment as paper has to have it.
std::string moment_on_paper(std::int64_t wall_ms);

}  // namespace tillrig::oracle
