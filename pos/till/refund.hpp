#pragma once

#include "pos/till/pricing.hpp"
#include "pos/wire/api.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tillrig::till {

// Goods that a customer brings back.
struct BroughtBack {
  std::size_t line = 0;  // of the sale, from 1
  Quantity quantity{0};  // 0: all that is left of it
};

struct RefundTerms {
  std::string_view day;  // business day
  PriceRules rules;
  base::Mutants mutants;
};

// The document that gives lines of a sale back: what was paid for that part of them, tax included.
// None named means all that `earlier` refunds of this sale have left. All parts of a line that are
// given back come to the line exactly. `elsewhere` is how much of each line other refunds gave
// back, or empty. Errors: not_found (no such line), bad_input (a quantity; a line named twice),
// not_allowed (not a sale; more than is left).
Result<wire::Document> refund_of(const wire::Event& sale, const std::vector<wire::Event>& earlier,
                                 const std::vector<BroughtBack>& wanted, const RefundTerms& terms,
                                 const std::vector<Quantity>& elsewhere = {});

// What goods were given back before came to, as refund_of() reckons it; not below zero. Errors: as
// refund_of().
Result<Money> returned_before(const wire::Event& sale, const std::vector<wire::Event>& earlier,
                              const std::vector<Quantity>& elsewhere);

// A sale as the cloud tells of it, as far as a refund needs it.
wire::Event sale_told(const base::EventId& id, const wire::Receipt& receipt);

}  // namespace tillrig::till
