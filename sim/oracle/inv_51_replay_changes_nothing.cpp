#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oracle::inv_51_replay_changes_nothing {
namespace {

std::string text(const CloudEntry& row) {
  std::string said = fmt::format("row {} {} {}", row.v, row.id, row.hash.substr(0, 8));
  for (const Fact& fact : row.facts.all()) {
    const auto* const value = std::get_if<std::string>(&fact.value);
    if (value != nullptr && !value->empty()) said += fmt::format(", {} {}", fact.name, *value);
  }
  return said;
}
std::string text(const PostingEntry& posting) {
  return fmt::format("{} of {} {} for {}", posting.amount, posting.ledger, posting.key,
                     posting.event);
}
std::string text(const HoldEntry& hold) {
  return fmt::format("hold {} of {}, {}", hold.id, hold.amount, hold.state);
}
std::string text(const std::string& refused) {
  return refused + " refused";
}

// Time goes on between the two looks: what was held is over by itself.
template <class Row>
bool same(const Row& before, const Row& after) {
  return before == after;
}
template <>
bool same(const HoldEntry& before, const HoldEntry& after) {
  HoldEntry later = before;
  if (before.state == "open" && after.state == "expired") later.state = after.state;
  return later == after;
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence)
      : evidence_(evidence), replay_(evidence.tapes.replay) {}

  Judgement judge() {
    if (!replay_.tried) return {};
    if (!replay_.failed.empty()) {
      judgement_.judged = 1;
      add("", "The outbox could not be sent to the cloud once more.", "an answer", replay_.failed);
      return std::move(judgement_);
    }
    for (const AgainEntry& each : replay_.sent) answered(each);
    if (replay_.sent.empty()) return {};
    compare("its events", replay_.before.rows, replay_.after.rows);
    compare("its ledgers", replay_.before.postings, replay_.after.postings);
    compare("its holds", replay_.before.holds, replay_.after.holds);
    compare("what it refused", replay_.before.refused, replay_.after.refused);
    return std::move(judgement_);
  }

 private:
  void answered(const AgainEntry& each) {
    ++judgement_.judged;
    if (each.status == "duplicate") return;
    add(each.id,
        fmt::format("The cloud did not know the {} again when it was sent once more.",
                    evidence_.name(each.id)),
        "duplicate", each.code.empty() ? each.status : each.status + ", " + each.code);
  }

  template <class Row>
  void compare(std::string_view what, const std::vector<Row>& before,
               const std::vector<Row>& after) {
    ++judgement_.judged;
    const std::size_t both = std::min(before.size(), after.size());
    std::size_t at = 0;
    while (at < both && same(before[at], after[at])) ++at;
    if (at == before.size() && at == after.size()) return;
    const std::string was = at < before.size() ? text(before[at]) : "nothing more";
    const std::string is = at < after.size() ? text(after[at]) : "nothing more";
    add("", fmt::format("The outbox sent once more has changed the cloud: {}.", what),
        fmt::format("{} as before: {}", before.size(), was),
        fmt::format("{}: {}", after.size(), is));
  }

  void add(std::string_view id, std::string what, std::string expected, std::string seen) {
    if (judgement_.violations.size() >= kMost) return;
    Violation violation = id.empty() ? Violation() : evidence_.witness(id);
    violation.at = replay_.at;
    violation.what = std::move(what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  static constexpr std::size_t kMost = 5;  // they are all of one kind
  const Evidence& evidence_;
  const Replay& replay_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  return Checker(evidence).judge();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-51",
     .doc =
         "The whole outbox once more leaves the cloud as it was: after the run everything that it "
         "holds is sent to it again, twice and with new logins; it knows each event again, and "
         "its rows, flags, ledgers, holds and refusals are those of before.",
     .params = {},
     .example = "waive = { INV-51 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_51_replay_changes_nothing
