#pragma once

#include "pos/base/money.hpp"
#include "pos/till/command.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::till {

// The till's control line: one JSON object a line, both ways (reference: network 2.4).
//   in   {"id":9,"do":"tender","kind":"cash","amount":"10.00"}
//   out  {"id":9,"ok":{...}} or {"id":9,"no":{"code":"not_allowed","text":"..."}}
//   out  {"ev":"shown",...}   what the cashier sees; {"ev":"note",...} what the stack records
struct ControlRequest {
  std::int64_t id = 0;
  Command command;
};

std::string write_request(const ControlRequest& request, const base::Currency& currency);
Result<ControlRequest> read_request(std::string_view line, const base::Currency& currency);

std::string write_answer(std::int64_t id, const Result<Answer>& answer);
struct ControlAnswer {
  std::int64_t id = 0;
  Result<Answer> answer;
};
Result<ControlAnswer> read_answer(std::string_view line);

std::string write_shown(const Shown& shown);
Result<Shown> read_shown(std::string_view line);

}  // namespace tillrig::till
