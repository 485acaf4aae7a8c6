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
