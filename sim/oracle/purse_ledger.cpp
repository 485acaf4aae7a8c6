#include "sim/oracle/purse_ledger.hpp"

#include "pos/base/ids.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

namespace tillrig::oracle {

void check_purse_ledger(const Evidence& evidence, std::string_view ledger, std::string_view name,
                        Judgement& judgement) {
  const auto add = [&](const std::string& event, std::string what, std::int64_t expected,
                       std::int64_t seen) {
    Violation violation = evidence.witness(event);
    violation.what = std::move(what);
    violation.expected = evidence.money(expected);
    violation.seen = evidence.money(seen);
    judgement.violations.push_back(std::move(violation));
  };
  std::map<std::pair<std::string, std::string>, std::int64_t> open;  // by event and key
  for (const Due& due : evidence.account->dues()) {
    if (due.id.empty() || !due.sure) continue;
    for (const PurseMove& move : due.bill.moves) {
      if (move.ledger == ledger) open[{due.id, move.key}] += move.amount;
    }
  }
  for (const PostingEntry& posting : evidence.tapes.postings) {
    if (posting.ledger != ledger) continue;
    const auto id = base::parse_event_id(posting.event);
    const auto at = open.find({posting.event, posting.key});
    // What a till did that nobody followed moves whatever it moves.
    if (at == open.end() && id && !evidence.account->knows(id->till)) continue;
    ++judgement.judged;
    const std::int64_t right = at == open.end() ? 0 : at->second;
    if (right != posting.amount) {
      add(posting.event,
          fmt::format("The {} {} is moved by another amount than {} moves.", name, posting.key,
                      evidence.name(posting.event)),
          right, posting.amount);
    }
    if (at != open.end()) open.erase(at);
  }
  if (evidence.tapes.postings.empty()) return;  // nobody asked for them
  for (const auto& [place, amount] : open) {
    if (evidence.in_cloud(place.first) == nullptr) continue;
    ++judgement.judged;
    add(place.first,
        fmt::format("The {} {} is not moved by {}, which the cloud has.", name, place.second,
                    evidence.name(place.first)),
        amount, 0);
  }
}

}  // namespace tillrig::oracle
