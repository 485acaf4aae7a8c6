#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// The secrets that the tills, the auditor and the office of a world are provisioned with, all from
// one number.
class Provision {
 public:
  explicit Provision(std::uint64_t root) : root_(root) {}

  [[nodiscard]] std::string secret_of(std::string_view till) const;
  [[nodiscard]] std::string audit_secret() const;
  [[nodiscard]] std::string office_secret() const;
  [[nodiscard]] std::string acquirer_secret() const;
  // All of them, as a cloud's file of secrets has them.
  [[nodiscard]] std::string file(const std::vector<std::string>& tills) const;

 private:
  std::uint64_t root_;
};

}  // namespace tillrig::world
