#pragma once

#include "pos/base/time.hpp"
#include "pos/ports/entropy.hpp"

namespace tillrig::sync {

// Full jitter: a uniform draw from [0, min(cap, base x 2^failures)), so that two hundred tills that
// lost the line together do not come back together (domain 6: peak 10 requests/s instead of 200).
class Backoff {
 public:
  static constexpr base::Duration kBase = std::chrono::seconds(1);
  static constexpr base::Duration kCap = std::chrono::seconds(60);

  explicit Backoff(ports::Entropy& entropy) : entropy_(entropy) {}

  // How long to wait after one more failure; at least what the server asked for.
  base::Duration failed(base::Duration retry_after);
  void succeeded() { failures_ = 0; }
  [[nodiscard]] int failures() const { return failures_; }

 private:
  ports::Entropy& entropy_;
  int failures_ = 0;
};

}  // namespace tillrig::sync
