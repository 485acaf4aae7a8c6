#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace tillrig::oracle::inv_06_numbers_are_unique {
namespace {

using NumberKey = std::tuple<std::string_view, std::uint32_t, std::uint64_t>;

// Where a number was seen: on which document, in whose hands.
struct Use {
  std::string_view id;
  std::string_view where;
  Instant at;
  int line = 0;
};

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void paper(const Receipt& receipt) {
    const Use use{receipt.text.sale, "printed", receipt.paper->at, receipt.paper->line};
    number(receipt.paper->till, receipt.text.number, use);
    // Only a copy may repeat a receipt: to the shop and the tax office a second one is a second
    // sale.
    once(printed_, use, "two receipts that are not marked COPY");
  }

  void acknowledged(const CashierEntry& entry) {
    const Use use{entry.sale, "acknowledged", entry.at, entry.line};
    number(entry.till, entry.number, use);
    once(acknowledged_, use, "two sales acknowledged to the cashier");
  }

  void cloud(const CloudLook& look, const CloudEntry& row) {
    if (row.number == 0) return;
    const Document* document = evidence_.document(row.id);
    const int line = document == nullptr ? 0 : document->line();
    take({row.till, row.epoch, row.number}, {row.id, "in the cloud", look.at, line});
  }

  // Wherever it stands it is the same document: by its number, which says its epoch, and its kind.
  void document(const Document& document) {
    Difference difference;
    const auto id = read_id(document.id);
    std::string first;
    std::string kind;
    const auto seen = [&](std::string_view number, std::string_view is, std::string_view where) {
      const auto parts = read_number(number);
      if (parts && id && parts->epoch != id->epoch) {
        difference.note(fmt::format("a number of epoch {}", id->epoch),
                        fmt::format("{} {}", number, where));
      }
      if (first.empty()) first = number;
      if (!number.empty()) difference.text("the number", first, number, where);
      if (kind.empty()) kind = is;
      if (!is.empty()) difference.text("a", kind, is, where);
    };
    if (const Due* const due = evidence_.account->find(document.id)) {
      kind = due->refund ? "refund" : "sale";
    }
    if (document.acked != nullptr) seen(document.acked->number, "", "on the screen");
    for (const Receipt* paper : document.papers)
      seen(paper->text.number, paper->text.kind, "on paper");
    if (document.shown != nullptr) {
      seen(document.shown->number, document.shown->kind, "in Register Sales");
    }
    if (document.cloud != nullptr) {
      const CloudEntry& row = *document.cloud;
      seen(fmt::format("{}-{:07}", row.epoch, row.number), row.kind, "in the cloud");
    }
    ++judgement_.judged;
    std::move(difference)
        .tell(evidence_, document, nullptr,
              fmt::format("{} is not the same document everywhere.", evidence_.name(document.id)),
              judgement_);
  }

  Judgement result() { return std::move(judgement_); }

 private:
  void number(std::string_view till, std::string_view text, const Use& use) {
    const auto id = read_id(use.id);
    if (const auto parts = read_number(text)) {
      take({id ? id->till : till, parts->epoch, parts->number}, use);
    }
  }

  void take(const NumberKey& key, const Use& use) {
    ++judgement_.judged;
    const auto [at, fresh] = uses_.emplace(key, use);
    const Use& first = at->second;
    if (fresh || first.id == use.id || !told_.insert({key, use.id}).second) return;
    const auto& [till, epoch, number] = key;
    Violation violation = evidence_.witness(use.id);
    violation.at = use.at;
    violation.line = use.line;
    violation.what =
        fmt::format("The receipt number {}-{:07} of {} stands for two sales: {} and {}.", epoch,
                    number, till, first.id, use.id);
    violation.expected = fmt::format("only {}, {} at {} (line {})", first.id, first.where,
                                     moment_text(first.at), first.line);
    violation.seen = fmt::format("{}, {} at {}", use.id, use.where, moment_text(use.at));
    judgement_.violations.push_back(std::move(violation));
  }

  void once(std::map<std::string_view, Use>& seen, const Use& use, std::string_view what) {
    const auto [at, fresh] = seen.emplace(use.id, use);
    if (fresh || !repeated_.insert(use.id).second) return;
    const Use& first = at->second;
    Violation violation = evidence_.witness(use.id);
    violation.at = use.at;
    violation.line = use.line;
    violation.what =
        fmt::format("One number for {}: both are the {}.", what, evidence_.name(use.id));
    violation.expected = fmt::format("once, at {} (line {})", moment_text(first.at), first.line);
    violation.seen = fmt::format("again at {} (line {})", moment_text(use.at), use.line);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::map<NumberKey, Use> uses_;
  std::map<std::string_view, Use> printed_;
  std::map<std::string_view, Use> acknowledged_;
  std::set<std::pair<NumberKey, std::string_view>> told_;
  std::set<std::string_view> repeated_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.kind == CashierEntry::Kind::acknowledged) checker.acknowledged(entry);
  }
  for (const Receipt& receipt : evidence.receipts) {
    if (!receipt.text.copy) checker.paper(receipt);
  }
  if (const CloudLook* look = evidence.last_look()) {
    for (const CloudEntry& row : look->rows) checker.cloud(*look, row);
  }
  for (const Document& document : evidence.documents) checker.document(document);
  return checker.result();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-06",
     .doc =
         "A receipt number of a till's epoch stands for one sale only: on paper (copies marked "
         "COPY excepted), on the screen and in the cloud; and of each sale and refund the number, "
         "which says its epoch, is the same on all of them and in Register Sales.",
     .params = {},
     .example = "waive = { INV-06 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_06_numbers_are_unique
