#pragma once

#include "pos/wire/event.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace tillrig::oms {

using base::Bytes;
using base::ByteView;

// What a document's taxes and payments are in its row of orders: in one piece each, since they are
// read together and never searched for.
Bytes pack_taxes(const wire::Document& document);
Bytes pack_payments(const wire::Document& document);

struct Taxed {
  base::Money goods;
  base::Money tax;
};
using Taxes = std::map<std::int64_t, Taxed>;         // by rate
using Tenders = std::map<std::string, base::Money>;  // by kind

// Adds what was packed to what is there; false when it is not what was packed.
bool add_taxes(ByteView packed, Taxes& to);
bool add_payments(ByteView packed, Tenders& to);

}  // namespace tillrig::oms
