#include "pos/wire/table_sum.hpp"

#include "pos/base/json.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace tillrig::wire {

// The lengths of id and body stand first, so that no two rows look alike.
void TableSum::add(std::string_view id, bool deleted, std::string_view body) {
  const std::string head = fmt::format("{}:{}:{}:{}", id.size(), body.size(), int{deleted}, id);
  const base::Hash256 one = base::blake2b(head, body);
  for (std::size_t i = 0; i < all.bytes.size(); ++i) all.bytes[i] ^= one.bytes[i];
  ++rows;
}

std::string TableSum::text() const {
  return fmt::format("{}:{}", rows, all.hex());
}

std::string as_read(std::string_view body) {
  const auto value = base::parse_json(body);
  return value ? base::json::serialize(*value) : std::string(body);
}

}  // namespace tillrig::wire
