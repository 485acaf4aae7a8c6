#include "sim/oracle/account/arithmetic.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::oracle::inv_48_flags_are_right {
namespace {

constexpr std::string_view kExceeds = "exceeds_sale";
constexpr std::string_view kAmount = "refund_amount";

class Checker {
 public:
  Checker(const Evidence& evidence, const CloudLook& look) : evidence_(evidence) {
    for (const CloudEntry& row : look.rows) {
      rows_.push_back(&row);
      if (row.kind == "epoch_opened") announced_.insert({row.till, row.epoch});
    }
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const CloudEntry* a, const CloudEntry* b) { return a->v < b->v; });
    // What was put back has another past than the one on the wire.
    put_back_ = evidence.life.cloud_put_back(Instant{0}, Instant::never());
    altered_.insert(evidence.tapes.altered.begin(), evidence.tapes.altered.end());
  }

  Judgement judge() {
    for (const CloudEntry* row : rows_) look_at(*row);
    told();
    return std::move(judgement_);
  }

 private:
  void look_at(const CloudEntry& row) {
    const bool refund = row.kind == "refund";
    if (!refund && row.kind != "sale") return;
    const std::string flag(row.facts.text("flag").value_or(""));
    std::string right;
    if (refund) {
      const auto due = flag_of(row);
      if (!due) return;
      right = *due;
    }
    // Points and purses are looked after by INV-12 to INV-15, epochs that are never announced by
    // INV-07, days by INV-19.
    const bool unannounced = !announced_.contains({row.till, row.epoch});
    const bool others = flag == "no_hold" || flag == "overdrawn" || flag == "late_for_day";
    if (right.empty() && (others || unannounced)) return;
    ++judgement_.judged;
    flags_[row.id] = right;
    if (flag != right) add(row.id, right, flag, "in the cloud's books");
  }

  // Of a refund, by what came before it; nothing where that is not known.
  std::optional<std::string> flag_of(const CloudEntry& row) {
    const auto sold = read_sent_document(evidence_.body_in_cloud(row.of));
    const auto back = read_sent_document(evidence_.body_in_cloud(row.id));
    const bool other = altered_.contains(row.of) || altered_.contains(row.id);
    if (!sold || !back || other) return std::nullopt;
    std::vector<std::int64_t>& gone = gone_[row.of];
    gone.resize(sold->lines.size(), 0);
    std::string flag;
    for (const SentLine& line : back->lines) {
      if (line.of_line < 1 || line.of_line > gone.size()) return std::nullopt;
      const SentLine& whole = sold->lines[line.of_line - 1];
      std::int64_t& before = gone[line.of_line - 1];
      const std::int64_t after = before - line.quantity;
      const auto part = [&](std::int64_t amount) {
        return fraction(amount, after, whole.quantity) - fraction(amount, before, whole.quantity);
      };
      if (flag.empty() && after > whole.quantity) flag = kExceeds;
      const bool right = -line.total == part(whole.total) && -line.tax == part(whole.tax);
      if (flag.empty() && !right) flag = kAmount;
      before = after;
    }
    return flag;
  }

  // The till that sent it is told so too, and of what came before its epoch was opened.
  void told() {
    std::map<std::pair<std::string_view, std::uint64_t>, Instant> opened;
    for (const Upload& upload : evidence_.uploads) {
      for (const SentItem& item : upload.batch.items) {
        if (item.kind != "epoch_opened" || upload.cloud.empty()) continue;
        if (put_back_ && !opened_anew(upload, item)) continue;
        const auto key = std::pair(upload.batch.till, upload.batch.epoch);
        const Instant at = upload.wire->reached_cloud;
        const auto [known, fresh] = opened.emplace(key, at);
        known->second = std::min(known->second, at);
      }
    }
    for (const Upload& upload : evidence_.uploads) {
      const auto open = opened.find({upload.batch.till, upload.batch.epoch});
      const bool before =
          open != opened.end() && upload.wire->reached_cloud < open->second && !forgotten(upload);
      for (const ItemAnswer& answer : upload.cloud) {
        if (before && answer.status == "applied") first_of_all(answer);
        const auto at = flags_.find(answer.id);
        if (put_back_ || at == flags_.end() || !answer.acknowledges()) continue;
        const bool of_refund = at->second == kExceeds || at->second == kAmount;
        if (!of_refund && answer.code != kExceeds && answer.code != kAmount) continue;
        ++judgement_.judged;
        if (answer.code != at->second) {
          add(at->first, at->second, std::string(answer.code), "in the answer to its till");
        }
      }
    }
  }

  // What the cloud was told before it was put back for the last time.
  [[nodiscard]] bool forgotten(const Upload& upload) const {
    return evidence_.life.cloud_put_back(upload.wire->sent, Instant::never());
  }

  // Whether a cloud that was put back had not heard of the epoch before.
  [[nodiscard]] bool opened_anew(const Upload& upload, const SentItem& item) const {
    return !forgotten(upload) &&
           std::any_of(upload.cloud.begin(), upload.cloud.end(), [&](const ItemAnswer& answer) {
             return answer.id == item.id && answer.status == "applied";
           });
  }

  void first_of_all(const ItemAnswer& answer) {
    ++judgement_.judged;
    if (answer.code == "epoch_not_opened" || answer.code == kExceeds || answer.code == kAmount) {
      return;
    }
    add(std::string(answer.id), "epoch_not_opened", std::string(answer.code),
        "in the answer to its till");
  }

  void add(const std::string& id, const std::string& right, const std::string& seen,
           std::string_view where) {
    if (!told_.insert(id).second) return;
    Violation violation = evidence_.witness(id);
    violation.what =
        fmt::format("The {} is {} {}.", evidence_.name(id),
                    right.empty() ? "flagged for nothing" : "not flagged as it has to be", where);
    violation.expected = right.empty() ? "no flag" : right;
    violation.seen = seen.empty() ? "no flag" : seen;
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::vector<const CloudEntry*> rows_;
  std::set<std::pair<std::string, std::uint32_t>> announced_;
  std::set<std::string, std::less<>> altered_;
  bool put_back_ = false;
  std::map<std::string, std::vector<std::int64_t>> gone_;  // by sale: thousandths of each line
  std::map<std::string, std::string, std::less<>> flags_;  // that are right
  std::set<std::string> told_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  const CloudLook* const look = evidence.last_look();
  return look != nullptr ? Checker(evidence, *look).judge() : Judgement();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-48",
     .doc = "The cloud flags for a person exactly what has to be looked at: a refund of more than "
            "is left of its sale, or of another amount than its share, and what came before the "
            "event that opens its epoch; in its books and in the answer to the till.",
     .params = {},
     .example = "waive = { INV-48 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_48_flags_are_right
