#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tillrig::oracle::inv_53_rehearsal_leaves_no_trace {
namespace {

constexpr std::string_view kMark = "REHEARSAL";

// From the order that began it to the one that ended it, or to the end of the process.
struct Period {
  Life::Moment from;
  Life::Moment to{Instant::never(), UINT64_MAX};
  [[nodiscard]] bool has(Instant at) const { return at > from.at && at < to.at; }
};

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {
    for (const OrderEntry& order : evidence_.tapes.orders) {
      const bool counts = order.till == till_ && order.what == "rehearse" &&
                          order.outcome == OrderEntry::Outcome::done;
      if (!counts) continue;
      if (!periods_.empty()) periods_.back().to = std::min(periods_.back().to, moment(order));
      if (order.fields.number("on").value_or(0) == 0) continue;
      Period period{moment(order)};
      period.to.at = evidence_.life.next_change(till_, order.at);
      periods_.push_back(period);
    }
  }

  Judgement judge() {
    judgement_.judged = periods_.size();
    for (const Period& period : periods_) {
      documents(period);
      drawer(period);
      paper(period);
    }
    return std::move(judgement_);
  }

 private:
  static Life::Moment moment(const OrderEntry& order) { return {order.at, order.order}; }

  void documents(const Period& period) {
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool within = entry.order > period.from.order && entry.order < period.to.order;
      const bool made = entry.till == till_ && entry.kind == CashierEntry::Kind::acknowledged;
      if (!made || !within || entry.at > period.to.at) continue;
      add(entry.at, entry.line, "a document that is in no books", entry.sale);
    }
  }

  void drawer(const Period& period) {
    for (const DeviceEntry& entry : evidence_.tapes.devices) {
      const bool opened = entry.till == till_ && entry.role == "drawer" && entry.what == "opened";
      if (!opened || !period.has(entry.at) || owed_before(period)) continue;
      add(entry.at, entry.line, "a drawer that stays shut", "it opened");
    }
  }

  // Its paper says what it is; a receipt of an earlier sale may still come.
  void paper(const Period& period) {
    for (const PaperEntry& entry : evidence_.tapes.paper) {
      if (entry.till != till_ || !entry.complete || !period.has(entry.at)) continue;
      const bool receipt = std::any_of(evidence_.receipts.begin(), evidence_.receipts.end(),
                                       [&](const Receipt& known) { return known.paper == &entry; });
      if (receipt || entry.text.find(kMark) != std::string::npos) continue;
      add(entry.at, entry.line, fmt::format("paper that says \"{}\"", kMark),
          "paper that does not");
    }
  }

  // A document was acknowledged just before, so that its receipt and drawer were still under way.
  [[nodiscard]] bool owed_before(const Period& period) const {
    const auto& cashier = evidence_.tapes.cashier;
    return std::any_of(cashier.begin(), cashier.end(), [&](const CashierEntry& entry) {
      const bool made = entry.till == till_ && entry.kind == CashierEntry::Kind::acknowledged;
      return made && entry.order < period.from.order &&
             entry.at + std::chrono::minutes(1) > period.from.at;
    });
  }

  void add(Instant at, int line, std::string expected, std::string seen) {
    judgement_.blame(till_, at, line, fmt::format("A rehearsal at {} left a trace.", till_),
                     std::move(expected), std::move(seen));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::vector<Period> periods_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Judgement all;
  for (const std::string_view till : evidence.tills) {
    all.take(Checker(evidence, till).judge());
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-53",
     .doc = "A rehearsal leaves no trace in the books: no document, no number, no drawer, "
            "and its paper says that it is none.",
     .params = {},
     .example = "waive = { INV-53 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_53_rehearsal_leaves_no_trace
