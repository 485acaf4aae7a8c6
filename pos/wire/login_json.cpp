#include "pos/base/json_fields.hpp"
#include "pos/wire/api.hpp"

namespace tillrig::wire {
namespace {

struct AroundProblem {
  Problem error;
  static void describe(auto& self, auto& fields) { fields("error", self.error); }
};

}  // namespace

Bytes write_json(const Pong& pong) {
  return base::write_message(pong);
}

Bytes write_json(const Login& login) {
  return base::write_message(login);
}

Result<Login> read_login_asked(ByteView body) {
  return base::read_message<Login>(body, "login");
}

Bytes write_json(const LoggedIn& login) {
  return base::write_message(login);
}

Bytes write_json(const Receipt& receipt) {
  return base::write_message(receipt);
}

Bytes write_problem(std::string_view code, std::string_view what) {
  Bytes out;
  base::JsonWriter problem(out);
  base::JsonWriter error(problem.lead("error"));
  error("code", code)("what", what).close();
  problem.close();
  return out;
}

Result<Problem> read_problem(ByteView body) {
  auto read = base::read_message<AroundProblem>(body, "refusal");
  if (!read) return base::Failure(read.error());
  return std::move(read->error);
}

Result<Receipt> read_receipt(ByteView body) {
  return base::read_message<Receipt>(body, "sale's receipt");
}

Result<Pong> read_pong(ByteView body) {
  return base::read_message<Pong>(body, "pong");
}

Result<LoggedIn> read_login(ByteView body) {
  return base::read_message<LoggedIn>(body, "answer to the login");
}

}  // namespace tillrig::wire
