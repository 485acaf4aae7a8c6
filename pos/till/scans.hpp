#pragma once

#include "pos/ports/ports.hpp"
#include "pos/till/config.hpp"
#include "pos/till/screen.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// What comes in from the scanner: while the cashier waits nothing is lost, it is taken in its order
// afterwards; what cannot be taken beeps and says why. Everything referred to outlives it.
class Scans {
 public:
  // Puts the goods of a code into the cart. Errors: why not.
  using Add = std::function<base::Result<void>(std::string_view code)>;
  Scans(const ports::Ports& ports, const Config& config, Screen& screen, Add add)
      : ports_(ports), config_(config), screen_(screen), add_(std::move(add)) {}

  void scanned(std::string_view code, bool waiting);
  void unreadable(std::string_view why);
  // The cashier waits no more.
  void take_held();

 private:
  void take(std::string_view code);

  const ports::Ports& ports_;
  const Config& config_;
  Screen& screen_;
  Add add_;
  std::string last_;
  std::vector<std::string> held_;
};

}  // namespace tillrig::till
