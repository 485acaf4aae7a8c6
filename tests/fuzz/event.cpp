// The compact form is canonical: what can be decoded is encoded to the same bytes.
#include "pos/wire/event.hpp"

#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {

void one(base::ByteView input) {
  const auto event = wire::decode(input);
  if (!event) return;
  must(wire::encode(*event) == input, "a decoded event has the bytes that it came from");
  std::string json;
  wire::append_body_json(json, *event);
  must(base::parse_json(json).has_value(), "the readable form of an event is JSON");
}

}  // namespace tillrig::fuzz
