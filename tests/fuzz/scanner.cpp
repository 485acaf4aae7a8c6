// The same bytes give the same scans, however the line cuts them.
#include "devices/scanner/driver.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <chrono>

namespace tillrig::fuzz {
namespace {

std::string read(const scanner::Frame& frame, base::ByteView bytes, std::size_t step) {
  scanner::DriverOptions options;
  options.frame = frame;
  scanner::ScannerDriver driver(options);
  std::string scans;
  std::string rejects;  // apart: a Reading does not tell which of the two came first
  const auto tell = [&](const scanner::Reading& reading) {
    for (const scanner::Scan& scan : reading.scans) {
      must(scan.code.size() <= options.max_length, "no code is longer than the driver allows");
      scans += scan.code + '\n';
    }
    for (const scanner::Reject& reject : reading.rejects) {
      must(!scanner::describe(reject).empty(), "every reject has a sentence");
      rejects += scanner::describe(reject) + '\n';
    }
  };
  const base::Instant now{};
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    tell(driver.feed(bytes.substr(at, step), now));
  }
  tell(driver.poll(now + std::chrono::seconds(1)));
  must(driver.poll_at() == base::Instant::never(), "after the gap nothing is pending");
  return scans + rejects;
}

}  // namespace

void one(base::ByteView input) {
  const Pieces pieces(input);
  scanner::Frame frame;
  frame.stx_etx = pieces.step % 2 == 0;
  if (pieces.step % 3 == 0) frame.prefix = "]E0";
  must(read(frame, pieces.bytes, pieces.step) == read(frame, pieces.bytes, pieces.bytes.size() + 1),
       "scans do not depend on how their bytes are cut");
}

}  // namespace tillrig::fuzz
