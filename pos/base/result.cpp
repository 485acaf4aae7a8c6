#include "pos/base/result.hpp"

namespace tillrig::base {

std::string_view name(Code code) {
  switch (code) {
    case Code::bad_input:
      return "bad_input";
    case Code::not_found:
      return "not_found";
    case Code::exists:
      return "exists";
    case Code::busy:
      return "busy";
    case Code::not_allowed:
      return "not_allowed";
    case Code::conflict:
      return "conflict";
    case Code::too_large:
      return "too_large";
    case Code::protocol:
      return "protocol";
    case Code::refused:
      return "refused";
    case Code::unreachable:
      return "unreachable";
    case Code::dns:
      return "dns";
    case Code::tls:
      return "tls";
    case Code::reset:
      return "reset";
    case Code::closed:
      return "closed";
    case Code::timeout:
      return "timeout";
    case Code::cancelled:
      return "cancelled";
    case Code::io:
      return "io";
    case Code::no_space:
      return "no_space";
    case Code::read_only:
      return "read_only";
    case Code::dead_file:
      return "dead_file";
    case Code::in_doubt:
      return "in_doubt";
    case Code::corrupt:
      return "corrupt";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

Failure within(std::string_view doing, const Error& error) {
  return Failure(Error{error.code, fmt::format("{}: {}", doing, error.what)});
}

}  // namespace tillrig::base
