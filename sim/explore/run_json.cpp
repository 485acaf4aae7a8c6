#include "sim/explore/run_json.hpp"

#include "pos/base/json_fields.hpp"

namespace tillrig::explore {
namespace {

constexpr std::size_t kLongText = 1 << 20;  // bytes; a receipt or an answer may stand in a failure

}  // namespace

std::string write_run(const RunResult& result) {
  return base::write_message(result);
}

base::Result<RunResult> read_run(std::string_view line) {
  return base::read_message<RunResult>(line, "the result of a run", kLongText);
}

}  // namespace tillrig::explore
