#include "devices/scanner/simulated.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tillrig::scanner {
namespace {

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

}  // namespace

std::string_view name(ScanFault fault) {
  switch (fault) {
    case ScanFault::drop_suffix:
      return "drop_suffix";
    case ScanFault::duplicate:
      return "duplicate";
    case ScanFault::nul_garbage:
      return "nul_garbage";
    case ScanFault::misread_digit:
      return "misread_digit";
  }
  return "unknown";
}

SimulatedScanner::SimulatedScanner(Frame frame) : frame_(std::move(frame)) {}

base::Bytes SimulatedScanner::scan(std::string_view code) {
  if (!power_) return {};
  ++scans_;
  std::string read(code);
  const auto digit = std::find_if(read.begin(), read.end(), is_digit);
  if (digit != read.end() && use(ScanFault::misread_digit)) {
    *digit = *digit == '9' ? '0' : static_cast<char>(*digit + 1);
  }
  if (use(ScanFault::nul_garbage)) read.insert(read.size() / 2, 2, '\0');
  base::Bytes sent = encode(frame_, read);
  const std::size_t end = frame_.stx_etx ? 1 : bytes_of(frame_.suffix).size();
  if (end > 0 && use(ScanFault::drop_suffix)) sent.resize(sent.size() - end);
  if (use(ScanFault::duplicate)) sent += sent;
  return sent;
}

void SimulatedScanner::arm(ScanFault fault, std::uint64_t scans) {
  armed_[fault] += scans;
}

void SimulatedScanner::disarm(ScanFault fault) {
  armed_.erase(fault);
}

std::uint64_t SimulatedScanner::armed(ScanFault fault) const {
  const auto found = armed_.find(fault);
  return found == armed_.end() ? 0 : found->second;
}

std::uint64_t SimulatedScanner::fired(ScanFault fault) const {
  const auto found = fired_.find(fault);
  return found == fired_.end() ? 0 : found->second;
}

bool SimulatedScanner::use(ScanFault fault) {
  const auto found = armed_.find(fault);
  if (found == armed_.end() || found->second == 0) return false;
  --found->second;
  ++fired_[fault];
  return true;
}

}  // namespace tillrig::scanner
