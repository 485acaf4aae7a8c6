#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/json_scan.hpp"
#include "sim/oracle/names.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace tillrig::oracle::inv_07_numbers_have_no_gaps {
namespace {

using Series = std::pair<std::string, std::uint32_t>;  // till and epoch

struct Numbers {
  std::map<std::uint64_t, std::string_view> ids;  // number -> a document that has it
  std::string_view in_cloud;                      // a document of it that the cloud has
};

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void document(const Document& document) {
    const auto id = read_id(document.id);
    const std::string till(id ? id->till : document.till());
    if (document.acked != nullptr) printed(till, document.acked->number, document.id);
    if (document.receipt != nullptr) printed(till, document.receipt->text.number, document.id);
    if (document.shown != nullptr) printed(till, document.shown->number, document.id);
    if (document.cloud == nullptr) return;
    Numbers& numbers = series_[{till, document.cloud->epoch}];
    numbers.ids.emplace(document.cloud->number, document.id);
    if (numbers.in_cloud.empty()) numbers.in_cloud = document.id;
  }

  // What is made later in an epoch has the later stamp, whatever the wall clock says; and that of
  // the wall clock is the one in Register Sales.
  void stamps() {
    using Key = std::tuple<std::string_view, std::uint32_t, std::uint64_t>;
    std::map<Key, std::string_view> bodies;
    if (const CloudLook* look = evidence_.last_look()) {
      for (const CloudEntry& row : look->rows) {
        bodies.emplace(Key{row.till, row.epoch, row.seq}, row.id);
      }
    }
    std::optional<Key> before;
    Stamp last;
    for (const auto& [key, id] : bodies) {
      const auto stamp = read_stamp(evidence_.body_in_cloud(id));
      if (!stamp) continue;
      ++judgement_.judged;
      const bool same_epoch = before && std::get<0>(*before) == std::get<0>(key) &&
                              std::get<1>(*before) == std::get<1>(key);
      const bool later = std::tie(stamp->ms, stamp->count) > std::tie(last.ms, last.count);
      if (same_epoch && !later) {
        wrong_stamp(id, fmt::format("later than {} ms, {}", last.ms, last.count),
                    fmt::format("{} ms, {}", stamp->ms, stamp->count));
      }
      const Document* const document = evidence_.document(id);
      const std::int64_t shown =
          document != nullptr && document->shown != nullptr ? document->shown->wall_ms : 0;
      if (shown != 0 && shown != stamp->wall_ms) {
        wrong_stamp(id, fmt::format("made at {} ms, as in Register Sales", shown),
                    fmt::format("at {} ms in the cloud", stamp->wall_ms));
      }
      before = key;
      last = *stamp;
    }
  }

  Judgement result() {
    std::map<Series, bool> announced;
    if (const CloudLook* look = evidence_.last_look()) {
      for (const CloudEntry& row : look->rows) {
        if (row.kind != "epoch_opened") continue;
        announced[{row.till, row.epoch}] = true;
        reasoned(row);
      }
      for (const CloudEntry& row : look->rows) {
        if (announced.contains({row.till, row.epoch})) still_flagged(row);
      }
    }
    for (const auto& [series, numbers] : series_) {
      gaps(series, numbers);
      if (numbers.in_cloud.empty()) continue;
      ++judgement_.judged;
      if (!announced.contains(series)) unannounced(series, numbers.in_cloud);
    }
    return std::move(judgement_);
  }

 private:
  void printed(const std::string& till, std::string_view number, std::string_view id) {
    const auto parts = read_number(number);
    if (parts) series_[{till, parts->epoch}].ids.emplace(parts->number, id);
  }

  void gaps(const Series& series, const Numbers& numbers) {
    std::uint64_t next = 1;
    for (const auto& [number, id] : numbers.ids) {
      ++judgement_.judged;
      if (number > next) {
        Violation violation = evidence_.witness(id);
        violation.what = fmt::format("The receipt numbers of {} in epoch {} have a gap before {}.",
                                     series.first, series.second, evidence_.name(id));
        violation.expected = fmt::format("{}-{:07} next", series.second, next);
        violation.seen =
            fmt::format("{} missing, then {}-{:07}",
                        number - next == 1 ? "1 number" : fmt::format("{} numbers", number - next),
                        series.second, number);
        judgement_.violations.push_back(std::move(violation));
      }
      next = number + 1;
    }
  }

  // Why an epoch was opened is what a person looks for when numbers begin anew.
  void reasoned(const CloudEntry& row) {
    const std::string_view body = evidence_.body_in_cloud(row.id);
    if (body.empty()) return;
    ++judgement_.judged;
    std::string_view reason;
    JsonScan scan(body);
    scan.object([&](std::string_view key) {
      if (key == "reason") {
        reason = scan.text();
      } else {
        scan.skip();
      }
    });
    if (!reason.empty()) return;
    Violation violation = evidence_.witness(row.id);
    violation.what =
        fmt::format("{} opened epoch {}, and the cloud does not know why.", row.till, row.epoch);
    violation.expected = "a reason in what the cloud holds of it";
    violation.seen = "none";
    judgement_.violations.push_back(std::move(violation));
  }

  // What came before the event that opens its epoch is flagged until that is there.
  void still_flagged(const CloudEntry& row) {
    ++judgement_.judged;
    if (row.facts.text("flag") != "epoch_not_opened") return;
    Violation violation = evidence_.witness(row.id);
    violation.what = fmt::format("{} is flagged in the cloud although its epoch was announced.",
                                 evidence_.name(row.id));
    violation.expected = "no flag";
    violation.seen = "epoch_not_opened";
    judgement_.violations.push_back(std::move(violation));
  }

  void wrong_stamp(std::string_view id, std::string expected, std::string seen) {
    Violation violation = evidence_.witness(id);
    violation.what = fmt::format("The stamp of {} is wrong.", evidence_.name(id));
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  void unannounced(const Series& series, std::string_view id) {
    Violation violation = evidence_.witness(id);
    violation.what = fmt::format("{} sold in epoch {}, which it never announced to the cloud.",
                                 series.first, series.second);
    violation.expected = "an epoch_opened event of that epoch in the cloud";
    violation.seen = fmt::format("none, but {} is there", evidence_.name(id));
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::map<Series, Numbers> series_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const Document& document : evidence.documents) checker.document(document);
  checker.stamps();
  return checker.result();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-07",
     .doc = "The receipt numbers of each till's epoch run from 1 without a gap over all documents "
            "acknowledged, kept at the till or in the cloud, and each epoch that the cloud has "
            "documents of was announced to it with its reason; what is later in an epoch has the "
            "later stamp.",
     .params = {},
     .example = "waive = { INV-07 = \"why it cannot hold here\" }"},
    "at the end",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_07_numbers_have_no_gaps
