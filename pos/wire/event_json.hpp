#pragma once

#include "pos/base/json_ordered.hpp"
#include "pos/wire/event.hpp"

namespace tillrig::wire {

// The event's stamp, body and tail as append_body_json() writes them; its kind is known. Anything
// else is a surprise.
void body_from_json(base::JsonOrdered& in, Event& event);

}  // namespace tillrig::wire
