#include "pos/oms/answers.hpp"

#include "pos/wire/api.hpp"

namespace tillrig::oms {

using base::Code;
using base::HttpResponse;

HttpResponse answer(int status, base::Bytes body) {
  HttpResponse response;
  response.status = status;
  response.fields.add("Content-Type", wire::kContentType);
  response.fields.add("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

HttpResponse problem_of(const base::Error& error) {
  switch (error.code) {
    case Code::bad_input:
      return problem(400, "bad_json", error.what);
    case Code::protocol:
      return problem(400, "bad_body", error.what);
    case Code::not_allowed:
      return problem(401, "bad_token", error.what);
    case Code::conflict:
      return problem(409, "conflict", error.what);
    case Code::too_large:
      return problem(413, "too_large", error.what);
    case Code::dead_file:
      return problem(503, "dead_file", error.what);
    default:
      return problem(500, base::name(error.code), error.what);
  }
}

HttpResponse problem(int status, std::string_view code, std::string_view what) {
  return answer(status, wire::write_problem(code, what));
}

}  // namespace tillrig::oms
