#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>
#include <utility>

namespace tillrig::oracle::inv_21_feed_is_visible {
namespace {

std::string text(const Evidence& evidence, std::string_view sku, bool sold, std::int64_t price) {
  return sold ? fmt::format("{} at {}", sku, evidence.money(price)) : fmt::format("no {}", sku);
}

// What the cloud has of each item: its last change, unless nobody knows whether it was taken.
std::map<std::string_view, const GoodsChange*> last_changes(const Tapes& tapes) {
  std::map<std::string_view, const GoodsChange*> last;
  for (const GoodsChange& change : tapes.goods_changes) last[change.sku] = &change;
  std::erase_if(last, [](const auto& each) { return each.second->v == 0; });
  return last;
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  const auto changes = last_changes(evidence.tapes);
  std::map<std::pair<std::string_view, std::string_view>, const GoodsLook*> looks;
  for (const GoodsLook& look : evidence.tapes.goods_looks) looks[{look.till, look.sku}] = &look;
  for (const auto& [place, look] : looks) {
    const auto at = changes.find(look->sku);
    if (at == changes.end() || evidence.life.ended(look->till)) continue;
    const GoodsChange& change = *at->second;
    if (look->at < change.at) continue;
    ++judgement.judged;
    const bool same = look->sold == change.sold && (!look->sold || look->price == change.price);
    if (same) continue;
    Violation violation;
    violation.till = look->till;
    violation.at = look->at;
    violation.line = change.line;
    violation.what =
        fmt::format("{} does not have what was changed of {} at the cloud (change {}).", look->till,
                    look->sku, change.v);
    violation.expected = text(evidence, look->sku, change.sold, change.price);
    violation.seen = text(evidence, look->sku, look->sold, look->price);
    judgement.violations.push_back(std::move(violation));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-21",
     .doc = "When all is quiet every till sells what was changed at the cloud as it is there: each "
            "change has come, the last one counts, and what was removed is not sold any more.",
     .params = {},
     .example = "waive = { INV-21 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_21_feed_is_visible
