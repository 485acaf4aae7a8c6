#include "pos/oms/document_rules.hpp"

#include <algorithm>
#include <vector>

namespace tillrig::oms {
namespace {

using base::Money;

constexpr std::int64_t kLargestCoin = 1'000;  // minor units: none is rounded to more (HUF 5.00)
constexpr std::int64_t kWholeRate = 10'000;

// The signs of a sale; a refund is turned round first. What comes back in parts is each time a
// share of its line: that may be a minor unit more than the price of so much.
bool signs_are_right(const wire::Line& line, int sign) {
  const auto turned = [sign](std::int64_t value) { return sign * value; };
  const std::int64_t gross = turned((line.total + line.discount).minor);
  return turned(line.quantity.thousandths) > 0 && line.unit_price >= Money{} &&
         turned(line.discount.minor) >= (sign < 0 ? -1 : 0) &&
         turned(line.discount.minor) <= gross && turned(line.total.minor) >= 0 &&
         turned(line.tax.minor) >= 0 && line.tax_rate.basis_points <= kWholeRate;
}

// Some software rounds each line, ours what all lines of a rate come to (EN 16931, BR-CO-17): a
// minor unit a line explains the difference, no more.
bool tax_is_right(const wire::Document& document) {
  struct Rate {
    std::int64_t points = 0;
    Money goods;
    Money tax;
    std::int64_t lines = 0;
  };
  std::vector<Rate> rates;  // a document has one, two or three
  for (const wire::Line& line : document.lines) {
    const std::int64_t points = line.tax_rate.basis_points;
    auto at = std::find_if(rates.begin(), rates.end(),
                           [&](const Rate& rate) { return rate.points == points; });
    if (at == rates.end()) at = rates.insert(at, Rate{points, {}, {}, 0});
    Rate& rate = *at;
    rate.goods += line.total;
    rate.tax += line.tax;
    ++rate.lines;
  }
  return std::all_of(rates.begin(), rates.end(), [&](const Rate& rate) {
    const Money right = document.on_top ? base::share(rate.goods, {rate.points})
                                        : base::tax_inside(rate.goods, {rate.points});
    const std::int64_t off = (rate.tax - right).minor;
    return off >= -rate.lines && off <= rate.lines;
  });
}

const wire::Line* line_of(const wire::Document& sale, std::uint64_t number) {
  return number >= 1 && number <= sale.lines.size() ? &sale.lines[number - 1] : nullptr;
}

}  // namespace

std::string_view find_document_fault(const wire::Document& document, wire::EventKind kind) {
  if (!wire::check_document(document, kind)) return "arithmetic";
  if (document.number == 0) return "no_number";
  const bool refund = kind == wire::EventKind::refund;
  for (const wire::Line& line : document.lines) {
    if (!signs_are_right(line, refund ? -1 : 1)) return "sign";
    if ((line.of_line != 0) != refund) return "of_line";
  }
  if (document.rounding.minor <= -kLargestCoin || document.rounding.minor >= kLargestCoin) {
    return "rounding";
  }
  // What a refund takes back of a tax is a share of its sale's.
  return refund || tax_is_right(document) ? "" : "tax";
}

std::string_view find_refund_fault(const wire::Document& refund, const wire::Document& sale) {
  if (refund.currency != sale.currency) return "currency";
  for (const wire::Line& back : refund.lines) {
    const wire::Line* const sold = line_of(sale, back.of_line);
    const bool same = sold != nullptr && sold->sku == back.sku &&
                      sold->unit_price == back.unit_price && sold->tax_rate == back.tax_rate;
    if (!same) return "not_of_the_sale";
  }
  return "";
}

std::string_view find_refund_flag(const wire::Document& refund, const wire::Document& sale,
                                  const std::vector<wire::Document>& earlier) {
  std::vector<std::int64_t> gone(sale.lines.size(), 0);
  for (const wire::Document& document : earlier) {
    for (const wire::Line& back : document.lines) {
      const wire::Line* const sold = line_of(sale, back.of_line);
      if (sold == nullptr) continue;
      // Beyond what was sold it does not matter how much: such a sum could leave 64 bits.
      std::int64_t& sum = gone[back.of_line - 1];
      if (sum <= sold->quantity.thousandths) sum -= back.quantity.thousandths;
    }
  }
  for (const wire::Line& back : refund.lines) {
    const wire::Line& sold = sale.lines[back.of_line - 1];
    std::int64_t& before = gone[back.of_line - 1];
    if (before > sold.quantity.thousandths) return "exceeds_sale";
    const std::int64_t then = before - back.quantity.thousandths;
    if (then > sold.quantity.thousandths) return "exceeds_sale";
    const auto part = [&](Money whole) {
      return base::part_of(whole, {then}, sold.quantity) -
             base::part_of(whole, {before}, sold.quantity);
    };
    if (-back.total != part(sold.total) || -back.tax != part(sold.tax)) return "refund_amount";
    before = then;
  }
  return "";
}

}  // namespace tillrig::oms
