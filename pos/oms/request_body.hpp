#pragma once

#include "pos/base/http.hpp"

#include <tl/expected.hpp>

#include <string>

namespace tillrig::oms {

// Why a request's body is not looked at: the status and code to answer with.
struct BodyProblem {
  int status = 400;
  std::string code;
  std::string what;
};

// The body of a request of ours: of our content type (415), unpacked, within the limit (413), and
// not damaged (400).
tl::expected<base::Bytes, BodyProblem> read_body(const base::HttpRequest& request);

}  // namespace tillrig::oms
