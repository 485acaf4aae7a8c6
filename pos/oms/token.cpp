#include "pos/oms/token.hpp"

#include "pos/base/hash.hpp"
#include "pos/base/ids.hpp"
#include "pos/oms/secrets.hpp"

#include <charconv>
#include <cstddef>

namespace tillrig::oms {

std::string make_token(base::ByteView secret, const Caller& caller) {
  const std::string who = fmt::format("{}.{}", caller.till, caller.generation);
  return fmt::format("{}.{}", who, base::blake2b(secret, who).hex());
}

std::string_view claimed_till(std::string_view token) {
  return token.substr(0, token.find('.'));
}

base::Result<Caller> read_token(base::ByteView secret, std::string_view token) {
  const auto wrong =
      base::fail(base::Code::not_allowed, "the token was not made by this cloud; log in again");
  const std::size_t dot = token.find('.');
  if (dot == std::string_view::npos) return wrong;
  Caller caller;
  caller.till = token.substr(0, dot);
  if (!base::is_till_name(caller.till)) return wrong;
  const char* end = token.data() + token.size();
  std::from_chars(token.data() + dot + 1, end, caller.generation);
  if (!same_bytes(make_token(secret, caller), token)) return wrong;
  return caller;
}

}  // namespace tillrig::oms
