#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace tillrig::oracle::inv_02_once_in_cloud {
namespace {

using NumberKey = std::tuple<std::string_view, std::uint32_t, std::uint64_t>;

bool same_content(const CloudEntry& a, const CloudEntry& b) {
  return a.kind == b.kind && a.total == b.total && a.tax == b.tax &&
         a.lines_total == b.lines_total && a.payments_total == b.payments_total && a.of == b.of;
}

Violation doubled(const Evidence& evidence, const CloudLook& look, const CloudEntry& first,
                  const CloudEntry& second) {
  Violation violation = evidence.witness(second.id);
  violation.at = look.at;
  violation.what = fmt::format("The {} is in the cloud twice (seen at {}).",
                               evidence.name(second.id), moment_text(look.at));
  violation.expected = "one row in the cloud";
  violation.seen = fmt::format("rows v{} and v{}", first.v, second.v);
  if (first.id != second.id) {
    violation.seen +=
        fmt::format(" with the same content and receipt number {}-{:07}, as {} and {}", first.epoch,
                    first.number, first.id, second.id);
  }
  return violation;
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  std::set<std::string_view> told;  // one violation an event, however many looks show it
  for (const CloudLook& look : evidence.tapes.cloud) {
    std::unordered_map<std::string_view, const CloudEntry*> by_id;
    std::map<NumberKey, const CloudEntry*> by_number;
    by_id.reserve(look.rows.size());
    for (const CloudEntry& row : look.rows) {
      ++judgement.judged;
      const auto [known, fresh] = by_id.emplace(row.id, &row);
      const CloudEntry* twin = fresh ? nullptr : known->second;
      if (fresh && row.number != 0) {
        const auto numbered = by_number.emplace(NumberKey{row.till, row.epoch, row.number}, &row);
        const CloudEntry* other = numbered.first->second;
        if (other != &row && same_content(*other, row)) twin = other;
      }
      if (twin == nullptr || !told.insert(row.id).second) continue;
      judgement.violations.push_back(doubled(evidence, look, *twin, row));
    }
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-02",
     .doc = "Each event has exactly one row in every look into the cloud, and no two rows are the "
            "same sale under two ids.",
     .params = {},
     .example = "waive = { INV-02 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_02_once_in_cloud
