#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace tillrig::oracle::inv_43_cash_is_right {
namespace {

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void screen(const Oddity& odd) {
    Violation violation;
    violation.till = odd.till;
    violation.at = odd.at;
    violation.line = odd.line;
    violation.what = odd.what;
    violation.expected = odd.expected;
    violation.seen = odd.seen;
    judgement_.violations.push_back(std::move(violation));
  }

  void document(const Document& document, const Due& due) {
    ++judgement_.judged;
    const Bill& bill = due.bill;
    if (document.acked != nullptr) {
      same(document, "change", bill.change, document.acked->change, "on the screen");
    }
    if (document.receipt != nullptr) {
      const ReceiptText& paper = document.receipt->text;
      same(document, "rounding", bill.rounding, paper.rounding, "on the receipt");
      same(document, "change", bill.change, paper.change, "on the receipt");
      same(document, "cash handed over", bill.given, paper.given, "on the receipt");
    }
    const auto sent = read_sent_document(evidence_.body_in_cloud(document.id));
    if (!sent) return;
    same(document, "rounding", bill.rounding, sent->rounding, "in the cloud");
    same(document, "change", bill.change, sent->change, "in the cloud");
    same(document, "cash handed over", bill.given, sent->given, "in the cloud");
  }

  // The drawer springs open for a document that stands already, and for each that was printed.
  void drawer(std::string_view till) {
    std::vector<Instant> acknowledged;
    std::size_t printed = 0;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool of_it = entry.till == till && entry.kind == CashierEntry::Kind::acknowledged;
      if (of_it) acknowledged.push_back(entry.at);
    }
    for (const Receipt& receipt : evidence_.receipts) {
      if (receipt.paper->till == till && !receipt.text.copy) ++printed;
    }
    std::size_t opened = 0;
    for (const DeviceEntry& entry : evidence_.tapes.devices) {
      if (entry.till != till || entry.what != "drawer opened") continue;
      ++judgement_.judged;
      ++opened;
      const auto so_far = static_cast<std::size_t>(std::count_if(
          acknowledged.begin(), acknowledged.end(), [&](Instant at) { return at <= entry.at; }));
      if (so_far >= opened) continue;
      Violation violation;
      violation.till = till;
      violation.at = entry.at;
      violation.line = entry.line;
      violation.what = fmt::format("The drawer of {} opened for no completed document.", till);
      violation.expected = fmt::format("at most {} openings by then", so_far);
      violation.seen = fmt::format("the {}. one", opened);
      judgement_.violations.push_back(std::move(violation));
      return;
    }
    if (opened >= printed) return;
    ++judgement_.judged;
    Violation violation;
    violation.till = till;
    violation.at = evidence_.life.end();
    violation.what = fmt::format("The drawer of {} did not open for each document in cash.", till);
    violation.expected = fmt::format("{} times, as often as a receipt was printed", printed);
    violation.seen = fmt::format("{} times", opened);
    judgement_.violations.push_back(std::move(violation));
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void same(const Document& document, std::string_view what, std::int64_t right, std::int64_t seen,
            std::string_view where) {
    if (seen == right) return;
    Violation violation = evidence_.witness(document.id);
    violation.what = fmt::format("The {} of {} is wrong.", what, evidence_.name(document.id));
    violation.expected = evidence_.money(right);
    violation.seen = fmt::format("{} {}", evidence_.money(seen), where);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const Oddity& odd : evidence.account->oddities()) {
    if (odd.kind == Oddity::Kind::cash) checker.screen(odd);
  }
  for (const Document& document : evidence.documents) {
    const Due* const due = evidence.account->find(document.id);
    // Where nothing was left to give back, INV-44 says so.
    if (due != nullptr && !due->bill.lines.empty()) checker.document(document, *due);
  }
  for (const std::string_view till : evidence.tills) {
    if (evidence.account->knows(till)) checker.drawer(till);
  }
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-43",
     .doc = "Cash is right: what is due in coins, what was handed over and the change, on the "
            "screen, on the receipt and in the cloud; and the drawer opens for a document that "
            "stands, never before.",
     .params = {},
     .example = "waive = { INV-43 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_43_cash_is_right
