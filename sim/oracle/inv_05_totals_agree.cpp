#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace tillrig::oracle::inv_05_totals_agree {
namespace {

// One place where an amount of a document stands. The first that has one is what the others are
// held against.
struct Claim {
  std::string where;
  std::int64_t amount = 0;
};

class Comparison {
 public:
  explicit Comparison(const Evidence& evidence) : evidence_(evidence) {}

  void add(std::string_view where, std::int64_t amount) {
    if (!first_) {
      first_ = Claim{std::string(where), amount};
      return;
    }
    if (amount == first_->amount || other_) return;
    other_ = Claim{std::string(where), amount};
  }

  void report(const Document& document, std::string_view what, Judgement& judgement) const {
    if (!first_) return;
    ++judgement.judged;
    if (!other_) return;
    Violation violation = evidence_.witness(document.id);
    violation.what =
        fmt::format("The {} of {} is not the same everywhere.", what, evidence_.name(document.id));
    violation.expected = fmt::format("{}, as {}", evidence_.money(first_->amount), first_->where);
    violation.seen = fmt::format("{} {}", evidence_.money(other_->amount), other_->where);
    judgement.violations.push_back(std::move(violation));
  }

 private:
  const Evidence& evidence_;
  std::optional<Claim> first_;
  std::optional<Claim> other_;
};

void compare_totals(const Evidence& evidence, const Document& document, Judgement& judgement) {
  Comparison totals(evidence);
  if (document.acked != nullptr) totals.add("shown to the cashier", document.acked->amount);
  if (document.receipt != nullptr) {
    const ReceiptText& text = document.receipt->text;
    if (text.total) totals.add("printed as TOTAL", *text.total);
    totals.add("as the sum of the printed lines", text.lines_total());
    if (text.payments > 0 || text.total != 0) {
      totals.add("as the printed payments less change and rounding", text.paid() - text.rounding);
    }
  }
  if (document.shown != nullptr) totals.add("shown in Register Sales", document.shown->total);
  if (document.cloud != nullptr) {
    totals.add("held by the cloud as total", document.cloud->total);
    const bool on_top = !evidence.tapes.shop.prices_include_tax;
    totals.add("as the sum of the cloud's lines",
               document.cloud->lines_total + (on_top ? document.cloud->tax : 0));
    if (evidence.tapes.shop.smallest_coin == 0) {
      totals.add("as the sum of the cloud's payments", document.cloud->payments_total);
    }
  }
  totals.report(document, "total", judgement);
}

// Register Sales says when it was made, as what was sent does.
void compare_time(const Evidence& evidence, const Document& document, Judgement& judgement) {
  const auto stamp = read_stamp(evidence.body_in_cloud(document.id));
  if (document.shown == nullptr || !stamp || stamp->wall_ms == 0) return;
  ++judgement.judged;
  if (document.shown->wall_ms == stamp->wall_ms) return;
  Violation violation = evidence.witness(document.id);
  violation.what = fmt::format("Register Sales says of {} that it was made at another time.",
                               evidence.name(document.id));
  violation.expected = fmt::format("{} ms since 1970, as it was sent", stamp->wall_ms);
  violation.seen = document.shown->wall_ms == 0 ? std::string("no time")
                                                : fmt::format("{}", document.shown->wall_ms);
  judgement.violations.push_back(std::move(violation));
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  for (const Document& document : evidence.documents) {
    compare_totals(evidence, document, judgement);
    compare_time(evidence, document, judgement);
    if (document.acked == nullptr || document.receipt == nullptr) continue;
    Comparison change(evidence);
    change.add("shown to the cashier", document.acked->change);
    change.add("printed", document.receipt->text.change);
    change.report(document, "change", judgement);
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-05",
     .doc =
         "A document's total is the sum of its lines and of its payments, and the same for the "
         "cashier, on paper, in Register Sales and in the cloud, to the minor unit; and Register "
         "Sales says when it was made.",
     .params = {},
     .example = "waive = { INV-05 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_05_totals_agree
