#include "pos/base/json_fields.hpp"
#include "pos/wire/points.hpp"

namespace tillrig::wire {

Bytes write_json(const Points& points) {
  return base::write_message(points);
}

Result<Points> read_points(ByteView body) {
  return base::read_message<Points>(body, "answer about points");
}

}  // namespace tillrig::wire
