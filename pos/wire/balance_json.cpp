#include "pos/base/json_fields.hpp"
#include "pos/wire/balance.hpp"

namespace tillrig::wire {

std::string write_balance(const Balance& balance) {
  return base::write_message(balance);
}

Result<Balance> read_balance(std::string_view body) {
  return base::read_message<Balance>(body, "balance");
}

}  // namespace tillrig::wire
