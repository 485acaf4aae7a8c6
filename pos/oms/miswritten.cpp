#include "pos/oms/miswritten.hpp"

#include "pos/oms/mutants.hpp"

#include <variant>

namespace tillrig::oms {

const base::Mutant kTaxOff{"cloud_tax_off", "INV-42", "a fault planted by a reviewer",
                           "the cloud books a cent less tax than a sale has"};
const base::Mutant kQuantityOne{"cloud_quantity_one", "INV-44", "a fault planted by a reviewer",
                                "the cloud keeps each line as if there were one of it"};

wire::Event with_quantities_of_one(wire::Event event) {
  if (auto* const document = std::get_if<wire::Document>(&event.body)) {
    for (wire::Line& line : document->lines) {
      line.quantity.thousandths = line.quantity.thousandths < 0 ? -1000 : 1000;
    }
  }
  return event;
}

wire::Event with_less_tax(wire::Event event) {
  if (auto* const document = std::get_if<wire::Document>(&event.body)) --document->tax.minor;
  return event;
}

wire::Event with_first_payment(wire::Event event) {
  auto* const document = std::get_if<wire::Document>(&event.body);
  if (document != nullptr && document->payments.size() > 1) document->payments.resize(1);
  return event;
}

}  // namespace tillrig::oms
