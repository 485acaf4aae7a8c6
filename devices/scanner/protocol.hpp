#pragma once

#include "pos/base/bytes.hpp"

#include <optional>
#include <string_view>

namespace tillrig::scanner {

// What a serial scanner sends behind a code.
enum class Suffix { cr, crlf, tab, none };

inline constexpr char kStx = '\x02';
inline constexpr char kEtx = '\x03';

// How a serial scanner is set up to frame a code: `[prefix] code [suffix]`, or with stx_etx
// `STX [prefix] code ETX`, where the suffix is not sent.
struct Frame {
  base::Bytes prefix;
  Suffix suffix = Suffix::cr;
  bool stx_etx = false;
};

// The bytes of a suffix: "\r", "\r\n", "\t", "".
base::ByteView bytes_of(Suffix suffix);

// By its name: "cr", "crlf", "tab", "none"; nothing for any other.
std::optional<Suffix> suffix_named(std::string_view name);

// One code as the scanner sends it.
base::Bytes encode(const Frame& frame, std::string_view code);

}  // namespace tillrig::scanner
