#include "pos/oms/receipt.hpp"

#include "pos/oms/mutants.hpp"

#include <algorithm>

namespace tillrig::oms {

const base::Mutant kGivenBackUntold{"cloud_given_back_untold", "INV-44",
                                    "a fault planted by a reviewer",
                                    "the cloud tells a till that nothing was given back of a sale"};

namespace {

const base::Mutant kGramsUntold{"grams_untold", "INV-44", "a fault planted by a reviewer",
                                "of weights given back the cloud tells tills whole kilograms"};

// Adds what a refund gave back. Beyond what a message carries it does not matter how much.
void add_given_back(wire::Receipt& receipt, const wire::Document& refund,
                    const base::Mutants& mutants) {
  for (const wire::Line& back : refund.lines) {
    if (back.of_line < 1 || back.of_line > receipt.lines.size()) continue;
    std::int64_t& sum = receipt.lines[back.of_line - 1].given_back.thousandths;
    std::int64_t quantity = back.quantity.thousandths;
    if (kGramsUntold.on(mutants)) quantity -= quantity % 1000;
    sum = std::clamp<std::int64_t>(sum - quantity, 0, wire::kMostAmount);
  }
}

}  // namespace

Result<std::optional<wire::Receipt>> find_receipt(Database& database, const base::EventId& sale,
                                                  std::string_view asking, std::uint64_t after,
                                                  const base::Mutants& mutants) {
  const auto body = database.body(sale);
  if (!body) return base::Failure(body.error());
  if (!*body) return std::nullopt;
  const auto event = wire::decode(**body);
  if (!event) return base::Failure(event.error());
  if (event->kind != wire::EventKind::sale) return std::nullopt;
  const auto& sold = std::get<wire::Document>(event->body);
  wire::Receipt receipt;
  receipt.sale = sale.text();
  receipt.currency = sold.currency;
  receipt.on_top = sold.on_top;
  receipt.member = event->tail.get(wire::kMember).value_or("");
  receipt.points = event->tail.get(wire::kPoints).value_or(0);
  for (const wire::Line& line : sold.lines) receipt.lines.push_back({line, base::Quantity{0}});
  if (kGivenBackUntold.on(mutants)) return receipt;
  const auto refunds = database.refunds_of(receipt.sale);
  if (!refunds) return base::Failure(refunds.error());
  std::uint64_t own = 0;
  for (const Bytes& each : *refunds) {
    const auto refund = wire::decode(each);
    if (!refund) return base::Failure(refund.error());
    add_given_back(receipt, std::get<wire::Document>(refund->body), mutants);
    if (refund->id.till != asking || ++own <= after) continue;
    receipt.more = receipt.refunds.size() == wire::kReceiptRefunds;
    if (!receipt.more) receipt.refunds.push_back(refund->id.text());
  }
  return receipt;
}

}  // namespace tillrig::oms
