#include "pos/base/hash.hpp"

namespace tillrig::base {
namespace {

// The value of a lower-case hex digit, or -1.
int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string Hash256::hex() const {
  return to_hex(view());
}

Result<Hash256> parse_hash(std::string_view hex) {
  Hash256 hash;
  if (hex.size() != 2 * hash.bytes.size()) {
    return fail(Code::bad_input, "a hash of {} digits: expected {} lower-case hex digits",
                hex.size(), 2 * hash.bytes.size());
  }
  for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) {
      return fail(Code::bad_input,
                  "the hash has something other than a lower-case hex digit at place {} or {}",
                  2 * i, 2 * i + 1);
    }
    hash.bytes[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return hash;
}

}  // namespace tillrig::base
