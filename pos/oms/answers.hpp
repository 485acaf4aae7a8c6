#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/http.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <string_view>

namespace tillrig::oms {

inline constexpr std::uint64_t kMostAudited = 1'000;  // rows of an audit

// An answer of ours.
base::HttpResponse answer(int status, base::Bytes body);
// The answer to what cannot be a request of ours: 400, 413 and so on.
base::HttpResponse problem(int status, std::string_view code, std::string_view what);
// An Error of a body or of the database, as the status a till acts on.
base::HttpResponse problem_of(const base::Error& error);

}  // namespace tillrig::oms
