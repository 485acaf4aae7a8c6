#pragma once

#include "devices/scanner/protocol.hpp"
#include "pos/base/bytes.hpp"

#include <cstdint>
#include <map>
#include <string_view>

namespace tillrig::scanner {

// What may go wrong with a scan between the label and the till.
enum class ScanFault {
  drop_suffix,   // the suffix (or ETX) is not sent
  duplicate,     // the same scan is sent twice, as after a missed acknowledgement
  nul_garbage,   // two NUL bytes stand inside the code
  misread_digit  // one digit is read as another; the check digit is the label's
};

std::string_view name(ScanFault fault);

// A serial scanner on a desk: a code goes in, the bytes that it puts on the line come out. Faults
// are armed for a number of scans and used up by them, so that one which never came about is seen.
class SimulatedScanner {
 public:
  explicit SimulatedScanner(Frame frame);

  // What the scanner sends for one pull of its trigger; nothing while it has no power.
  base::Bytes scan(std::string_view code);

  void arm(ScanFault fault, std::uint64_t scans = 1);
  void disarm(ScanFault fault);
  std::uint64_t armed(ScanFault fault) const;  // scans that the fault still waits for
  std::uint64_t fired(ScanFault fault) const;  // scans that it has spoilt

  void set_power(bool on) { power_ = on; }
  bool power() const { return power_; }
  std::uint64_t scans() const { return scans_; }  // scans sent, a duplicate counted once

 private:
  bool use(ScanFault fault);

  Frame frame_;
  bool power_ = true;
  std::uint64_t scans_ = 0;
  std::map<ScanFault, std::uint64_t> armed_;
  std::map<ScanFault, std::uint64_t> fired_;
};

}  // namespace tillrig::scanner
