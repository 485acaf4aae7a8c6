#include "pos/base/result.hpp"

namespace tillrig::base {

Failure within(std::string_view doing, const Error& error) {
  return Failure(Error{error.code, fmt::format("{}: {}", doing, error.what)});
}

}  // namespace tillrig::base
