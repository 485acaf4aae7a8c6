#include "pos/wire/body_sum.hpp"

#include "pos/base/hash.hpp"

#include <fmt/format.h>

namespace tillrig::wire {
namespace {

std::string sum_of(base::ByteView body) {
  return fmt::format("{:08x}", base::crc32c(body));
}

}  // namespace

void add_sum(base::HttpFields& fields, base::ByteView body) {
  if (!body.empty()) fields.add(kSumField, sum_of(body));
}

bool damaged(const base::HttpFields& fields, base::ByteView body) {
  const std::string_view told = fields.get(kSumField);
  return !told.empty() && told != sum_of(body);
}

}  // namespace tillrig::wire
