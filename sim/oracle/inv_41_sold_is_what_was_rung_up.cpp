#include "sim/oracle/amount.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle::inv_41_sold_is_what_was_rung_up {
namespace {

// One document beside what it has to be; the first place where they differ is told.
class Comparison {
 public:
  Comparison(const Evidence& evidence, const Document& document, const Due& due)
      : evidence_(evidence), document_(document), due_(due) {}

  void run(Judgement& judgement) {
    ++judgement.judged;
    if (document_.acked != nullptr) total("on the screen", document_.acked->amount);
    if (document_.receipt != nullptr) receipt(document_.receipt->text);
    if (document_.shown != nullptr) total("in Register Sales", document_.shown->total);
    if (document_.cloud != nullptr) cloud();
    if (seen_.empty()) return;
    Violation violation = evidence_.witness(document_.id);
    if (violation.line == 0 && due_.order != nullptr) violation.line = due_.order->line;
    violation.what = fmt::format("{} is not what was rung up.", evidence_.name(document_.id));
    violation.expected = expected_;
    violation.seen = seen_;
    judgement.violations.push_back(std::move(violation));
  }

 private:
  void differ(std::string expected, std::string seen) {
    if (!seen_.empty()) return;
    expected_ = std::move(expected);
    seen_ = std::move(seen);
  }

  void total(std::string_view where, std::int64_t seen) {
    if (seen == due_.bill.total) return;
    differ("a total of " + evidence_.money(due_.bill.total),
           fmt::format("{} {}", evidence_.money(seen), where));
  }

  [[nodiscard]] std::string text(const BillLine& line, std::size_t number) const {
    std::string text = fmt::format("line {}, {}: {} x {} is {}", number, line.item->name,
                                   amount_text(line.quantity, 3), evidence_.money(line.unit),
                                   evidence_.money(line.total));
    if (line.discount != 0) text += " after " + evidence_.money(line.discount) + " off";
    return text;
  }

  // Line by line, quantity and total; what else there is is compared where it is seen.
  template <class Line>
  void lines(std::string_view where, const std::vector<Line>& seen) {
    const std::vector<BillLine>& lines = due_.bill.lines;
    for (std::size_t i = 0; i < std::min(lines.size(), seen.size()); ++i) {
      if (seen[i].quantity == lines[i].quantity && seen[i].total == lines[i].total) continue;
      differ(text(lines[i], i + 1), fmt::format("{} is {} {}", amount_text(seen[i].quantity, 3),
                                                evidence_.money(seen[i].total), where));
    }
    if (seen.size() == lines.size()) return;
    const bool more = seen.size() > lines.size();
    differ(fmt::format("{} lines{}", lines.size(),
                       more ? "" : "; missing is " + text(lines[seen.size()], seen.size() + 1)),
           fmt::format("{} {}", seen.size(), where));
  }

  void receipt(const ReceiptText& paper) {
    lines("on the receipt", paper.items);
    if (paper.total) total("on the receipt", *paper.total);
    for (std::size_t i = 0; i < std::min(paper.items.size(), due_.bill.lines.size()); ++i) {
      if (-paper.items[i].discount == due_.bill.lines[i].discount) continue;
      differ(text(due_.bill.lines[i], i + 1),
             fmt::format("{} off on the receipt", evidence_.money(-paper.items[i].discount)));
    }
  }

  void cloud() {
    total("in the cloud", document_.cloud->total);
    const auto sent = read_sent_document(evidence_.body_in_cloud(document_.id));
    if (!sent) return;
    lines("in the cloud", sent->lines);
    for (std::size_t i = 0; i < std::min(sent->lines.size(), due_.bill.lines.size()); ++i) {
      const SentLine& line = sent->lines[i];
      const BillLine& right = due_.bill.lines[i];
      const bool same = line.sku == right.item->sku && line.unit_price == right.unit &&
                        line.discount == right.discount && line.of_line == right.of_line;
      if (same) continue;
      differ(text(right, i + 1),
             fmt::format("{} at {}, {} off in the cloud", line.sku,
                         evidence_.money(line.unit_price), evidence_.money(line.discount)));
    }
  }

  const Evidence& evidence_;
  const Document& document_;
  const Due& due_;
  std::string expected_;
  std::string seen_;
};

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  const Account& account = *evidence.account;
  judgement.judged = account.carts();
  for (const Oddity& odd : account.oddities()) {
    if (odd.kind != Oddity::Kind::cart) continue;
    Violation violation;
    violation.till = odd.till;
    violation.at = odd.at;
    violation.line = odd.line;
    violation.what = odd.what;
    violation.expected = odd.expected;
    violation.seen = odd.seen;
    judgement.violations.push_back(std::move(violation));
  }
  for (const Document& document : evidence.documents) {
    const auto id = read_id(document.id);
    if (!id || !account.knows(id->till)) continue;
    if (const Due* const due = account.find(document.id)) {
      // What a refund gives back is judged by INV-44.
      if (!due->refund) Comparison(evidence, document, *due).run(judgement);
      continue;
    }
    if (document.kind() == "refund") continue;
    ++judgement.judged;
    Violation violation = evidence.witness(document.id);
    violation.what = fmt::format("Nobody rang up {}.", evidence.name(document.id));
    violation.expected = "a sale that was scanned, paid and completed";
    violation.seen = "none that it could be";
    judgement.violations.push_back(std::move(violation));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-41",
     .doc = "What was rung up is what was sold: lines, quantities, prices, discounts and total, as "
            "they follow from what was scanned and keyed in, are on the screen, on the receipt, in "
            "Register Sales and in the cloud.",
     .params = {},
     .example = "waive = { INV-41 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_41_sold_is_what_was_rung_up
