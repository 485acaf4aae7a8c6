#include "sim/explore/request.hpp"

#include "pos/base/json_fields.hpp"

namespace tillrig::explore {
namespace {

constexpr std::size_t kLongestField = 1 << 16;  // bytes; paths

}  // namespace

std::string write_request(const Request& request) {
  return base::write_message(request);
}

base::Result<Request> read_request(std::string_view line) {
  return base::read_message<Request>(line, "a request", kLongestField);
}

}  // namespace tillrig::explore
