#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace tillrig::oracle::inv_43_cash_is_right {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kSprings = 3s;  // after cash was moved

// Something of the day; a null receipt is of an outage, and the drawer stays shut.
bool moves_cash(const CashierEntry& entry) {
  return entry.code == "booked" && entry.facts.text("what") != "outage_closed";
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {
    tell_oddities(evidence, {Oddity::Kind::cash}, judgement_);
  }

  void document(const Document& document, const Due& due) {
    ++judgement_.judged;
    if (document.acked != nullptr) {
      same(document, "change", due.bill.change, document.acked->change, "on the screen");
    }
    for (const Receipt* paper : document.papers) {
      const ReceiptText& text = paper->text;
      const auto* const where = text.copy ? "on the copy" : "on the receipt";
      counted(document, due.bill, text.rounding, text.given, text.change, where);
    }
    const auto held = read_sent_document(evidence_.body_in_cloud(document.id));
    if (!held) return;
    counted(document, due.bill, held->rounding, held->given, held->change, "in the cloud");
  }

  // The drawer springs open for a document that stands already, and for each that was printed.
  void drawer(std::string_view till) {
    std::vector<Instant> acknowledged;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool stands = entry.kind == CashierEntry::Kind::acknowledged || moves_cash(entry);
      const bool of_it = entry.till == till && stands;
      if (of_it) acknowledged.push_back(entry.at);
    }
    std::sort(acknowledged.begin(), acknowledged.end());
    std::size_t opened = 0;
    for (const DeviceEntry& entry : evidence_.tapes.devices) {
      if (entry.till != till || entry.what != "drawer opened") continue;
      ++judgement_.judged;
      // The n-th opening is for the n-th document, at the earliest.
      if (++opened <= acknowledged.size() && acknowledged[opened - 1] <= entry.at) continue;
      const auto so_far = std::upper_bound(acknowledged.begin(), acknowledged.end(), entry.at) -
                          acknowledged.begin();
      return add(till, entry.at, entry.line, "opened for no completed document",
                 fmt::format("at most {} openings by then", so_far),
                 fmt::format("the {}. one", opened));
    }
    const auto printed = static_cast<std::size_t>(std::count_if(
        evidence_.receipts.begin(), evidence_.receipts.end(),
        [&](const Receipt& receipt) { return receipt.paper->till == till && !receipt.text.copy; }));
    const std::size_t moved = moved_in_peace(till);
    if (opened >= printed + moved) return;
    ++judgement_.judged;
    add(till, evidence_.life.end(), 0, "did not open for each document in cash",
        fmt::format("{} times, as often as a receipt was printed or cash was moved",
                    printed + moved),
        fmt::format("{} times", opened));
  }

  // How often cash was moved, or a day opened or closed, while nothing kept the drawer's printer.
  std::size_t moved_in_peace(std::string_view till) const {
    const Life& life = evidence_.life;
    const auto& printers = evidence_.tapes.printers;
    const bool prints = std::find(printers.begin(), printers.end(), till) != printers.end();
    if (!prints || life.faulted("printer", till, Instant{0}, life.end())) return 0;
    const auto& shown = evidence_.tapes.cashier;
    return static_cast<std::size_t>(
        std::count_if(shown.begin(), shown.end(), [&](const CashierEntry& entry) {
          return entry.till == till && moves_cash(entry) &&
                 std::min(life.end(), life.next_change(till, entry.at)) - entry.at > kSprings;
        }));
  }

  // What went into the drawer and out of it, over the run: as rung up, and as the cloud has it.
  // Where a document is not known to be rung up, the sum says nothing.
  void sum(std::string_view till) {
    std::int64_t right = 0;
    std::int64_t seen = 0;
    bool any = false;
    for (const Document& document : evidence_.documents) {
      if (document.till() != till || document.cloud == nullptr) continue;
      const Due* const due = evidence_.account->find(document.id);
      const auto held = read_sent_document(evidence_.body_in_cloud(document.id));
      if (due == nullptr || !held) return;
      right += due->bill.given - due->bill.change;
      seen += held->given - held->change;
      any = true;
    }
    if (!any) return;
    ++judgement_.judged;
    if (right == seen) return;
    Violation violation;
    violation.till = till;
    violation.at = evidence_.life.end();
    violation.what = fmt::format("The cash in the drawer of {} is not what the cloud has.", till);
    violation.expected = evidence_.money(right);
    violation.seen = evidence_.money(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void counted(const Document& document, const Bill& bill, std::int64_t rounding,
               std::int64_t given, std::int64_t change, std::string_view where) {
    same(document, "rounding", bill.rounding, rounding, where);
    same(document, "change", bill.change, change, where);
    same(document, "cash handed over", bill.given, given, where);
  }

  void same(const Document& document, std::string_view what, std::int64_t right, std::int64_t seen,
            std::string_view where) {
    Difference difference;
    difference.amount(evidence_, what, right, seen, where);
    std::move(difference)
        .tell(evidence_, document, evidence_.account->find(document.id),
              fmt::format("The {} of {} is wrong.", what, evidence_.name(document.id)), judgement_);
  }

  void add(std::string_view till, Instant at, int line, std::string_view what, std::string expected,
           std::string seen) {
    Violation violation;
    violation.till = till;
    violation.at = at;
    violation.line = line;
    violation.what = fmt::format("The drawer of {} {}.", till, what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const Document& document : evidence.documents) {
    const Due* const due = evidence.account->find(document.id);
    // Where nothing was left to give back, INV-44 says so.
    if (due != nullptr && !due->bill.lines.empty()) checker.document(document, *due);
  }
  for (const std::string_view till : evidence.tills) {
    if (!evidence.account->knows(till)) continue;
    checker.drawer(till);
    checker.sum(till);
  }
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-43",
     .doc = "Cash is right: what is due in coins, what was handed over and the change, on the "
            "screen, on the receipt and in the cloud; and the drawer opens for a document that "
            "stands, never before; and all of it comes to what the cloud has of each drawer.",
     .params = {},
     .example = "waive = { INV-43 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_43_cash_is_right
