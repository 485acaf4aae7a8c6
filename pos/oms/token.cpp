#include "pos/oms/token.hpp"

#include "pos/base/hash.hpp"
#include "pos/base/ids.hpp"

#include <charconv>
#include <cstddef>

namespace tillrig::oms {
namespace {

// Compares in a time that says nothing about where two texts differ.
bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

std::string make_token(base::ByteView secret, const Caller& caller) {
  const std::string who = fmt::format("{}.{}", caller.till, caller.generation);
  return fmt::format("{}.{}", who, base::blake2b(secret, who).hex());
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
  if (!same(make_token(secret, caller), token)) return wrong;
  return caller;
}

}  // namespace tillrig::oms
