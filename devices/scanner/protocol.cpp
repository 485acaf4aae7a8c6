#include "devices/scanner/protocol.hpp"

namespace tillrig::scanner {

base::ByteView bytes_of(Suffix suffix) {
  switch (suffix) {
    case Suffix::cr:
      return "\r";
    case Suffix::crlf:
      return "\r\n";
    case Suffix::tab:
      return "\t";
    case Suffix::none:
      return "";
  }
  return "";
}

std::optional<Suffix> suffix_named(std::string_view name) {
  if (name == "cr") return Suffix::cr;
  if (name == "crlf") return Suffix::crlf;
  if (name == "tab") return Suffix::tab;
  if (name == "none") return Suffix::none;
  return std::nullopt;
}

base::Bytes encode(const Frame& frame, std::string_view code) {
  base::Bytes out;
  if (frame.stx_etx) out += kStx;
  out += frame.prefix;
  out += code;
  if (frame.stx_etx) {
    out += kEtx;
  } else {
    out += bytes_of(frame.suffix);
  }
  return out;
}

}  // namespace tillrig::scanner
