#include "pos/base/json_fields.hpp"
#include "pos/wire/attempt.hpp"

namespace tillrig::wire {

base::Bytes write_json(const AttemptKnown& known) {
  return base::write_message(known);
}

base::Result<AttemptKnown> read_attempt(base::ByteView body) {
  return base::read_message<AttemptKnown>(body, "word about an attempt");
}

}  // namespace tillrig::wire
