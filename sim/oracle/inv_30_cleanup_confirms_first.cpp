#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace tillrig::oracle::inv_30_cleanup_confirms_first {
namespace {

class Checker {
 public:
  Checker(const Evidence& evidence, std::string_view till) : evidence_(evidence), till_(till) {
    for (const OrderEntry& order : evidence.tapes.orders) {
      const bool deletes = order.what == "clean_up" || order.what == "full_resync";
      if (order.till == till && deletes) orders_.push_back(&order);
    }
  }

  // What one look at Register Sales had and the next one does not.
  void between(const RegisterLook& before, const RegisterLook& after) {
    const auto asked = [&](const OrderEntry* order) {
      return order->at >= before.at && order->at <= after.at;
    };
    const auto first = std::find_if(orders_.begin(), orders_.end(), asked);
    if (first == orders_.end()) return;
    std::set<std::string_view> there;
    for (const RegisterEntry& row : after.rows) there.insert(row.id);
    for (const RegisterEntry& row : before.rows) {
      ++judgement_.judged;
      if (!there.contains(row.id)) gone(row, (*first)->at, after.at);
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void gone(const RegisterEntry& row, Instant from, Instant to) {
    const Compared* confirmed = nullptr;
    for (const Compared& each : evidence_.compared) {
      const bool of_it = each.till == till_ && each.id == row.id && each.as == Compared::As::held;
      if (of_it && each.at >= from && each.at <= to) confirmed = &each;
    }
    if (confirmed == nullptr) {
      return add(row, "the cloud was not asked whether it still has it",
                 "confirmed by the cloud in that run");
    }
    const CloudEntry* const held = evidence_.in_cloud(row.id);
    if (held == nullptr || held->hash != confirmed->hash) {
      add(row, held == nullptr ? "the cloud does not have it" : "the cloud has other content",
          fmt::format("in the cloud with the hash {}", confirmed->hash));
    }
    if (row.sync == "quarantined") add(row, "a person has not seen to it yet", "kept");
  }

  void add(const RegisterEntry& row, std::string_view seen, std::string expected) {
    if (!told_.insert(row.id).second) return;
    Violation violation = evidence_.witness(row.id);
    violation.till = till_;
    violation.what =
        fmt::format("{} deleted the {} when it was cleaned up.", till_, evidence_.name(row.id));
    violation.expected = std::move(expected);
    violation.seen = seen;
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::string_view till_;
  std::vector<const OrderEntry*> orders_;
  std::set<std::string_view> told_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Judgement all;
  for (const std::string_view till : evidence.tills) {
    Checker checker(evidence, till);
    const RegisterLook* before = nullptr;
    for (const RegisterLook& look : evidence.tapes.registers) {
      if (look.till != till) continue;
      if (before != nullptr) checker.between(*before, look);
      before = &look;
    }
    Judgement one = checker.take();
    all.judged += one.judged;
    for (Violation& violation : one.violations) all.violations.push_back(std::move(violation));
  }
  return all;
}

const words::Row<Invariant> kRow{
    Invariant{{.name = "INV-30",
               .doc = "A clean-up or a full data resync deletes nothing from Register Sales but "
                      "what the cloud has confirmed by id "
                      "and hash in that run, and has.",
               .params = {},
               .example = "waive = { INV-30 = \"why it cannot hold here\" }"},
              "always",
              "safety",
              check}};

}  // namespace
}  // namespace tillrig::oracle::inv_30_cleanup_confirms_first
