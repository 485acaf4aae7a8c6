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
  // Whether the path is the pattern's, "/v1/tills/{till}/login", where {...} stands for one name
  // that is not empty and has no slash; named() is then that name.
  bool matches(std::string_view pattern);
  [[nodiscard]] std::string_view named() const { return named_; }
  // The value of a parameter as it stands (nothing here needs percent signs); empty if absent.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  // A parameter as a whole number; `otherwise` if absent, nothing if it is not one.
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view name,
                                                   std::uint64_t otherwise) const;

 private:
  std::string_view path_;
  std::string_view query_;
  std::string_view named_;
};

}  // namespace tillrig::oms
