#include "pos/oms/order_parts.hpp"

#include "pos/base/varint.hpp"

namespace tillrig::oms {

Bytes pack_taxes(const wire::Document& document) {
  Bytes packed;
  for (const wire::Line& line : document.lines) {
    base::append_signed(packed, line.tax_rate.basis_points);
    base::append_signed(packed, line.total.minor);
    base::append_signed(packed, line.tax.minor);
  }
  return packed;
}

Bytes pack_payments(const wire::Document& document) {
  Bytes packed;
  for (const wire::Payment& payment : document.payments) {
    base::append_text(packed, payment.kind);
    base::append_signed(packed, payment.amount.minor);
  }
  return packed;
}

bool add_taxes(ByteView packed, Taxes& to) {
  base::VarintReader reader(packed);
  while (!reader.empty()) {
    const auto rate = reader.signed_varint();
    const auto goods = rate ? reader.signed_varint() : rate;
    const auto tax = goods ? reader.signed_varint() : goods;
    if (!tax) return false;
    Taxed& taxed = to[*rate];
    taxed.goods += base::Money{*goods};
    taxed.tax += base::Money{*tax};
  }
  return true;
}

bool add_payments(ByteView packed, Tenders& to) {
  base::VarintReader reader(packed);
  while (!reader.empty()) {
    const auto kind = reader.text();
    if (!kind) return false;
    const auto amount = reader.signed_varint();
    if (!amount) return false;
    to[std::string(*kind)] += base::Money{*amount};
  }
  return true;
}

}  // namespace tillrig::oms
