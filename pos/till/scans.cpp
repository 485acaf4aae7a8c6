#include "pos/till/scans.hpp"

#include "pos/ports/ports.hpp"

#include <utility>

namespace tillrig::till {
namespace {

const base::Mutant kScanSwallowed{"scan_swallowed", "INV-39", "debounced scanner input",
                                  "a code that is the same as the one before it is dropped"};
const base::Mutant kScanCalledUnknown{"scan_called_unknown", "INV-39",
                                      "a fault planted by a reviewer",
                                      "goods scanned at a wrong moment are called unknown"};
const base::Mutant kScansDropped{
    "scans_dropped_while_waiting", "INV-39", "domain 1.2, OUT-10",
    "what is scanned while a customer's points are waited for is lost"};

}  // namespace

void Scans::scanned(std::string_view code, bool waiting) {
  ports_.recorder.note({.mark = "scan.read"}, {{"code", code}});
  if (std::exchange(last_, code) == code && kScanSwallowed.on(config_.mutants)) return;
  if (!waiting) return take(code);
  if (!kScansDropped.on(config_.mutants)) held_.emplace_back(code);
}

void Scans::take_held() {
  for (const std::string& code : std::exchange(held_, {})) take(code);
}

void Scans::take(std::string_view code) {
  const base::Result<void> added = add_(code);
  if (added) return;
  ScanRejected shown;
  shown.code =
      name(kScanCalledUnknown.on(config_.mutants) ? base::Code::not_found : added.error().code);
  shown.text = added.error().what;
  screen_.show(shown);
}

void Scans::unreadable(std::string_view why) {
  ScanRejected shown;
  shown.code = "unreadable";
  shown.text = why;
  screen_.show(shown);
}

}  // namespace tillrig::till
