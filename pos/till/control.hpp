#pragma once

#include "pos/till/command.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::till {

// The till's control line: one JSON object a line, both ways (reference: network 2.4). Amounts are
// whole minor units, quantities thousandths, rates hundredths of a percent.
//   in   {"id":9,"do":"tender","kind":"cash","amount":1000}
//   out  {"id":9,"ok":{...}} or {"id":9,"no":{"code":"not_allowed","text":"..."}}
//   out  {"ev":"shown",...}   what the cashier sees
struct ControlRequest {
  std::int64_t id = 0;
  Command command;
};

std::string write_request(const ControlRequest& request);
// Errors: bad_input, naming the field.
Result<ControlRequest> read_request(std::string_view line);

struct ControlAnswer {
  std::int64_t id = 0;
  Result<Answer> answer;
};

std::string write_answer(std::int64_t id, const Result<Answer>& answer);
// Errors: bad_input, protocol: the line is no answer, which says nothing about what the till did.
Result<ControlAnswer> read_answer(std::string_view line);

std::string write_shown(const Shown& shown);
Result<Shown> read_shown(std::string_view line);

}  // namespace tillrig::till
