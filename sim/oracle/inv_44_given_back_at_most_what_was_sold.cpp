#include "sim/oracle/amount.hpp"
#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/goods.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <string>

namespace tillrig::oracle::inv_44_given_back_at_most_what_was_sold {
namespace {

// What is known of a document's lines, from whichever tape has them.
struct Goods {
  struct Line {
    std::uint64_t of_line = 0;
    std::int64_t quantity = 0;
    std::int64_t total = 0;
  };
  std::vector<Line> lines;
  std::optional<std::int64_t> total;
};

Goods goods_of(const Evidence& evidence, const Document& document) {
  Goods goods;
  if (document.acked != nullptr) goods.total = document.acked->amount;
  if (document.shown != nullptr) goods.total = document.shown->total;
  if (document.cloud != nullptr) goods.total = document.cloud->total;
  if (const auto sent = read_sent_document(evidence.body_in_cloud(document.id))) {
    for (const SentLine& line : sent->lines) {
      goods.lines.push_back({line.of_line, line.quantity, line.total});
    }
  }
  if (document.receipt == nullptr) return goods;
  if (document.receipt->text.total) goods.total = document.receipt->text.total;
  return goods;
}

std::string sale_of(const Evidence& evidence, const Document& refund) {
  if (const Due* const due = evidence.account->find(refund.id)) return due->of;
  if (refund.cloud != nullptr && !refund.cloud->of.empty()) return refund.cloud->of;
  return refund.receipt != nullptr ? refund.receipt->text.of : std::string();
}

// How long after the answer the refund may be there.
constexpr base::Duration kJustAsked = std::chrono::minutes(1);

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {
    tell_oddities(evidence, {Oddity::Kind::refund_refused}, judgement_);
  }

  void refund(const Document& refund) {
    const std::string sale = sale_of(evidence_, refund);
    if (sale.empty()) return;
    const Goods back = goods_of(evidence_, refund);
    if (!back.total) return;
    ++judgement_.judged;
    right_goods(refund);
    asked_before(refund, sale);
    const Document* const sold = evidence_.document(sale);
    if (sold == nullptr) return;
    // Who could not know what others gave back is not to blame (the cloud flags it, INV-48).
    const Due* const due = evidence_.account->find(refund.id);
    if (due != nullptr && due->blind) blind_.insert(sale);
    if (blind_.contains(sale)) return;
    const Goods goods = goods_of(evidence_, *sold);
    in_all(refund, sale, *back.total, goods);
    by_line(refund, sale, back, goods);
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void add(const Document& refund, std::string what, std::string expected, std::string seen) {
    Violation violation = evidence_.witness(refund.id);
    violation.what = std::move(what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  // Of a sale of another till, or of an epoch before, a till knows by itself neither what was sold
  // nor what was given back of it: it asks first, in its own words to the cloud.
  void asked_before(const Document& refund, const std::string& sale) {
    const auto of = read_id(sale);
    const auto by = read_id(refund.id);
    if (!of || !by || refund.acked == nullptr) return;
    if (of->till == by->till && of->epoch == by->epoch) return;
    ++judgement_.judged;
    const std::string question = "/v1/receipts/" + sale;
    for (const WireEntry& wire : evidence_.tapes.wire) {
      const bool answer = wire.till == by->till && wire.status == 200 && wire.from_cloud &&
                          wire.target.starts_with(question);
      if (answer && wire.ended <= refund.acked->at && refund.acked->at - wire.ended <= kJustAsked) {
        return;
      }
    }
    add(refund,
        fmt::format("{} gave something back of {} and did not ask the cloud first.", by->till,
                    sale),
        "an answer of the cloud about that sale", "none");
  }

  // Lines and amounts, wherever they are seen.
  void right_goods(const Document& refund) {
    const Due* const due = evidence_.account->find(refund.id);
    if (due == nullptr) return;
    Difference difference;
    compare_goods(evidence_, refund, *due, difference);
    std::move(difference)
        .tell(evidence_, refund, due,
              fmt::format("{} gives back something else than was asked for and paid.",
                          evidence_.name(refund.id)),
              judgement_);
  }

  void in_all(const Document& refund, const std::string& sale, std::int64_t total,
              const Goods& sold) {
    std::int64_t& sum = given_back_[sale];
    sum -= total;
    if (!sold.total || sum <= *sold.total) return;
    add(refund,
        fmt::format("More was given back of {} than was paid for it.", evidence_.name(sale)),
        "at most " + evidence_.money(*sold.total),
        evidence_.money(sum) + " with " + evidence_.name(refund.id));
  }

  void by_line(const Document& refund, const std::string& sale, const Goods& back,
               const Goods& sold) {
    for (const Goods::Line& line : back.lines) {
      if (line.of_line < 1 || line.of_line > sold.lines.size()) continue;
      std::int64_t& quantity = by_line_[{sale, line.of_line}];
      quantity -= line.quantity;
      const std::int64_t most = sold.lines[line.of_line - 1].quantity;
      if (quantity <= most) continue;
      add(refund,
          fmt::format("More of line {} of {} was given back than was sold.", line.of_line,
                      evidence_.name(sale)),
          "at most " + amount_text(most, 3),
          amount_text(quantity, 3) + " with " + evidence_.name(refund.id));
    }
  }

  const Evidence& evidence_;
  std::set<std::string, std::less<>> blind_;
  std::map<std::string, std::int64_t> given_back_;
  std::map<std::pair<std::string, std::uint64_t>, std::int64_t> by_line_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const Document& document : evidence.documents) {
    if (document.kind() == "refund") checker.refund(document);
  }
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-44",
     .doc = "What is given back is what was paid for it, and never more than was sold: of each "
            "line, of each sale, by all tills together, but for what a till that is cut off "
            "cannot know; and what is left of it is given back when "
            "somebody brings it. Of what a till cannot know by itself it asks the cloud first.",
     .params = {},
     .example = "waive = { INV-44 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_44_given_back_at_most_what_was_sold
