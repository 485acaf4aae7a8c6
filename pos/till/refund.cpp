#include "pos/till/refund.hpp"

#include "pos/base/assert.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

using base::Code;
using base::fail;

wire::Line given_back(wire::Line line) {
  line.quantity.thousandths = -line.quantity.thousandths;
  line.discount = -line.discount;
  line.total = -line.total;
  line.tax = -line.tax;
  return line;
}

bool names(const std::vector<std::size_t>& wanted, std::size_t number) {
  return std::find(wanted.begin(), wanted.end(), number) != wanted.end();
}

// Which lines of the sale earlier refunds gave back. Of two that are the same, the one that is not
// wanted now. Errors: not_allowed, when one of them gave back what is no line of it: how much is
// left is for a person to say.
Result<std::vector<bool>> lines_gone(const wire::Document& sold,
                                     const std::vector<wire::Event>& earlier,
                                     const std::vector<std::size_t>& wanted) {
  std::vector<bool> gone(sold.lines.size(), false);
  for (const wire::Event& refund : earlier) {
    const auto* document = std::get_if<wire::Document>(&refund.body);
    if (document == nullptr) continue;
    for (const wire::Line& back : document->lines) {
      std::size_t chosen = gone.size();
      for (std::size_t i = 0; i < gone.size(); ++i) {
        if (gone[i] || given_back(sold.lines[i]) != back) continue;
        chosen = i;
        if (!names(wanted, i + 1)) break;
      }
      if (chosen == gone.size()) {
        return fail(
            Code::not_allowed,
            "{} gave back \"{}\", which is no line of the sale: what is left cannot be told",
            refund.id.text(), back.name);
      }
      gone[chosen] = true;
    }
  }
  return gone;
}

}  // namespace

Result<wire::Document> refund_of(const wire::Event& sale, const std::vector<wire::Event>& earlier,
                                 const std::vector<std::size_t>& wanted, std::string_view day) {
  const auto* original = std::get_if<wire::Document>(&sale.body);
  if (sale.kind != wire::EventKind::sale || original == nullptr) {
    return fail(Code::not_allowed, "{} is not a sale, so it cannot be refunded", sale.id.text());
  }
  wire::Document refund;
  refund.of = sale.id.text();
  refund.day = day;
  refund.currency = original->currency;
  const auto lines = lines_gone(*original, earlier, wanted);
  if (!lines) return base::Failure(lines.error());
  const std::vector<bool>& gone = *lines;
  for (std::size_t i = 0; i < original->lines.size(); ++i) {
    const bool named = names(wanted, i + 1);
    if (named && gone[i]) {
      return fail(Code::not_allowed, "line {} of {} ({}) was given back already", i + 1,
                  sale.id.text(), original->lines[i].name);
    }
    if (gone[i] || (!named && !wanted.empty())) continue;
    wire::Line line = given_back(original->lines[i]);
    refund.total += line.total;
    refund.tax += line.tax;
    refund.lines.push_back(std::move(line));
  }
  for (const std::size_t number : wanted) {
    if (number < 1 || number > original->lines.size()) {
      return fail(Code::not_found, "{} has no line {}; it has {}", sale.id.text(), number,
                  original->lines.size());
    }
  }
  if (refund.lines.empty())
    return fail(Code::not_allowed, "all of {} was given back already", sale.id.text());
  wire::Payment payment;
  payment.kind = "cash";
  payment.given = refund.total;
  payment.amount = refund.total;
  refund.payments.push_back(std::move(payment));
  return refund;
}

}  // namespace tillrig::till
