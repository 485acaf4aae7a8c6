#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

namespace tillrig::oracle::inv_04_completed_never_changes {
namespace {

bool same(const CloudEntry& a, const CloudEntry& b) {
  return a.v == b.v && a.id == b.id && a.kind == b.kind && a.number == b.number &&
         a.hash == b.hash && a.total == b.total && a.tax == b.tax &&
         a.lines_total == b.lines_total && a.payments_total == b.payments_total && a.of == b.of;
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void looks(const CloudLook& before, const CloudLook& after) {
    std::unordered_map<std::string_view, const CloudEntry*> later;
    for (std::size_t i = 0; i < before.rows.size(); ++i) {
      ++judgement_.judged;
      const CloudEntry& row = before.rows[i];
      // Rows come in the order in which they were stored, so most stand where they stood.
      if (i < after.rows.size() && same(row, after.rows[i])) continue;
      if (later.empty()) {
        for (const CloudEntry& entry : after.rows) later.emplace(entry.id, &entry);
      }
      const auto at = later.find(row.id);
      if (at != later.end() && same(row, *at->second)) continue;
      const std::string was = fmt::format("v{}, {}", row.v, evidence_.money(row.total));
      const std::string is = at == later.end() ? "gone"
                                               : fmt::format("v{}, {}", at->second->v,
                                                             evidence_.money(at->second->total));
      changed(row.id, after.at, "in the cloud", was, is);
    }
  }

  void paper(const Receipt& receipt) {
    if (!receipt.text.total) return;
    const auto [at, fresh] = printed_.emplace(receipt.text.sale, *receipt.text.total);
    ++judgement_.judged;
    if (fresh || at->second == *receipt.text.total) return;
    changed(receipt.text.sale, receipt.paper->at, "on paper", evidence_.money(at->second),
            evidence_.money(*receipt.text.total));
  }

  void look(const RegisterLook& look) {
    for (const RegisterEntry& row : look.rows) {
      ++judgement_.judged;
      const auto [at, fresh] = shown_.emplace(row.id, &row);
      const RegisterEntry& first = *at->second;
      if (fresh || (first.total == row.total && first.number == row.number)) continue;
      changed(row.id, look.at, "in Register Sales",
              fmt::format("{}, {}", first.number, evidence_.money(first.total)),
              fmt::format("{}, {}", row.number, evidence_.money(row.total)));
      at->second = &row;
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void changed(std::string_view id, Instant at, std::string_view where, const std::string& was,
               const std::string& is) {
    Violation violation = evidence_.witness(id);
    violation.at = at;
    violation.what = fmt::format("The completed {} changed {} (seen at {}).", evidence_.name(id),
                                 where, moment_text(at));
    violation.expected = was;
    violation.seen = is;
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::unordered_map<std::string_view, std::int64_t> printed_;
  std::unordered_map<std::string_view, const RegisterEntry*> shown_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  const auto& looks = evidence.tapes.cloud;
  for (std::size_t i = 1; i < looks.size(); ++i) {
    if (evidence.life.cloud_put_back(looks[i - 1].at, looks[i].at)) continue;
    checker.looks(looks[i - 1], looks[i]);
  }
  for (const Receipt& receipt : evidence.receipts) checker.paper(receipt);
  for (const RegisterLook& look : evidence.tapes.registers) checker.look(look);
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-04",
     .doc =
         "A completed document never changes or disappears: not a row in the cloud, not the "
         "total that is printed for it, not its total and number in Register Sales. Only a cloud "
         "that is put back to an older backup has other rows than before.",
     .params = {},
     .example = "waive = { INV-04 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_04_completed_never_changes
