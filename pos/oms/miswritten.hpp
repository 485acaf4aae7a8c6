#pragma once

#include "pos/wire/event.hpp"

namespace tillrig::oms {

// What mutants of the cloud write in the place of an event.
wire::Event with_quantities_of_one(wire::Event event);
wire::Event with_less_tax(wire::Event event);
wire::Event with_first_payment(wire::Event event);

}  // namespace tillrig::oms
