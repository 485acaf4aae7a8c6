#include "pos/till/refund.hpp"

#include "pos/wire/purse.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

using base::Code;
using base::fail;
using base::Mutant;

const Mutant kFreeGoodsKept{"free_goods_kept", "INV-44", "a fault planted by a reviewer",
                            "goods that cost nothing are left out when all of a sale comes back"};
const Mutant kUndiscounted{"refund_undiscounted", "INV-44", "a fault planted by a reviewer",
                           "a refund gives back what the goods cost before their discount"};
const Mutant kUntaxed{"refund_untaxed", "INV-42", "a fault planted by a reviewer",
                      "a refund takes no tax back"};
const Mutant kRepeated{"refund_repeated", "INV-44", "odoo/odoo#257854 and its kin",
                       "what was given back before is forgotten"};
const Mutant kLoadsGivenBack{"refund_gives_loads_back", "INV-44", "a fault planted by a reviewer",
                             "a refund of all gives back money that was put in, too"};

const Mutant kFirstLineBack{"refund_knows_first_line", "INV-44", "a fault planted by a reviewer",
                            "of each refund before only the first line is remembered"};

// How much of each line earlier refunds gave back.
Result<std::vector<Quantity>> given_back(const wire::Document& sold,
                                         const std::vector<wire::Event>& earlier,
                                         const std::vector<Quantity>& elsewhere,
                                         const base::Mutants& mutants) {
  std::vector<Quantity> gone = elsewhere;
  if (gone.empty()) gone.resize(sold.lines.size(), Quantity{0});
  if (gone.size() != sold.lines.size()) {
    return fail(Code::not_allowed,
                "the sale has {} lines here and {} in the cloud: what is left cannot be told",
                sold.lines.size(), gone.size());
  }
  for (const wire::Event& refund : earlier) {
    const auto* document = std::get_if<wire::Document>(&refund.body);
    if (document == nullptr) continue;
    for (const wire::Line& back : document->lines) {
      if (back.of_line < 1 || back.of_line > gone.size()) {
        return fail(
            Code::not_allowed,
            "{} gave back \"{}\", which is no line of the sale: what is left cannot be told",
            refund.id.text(), back.name);
      }
      gone[back.of_line - 1].thousandths -= back.quantity.thousandths;
      if (kFirstLineBack.on(mutants)) break;
    }
  }
  return gone;
}

// What goes back of a line now. Errors: see refund_of.
Result<Quantity> now_back(const wire::Line& sold, Quantity gone, const BroughtBack& wanted,
                          std::string_view sale) {
  const Quantity left{sold.quantity.thousandths - gone.thousandths};
  if (wanted.quantity.thousandths < 0) {
    return fail(Code::bad_input, "a quantity given back is more than nothing, not {}",
                base::format_quantity(wanted.quantity));
  }
  if (left.thousandths <= 0) {
    return fail(Code::not_allowed, "line {} of {} ({}) was given back already", wanted.line, sale,
                sold.name);
  }
  if (wanted.quantity.thousandths == 0) return left;
  if (wanted.quantity > left) {
    return fail(Code::not_allowed,
                "{} x {} cannot be given back: {} of line {} of {} are left, the rest was given "
                "back already",
                base::format_quantity(wanted.quantity), sold.name, base::format_quantity(left),
                wanted.line, sale);
  }
  return wanted.quantity;
}

wire::Line back_line(const wire::Line& sold, Quantity gone, Quantity now,
                     const base::Mutants& mutants) {
  const Quantity then{gone.thousandths + now.thousandths};
  const auto part = [&](Money whole) {
    return base::part_of(whole, then, sold.quantity) - base::part_of(whole, gone, sold.quantity);
  };
  wire::Line line = sold;
  line.quantity.thousandths = -now.thousandths;
  const Money gross = base::extend(line.unit_price, line.quantity).value_or(Money{});
  line.total = kUndiscounted.on(mutants) ? gross : -part(sold.total);
  line.tax = kUntaxed.on(mutants) ? Money{} : -part(sold.tax);
  line.discount = gross - line.total;
  return line;
}

// All that is left, when nothing is named.
std::vector<BroughtBack> all_left(const wire::Document& sold, const std::vector<Quantity>& gone,
                                  const base::Mutants& mutants) {
  std::vector<BroughtBack> all;
  for (std::size_t i = 0; i < sold.lines.size(); ++i) {
    if (kFreeGoodsKept.on(mutants) && sold.lines[i].total == Money{}) continue;
    const bool goods = kLoadsGivenBack.on(mutants) || !wire::is_purse_sku(sold.lines[i].sku);
    if (goods && gone[i] < sold.lines[i].quantity) all.push_back({i + 1, Quantity{0}});
  }
  return all;
}

