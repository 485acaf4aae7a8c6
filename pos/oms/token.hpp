#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::oms {

// Who a token says is calling.
struct Caller {
  std::string till;
  std::uint64_t generation = 0;
};

// "till-1.7.<64 hex digits>": till, generation and a proof over both that only the holder of the
// secret can make. Nothing needs storing, so tokens outlive a restart of the cloud, but not the
// loss of its database, nor the end of the till's secret that they were given for.
std::string make_token(base::ByteView secret, const Caller& caller);

// Errors: not_allowed when this cloud did not make the token.
base::Result<Caller> read_token(base::ByteView secret, std::string_view token);

// Who a token says that it is from, before anything is proved.
std::string_view claimed_till(std::string_view token);

}  // namespace tillrig::oms
