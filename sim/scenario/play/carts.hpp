#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace tillrig::scenario {

// The carts that the scenario itself has open: background trade waits for them.
class Carts {
 public:
  // `poison`: the SKUs that make the cloud reject a sale.
  explicit Carts(const std::vector<std::string>& poison) : poison_(poison) {}

  void put_in(const std::string& till, const std::string& sku) {
    const bool bad = std::find(poison_.begin(), poison_.end(), sku) != poison_.end();
    poisoned_[till] = poisoned_[till] || bad;
  }
  void close(const std::string& till) { poisoned_.erase(till); }

  [[nodiscard]] bool is_open(const std::string& till) const { return poisoned_.contains(till); }
  // Whether something is in it that the cloud will reject.
  [[nodiscard]] bool is_poisoned(const std::string& till) const {
    const auto cart = poisoned_.find(till);
    return cart != poisoned_.end() && cart->second;
  }

 private:
  const std::vector<std::string>& poison_;
  std::map<std::string, bool> poisoned_;  // by till
};

}  // namespace tillrig::scenario