Result<void> check_named(const wire::Event& sale, const wire::Document& sold,
                         const std::vector<BroughtBack>& wanted) {
  std::vector<bool> named(sold.lines.size(), false);
  for (const BroughtBack& each : wanted) {
    if (each.line < 1 || each.line > sold.lines.size()) {
      return fail(Code::not_found, "{} has no line {}; it has {}", sale.id.text(), each.line,
                  sold.lines.size());
    }
    if (wire::is_purse_sku(sold.lines[each.line - 1].sku)) {
      return fail(Code::not_allowed,
                  "line {} of {} is {}: money that was put in is spent, not given back", each.line,
                  sale.id.text(), sold.lines[each.line - 1].name);
    }
    if (named[each.line - 1]) {
      return fail(Code::bad_input, "line {} of {} is named twice: once, with the whole quantity",
                  each.line, sale.id.text());
    }
    named[each.line - 1] = true;
  }
  return {};
}

}  // namespace

Result<wire::Document> refund_of(const wire::Event& sale, const std::vector<wire::Event>& earlier,
                                 const std::vector<BroughtBack>& wanted, const RefundTerms& terms,
                                 const std::vector<Quantity>& elsewhere) {
  const auto* sold = std::get_if<wire::Document>(&sale.body);
  if (sale.kind != wire::EventKind::sale || sold == nullptr) {
    return fail(Code::not_allowed, "{} is not a sale, so it cannot be refunded", sale.id.text());
  }
  if (auto good = check_named(sale, *sold, wanted); !good) return base::Failure(good.error());
  const bool forgets = kRepeated.on(terms.mutants);
  auto gone = given_back(*sold, forgets ? std::vector<wire::Event>{} : earlier,
                         forgets ? std::vector<Quantity>{} : elsewhere, terms.mutants);
  if (!gone) return base::Failure(gone.error());
  const std::vector<BroughtBack> goods =
      wanted.empty() ? all_left(*sold, *gone, terms.mutants) : wanted;
  if (goods.empty()) {
    return fail(Code::not_allowed, "all goods of {} were given back already", sale.id.text());
  }
  wire::Document refund;
  refund.of = sale.id.text();
  refund.day = terms.day;
  refund.currency = sold->currency;
  refund.on_top = sold->on_top;
  for (const BroughtBack& each : goods) {
    const wire::Line& line = sold->lines[each.line - 1];
    const Quantity before = (*gone)[each.line - 1];
    const auto now = now_back(line, before, each, sale.id.text());
    if (!now) return base::Failure(now.error());
    wire::Line back = back_line(line, before, *now, terms.mutants);
    back.of_line = each.line;
    refund.total += back.total;
    refund.tax += back.tax;
    refund.lines.push_back(std::move(back));
  }
  if (refund.on_top) refund.total += refund.tax;
  refund.rounding = cash_rounding(refund.total, terms.rules.smallest_coin);
  wire::Payment payment;
  payment.kind = "cash";
  payment.given = refund.total + refund.rounding;
  payment.amount = payment.given;
  refund.payments.push_back(std::move(payment));
  return refund;
}

Result<Money> returned_before(const wire::Event& sale, const std::vector<wire::Event>& earlier,
                              const std::vector<Quantity>& elsewhere) {
  const auto* sold = std::get_if<wire::Document>(&sale.body);
  if (sold == nullptr) return fail(Code::not_allowed, "{} is not a sale", sale.id.text());
  const auto gone = given_back(*sold, earlier, elsewhere, {});
  if (!gone) return base::Failure(gone.error());
  Money sum;
  for (std::size_t i = 0; i < sold->lines.size(); ++i) {
    const wire::Line& line = sold->lines[i];
    const Quantity back = std::clamp((*gone)[i], Quantity{0}, line.quantity);
    if (line.quantity.thousandths <= 0) continue;
    sum += base::part_of(line.total, back, line.quantity);
    if (sold->on_top) sum += base::part_of(line.tax, back, line.quantity);
  }
  return sum;
}

wire::Event sale_told(const base::EventId& id, const wire::Receipt& receipt) {
  wire::Event sale;
  sale.id = id;
  sale.kind = wire::EventKind::sale;
  sale.aggregate = id.text();
  wire::Document document;
  document.currency = receipt.currency;
  document.on_top = receipt.on_top;
  for (const wire::Receipt::Sold& sold : receipt.lines) {
    document.lines.push_back(sold.line);
    document.total += sold.line.total;
    document.tax += sold.line.tax;
  }
  if (document.on_top) document.total += document.tax;
  if (!receipt.member.empty()) sale.tail.set(wire::kMember, receipt.member);
  if (receipt.points != 0) sale.tail.set(wire::kPoints, receipt.points);
  sale.body = std::move(document);
  return sale;
}

}  // namespace tillrig::till
