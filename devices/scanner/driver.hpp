#pragma once

#include "devices/scanner/barcode.hpp"
#include "devices/scanner/protocol.hpp"
#include "pos/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scanner {

// A code that the till may look up.
struct Scan {
  std::string code;
  Symbology symbology = Symbology::other;
  bool checked = false;     // its check digit is right; false for `other`, which has none
  bool whole_frame = true;  // false: the suffix never came and the inter-byte gap ended it
};

enum class Reason {
  bad_check_digit,  // an EAN or UPC by its length, with another check digit
  merged,           // two or more codes with one suffix between them
  too_long,
  too_short,
  garbage,     // a byte that no code has, or bytes outside STX and ETX
  no_prefix,   // the scanner is set to send a prefix and it is not there
  incomplete,  // the end is missing, and nothing proves that the code is whole
};

// Bytes that came and are no scan. The cashier is asked to scan again.
struct Reject {
  Reason reason = Reason::garbage;
  base::Bytes bytes;  // what came, at most DriverOptions::max_length
};

// One sentence for a person; unprintable bytes are shown as \xNN.
std::string describe(const Reject& reject);

struct Reading {
  std::vector<Scan> scans;
  std::vector<Reject> rejects;
};

struct DriverOptions {
  Frame frame;
  base::Duration gap = std::chrono::milliseconds(50);  // silence that ends a code with no suffix
  std::size_t min_length = 3;
  std::size_t max_length = 64;
};

// The till's side of a serial scanner: bytes in, scans out. It reads no clock: every call says what
// time it is. CR, LF and TAB all end a code, whichever suffix is set, because none of them is part
// of one; empty codes (the LF of a CR LF) are dropped. A code whose end is missing is taken after
// `gap` only if it is a valid EAN-13: a shorter one may be the beginning of another, and one in ten
// beginnings has a right check digit by chance. A scanner set to send no suffix at all leaves only
// the gap to go by, and everything is taken then.
class ScannerDriver {
 public:
  explicit ScannerDriver(DriverOptions options);

  // Takes bytes as they arrived, in pieces of any size.
  Reading feed(base::ByteView bytes, base::Instant now);

  // Ends a code whose suffix did not come, once `gap` has passed since its last byte.
  Reading poll(base::Instant now);

  // When poll() has something to do; never() while nothing is pending.
  base::Instant poll_at() const;

  // Forgets a half-received code: the line was lost or the till restarted its port.
  void reset();

 private:
  void take(char byte, Reading& out);
  void finish(bool whole_frame, Reading& out);
  void reject(Reason reason, Reading& out);
  bool ends_here(char byte) const;

  DriverOptions options_;
  base::Bytes pending_;      // bytes of the frame so far, without STX
  bool inside_ = false;      // an STX came and its ETX did not
  bool overflowed_ = false;  // the frame passed max_length; the rest of it is dropped
  base::Instant last_byte_;
};

}  // namespace tillrig::scanner
