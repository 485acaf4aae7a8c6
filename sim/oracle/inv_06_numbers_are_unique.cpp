#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_06_numbers_are_unique {
namespace {

// What the cloud has answered for it knows well before the next login.
constexpr base::Duration kTakenIn = std::chrono::seconds(1);

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

  // A login tells its till the highest number that the cloud has of each epoch: a till whose store
  // is lost goes on above it.
  void logins() {
    struct Known {
      Instant at;
      const CloudEntry* row = nullptr;
    };
    std::map<std::string_view, std::vector<Known>> known;  // by till
    for (const Upload& upload : evidence_.uploads) {
      for (const ItemAnswer& answer : upload.cloud) {
        const CloudEntry* const row = evidence_.in_cloud(answer.id);
        if (row == nullptr || !answer.proves() || row->number == 0) continue;
        known[upload.wire->till].push_back({upload.wire->reached_cloud, row});
      }
    }
    for (const WireEntry& wire : evidence_.tapes.wire) {
      if (!wire.target.ends_with("/login") || wire.cloud_status != 200) continue;
      const auto highs = read_highs(wire.cloud_answer);
      if (!highs) continue;
      std::map<std::uint64_t, std::uint64_t> least;  // by epoch
      for (const Known& each : known[wire.till]) {
        const bool before = each.at + kTakenIn < wire.sent &&
                            !evidence_.life.cloud_put_back(each.at, wire.reached_cloud);
        if (!before) continue;
        std::uint64_t& high = least[each.row->epoch];
        high = std::max(high, each.row->number);
      }
      for (const auto& [epoch, high] : *highs) told_high(wire, epoch, least[epoch], high);
    }
  }

  Judgement result() { return std::move(judgement_); }

 private:
  void told_high(const WireEntry& wire, std::uint64_t epoch, std::uint64_t least,
                 std::uint64_t said) {
    ++judgement_.judged;
    if (said >= least || high_told_) return;
    high_told_ = true;
    Violation violation;
    violation.till = wire.till;
    violation.at = wire.sent;
    violation.what =
        fmt::format("The cloud tells {} too low a number of epoch {}.", wire.till, epoch);
    violation.expected = fmt::format("{} or more, which it has", least);
    violation.seen = std::to_string(said);
    judgement_.violations.push_back(std::move(violation));
  }

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
  bool high_told_ = false;
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
  checker.logins();
  return checker.result();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-06",
     .doc =
         "A receipt number of a till's epoch stands for one sale only: on paper (copies marked "
         "COPY excepted), on the screen and in the cloud; and of each sale and refund the number, "
         "which says its epoch, is the same on all of them and in Register Sales. A login tells "
         "the highest that the cloud has.",
     .params = {},
     .example = "waive = { INV-06 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_06_numbers_are_unique
