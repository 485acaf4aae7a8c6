#include "pos/base/json_fields.hpp"
#include "pos/wire/api.hpp"

namespace tillrig::wire {

Bytes write_json(const Pong& pong) {
  return base::write_message(pong);
}

Bytes write_json(const LoggedIn& login) {
  return base::write_message(login);
}

Bytes write_problem(std::string_view code, std::string_view what) {
  Bytes out;
  base::JsonWriter problem(out);
  base::JsonWriter error(problem.lead("error"));
  error("code", code)("what", what).close();
  problem.close();
  return out;
}

Result<Pong> read_pong(ByteView body) {
  return base::read_message<Pong>(body, "pong");
}

Result<LoggedIn> read_login(ByteView body) {
  return base::read_message<LoggedIn>(body, "answer to the login");
}

}  // namespace tillrig::wire
