#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tillrig::oms {

// A request's target, taken apart: "/v1/ping?nonce=abc". The views are into the target.
class Target {
 public:
  explicit Target(std::string_view target);

  [[nodiscard]] std::string_view path() const { return path_; }
  // The value of a parameter as it stands (nothing here needs percent signs); empty if absent.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  // A parameter as a whole number; `otherwise` if absent, nothing if it is not one.
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view name,
                                                   std::uint64_t otherwise) const;

 private:
  std::string_view path_;
  std::string_view query_;
};

}  // namespace tillrig::oms
