#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

namespace tillrig::oracle::inv_45_each_has_its_receipt {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kPrintWithin = 10s;

// The prompts of one till as its run leaves them, and what was ever asked.
struct Asked {
  std::set<std::string, std::less<>> standing;
  std::string texts;  // of each question for a receipt, one a line
};

Asked asked_at(const Evidence& evidence, std::string_view till) {
  Asked asked;
  Life::Moment last;
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.till != till) continue;
    const Life::Moment now{entry.at, entry.order};
    if (evidence.life.changed(till, last, now)) asked.standing.clear();
    last = now;
    if (entry.kind == CashierEntry::Kind::prompt) {
      asked.standing.insert(entry.code);
      if (entry.code == "receipt_missing") asked.texts += entry.text + "\n";
    } else if (entry.kind == CashierEntry::Kind::pressed) {
      asked.standing.erase(entry.code);
    } else if (entry.kind == CashierEntry::Kind::other && entry.code == "prompt_closed") {
      const auto prompt = entry.facts.text("prompt");
      if (prompt) asked.standing.erase(std::string(*prompt));
    }
  }
  return asked;
}

std::string number_of(const Document& document) {
  if (document.acked != nullptr) return document.acked->number;
  if (document.shown != nullptr) return document.shown->number;
  return document.receipt != nullptr ? document.receipt->text.number : std::string();
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {
    for (const Receipt& receipt : evidence.receipts) {
      if (receipt.text.copy) {
        copied_.insert(receipt.text.sale);
      } else {
        ++originals_[receipt.text.sale];
      }
    }
    for (const PaperEntry& paper : evidence.tapes.paper) printing_.insert(paper.till);
  }

  void till(std::string_view till) {
    if (!printing_.contains(till)) return;  // it has no printer
    const Asked asked = asked_at(evidence_, till);
    const bool held_up = asked.standing.contains("printer");
    const bool asks = asked.standing.contains("receipt_missing");
    for (const Document& document : evidence_.documents) {
      // One that the till died over before it could beep stands all the same.
      const bool stands = document.acked != nullptr || document.shown != nullptr;
      if (document.till() != till || !stands) continue;
      ++judgement_.judged;
      const bool done = originals_.contains(document.id) || copied_.contains(document.id);
      const bool named = asked.texts.find(number_of(document)) != std::string::npos;
      const bool soon =
          document.acked != nullptr && evidence_.life.end() - document.at() < kPrintWithin;
      if (done || named || asks || held_up || soon || evidence_.life.ended(till)) continue;
      Violation violation = evidence_.witness(document.id);
      violation.what = fmt::format("{} was completed and has no receipt, and nobody was asked.",
                                   evidence_.name(document.id));
      violation.expected = "a whole receipt, a copy marked as one, or a prompt that asks for it";
      violation.seen = "none of these";
      judgement_.violations.push_back(std::move(violation));
    }
  }

  // What comes out after somebody asked for a copy is one.
  void copies() {
    std::map<std::string, std::string, std::less<>> asked_for;  // by till: what was asked last
    std::map<std::string, Instant, std::less<>> wanted;         // by receipt: since when
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.code != "receipt_missing") continue;
      if (entry.kind == CashierEntry::Kind::prompt) asked_for[entry.till] = entry.text;
      if (entry.kind != CashierEntry::Kind::pressed || entry.text != "Print a copy") continue;
      for (const Document& document : evidence_.documents) {
        const std::string number = number_of(document);
        const bool meant = !number.empty() && document.till() == entry.till &&
                           asked_for[entry.till].find(number) != std::string::npos;
        if (meant) wanted.emplace(document.id, entry.at);
      }
    }
    for (const Receipt& receipt : evidence_.receipts) {
      const auto since = wanted.find(receipt.text.sale);
      if (since == wanted.end() || receipt.paper->at < since->second) continue;
      ++judgement_.judged;
      if (receipt.text.copy) continue;
      Violation violation = evidence_.witness(receipt.text.sale);
      violation.at = receipt.paper->at;
      violation.what = fmt::format("The copy of {} does not say that it is one.",
                                   evidence_.name(receipt.text.sale));
      violation.expected = fmt::format("\"{}\" above its number", evidence_.tapes.shop.copy_mark);
      violation.seen = "a receipt like an original";
      judgement_.violations.push_back(std::move(violation));
    }
  }

  void originals() {
    for (const auto& [sale, times] : originals_) {
      ++judgement_.judged;
      if (times == 1) continue;
      Violation violation = evidence_.witness(sale);
      violation.what = fmt::format("{} has more than one original receipt.", evidence_.name(sale));
      violation.expected = "one; each further one marked as a copy";
      violation.seen = fmt::format("{}", times);
      judgement_.violations.push_back(std::move(violation));
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  const Evidence& evidence_;
  std::map<std::string, int, std::less<>> originals_;
  std::set<std::string, std::less<>> copied_;
  std::set<std::string, std::less<>> printing_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const std::string_view till : evidence.tills) checker.till(till);
  checker.originals();
  checker.copies();
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-45",
     .doc = "Every completed document has its receipt: a whole one, or a copy marked as one, or "
            "the till asks for it; and one original only.",
     .params = {},
     .example = "waive = { INV-45 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_45_each_has_its_receipt
