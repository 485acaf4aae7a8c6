#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace tillrig::oracle::inv_24_poison_delays_only_itself {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kDrainWithin = 60s;

class Checker {
 public:
  Checker(const Evidence& evidence, const RegisterLook& look) : evidence_(evidence), look_(look) {}

  void refused_on_wire(const RegisterEntry& row) {
    ++judgement_.judged;
    if (evidence_.quarantine_deserved(row.id)) return;
    Violation violation = evidence_.witness(row.id);
    violation.what = fmt::format("The {} is in quarantine although the cloud never refused it.",
                                 evidence_.name(row.id));
    violation.expected = "an answer rejected, conflict or deferred for it on the wire";
    violation.seen = fmt::format("quarantined ({})", row.why.empty() ? "no reason" : row.why);
    judgement_.violations.push_back(std::move(violation));
  }

  // What goes back of a sale may come before it: that is early, and not wrong.
  void not_for_being_early(std::string_view id, const Told& told) {
    if (told.last_code != "aggregate_missing") return;
    Violation violation = evidence_.witness(id);
    violation.at = told.last_at;
    violation.what = fmt::format("The cloud refused the {} for good because its sale had not come.",
                                 evidence_.name(id));
    violation.expected = "deferred until the sale is there";
    violation.seen = told.last_status;
    judgement_.violations.push_back(std::move(violation));
  }

  void visible(std::string_view id, const Told& told) {
    ++judgement_.judged;
    not_for_being_early(id, told);
    const Document* document = evidence_.document(id);
    const bool shown = document != nullptr && document->look == &look_;
    if (shown && document->shown->sync == "quarantined") return says_why(*document, told);
    Violation violation = evidence_.witness(id);
    violation.at = told.last_at;
    violation.what = fmt::format("The cloud refused the {} ({}), and {} does not show it.",
                                 evidence_.name(id), told.last_code, look_.till);
    violation.expected = "in Register Sales as quarantined";
    violation.seen = shown ? document->shown->sync : "not in Register Sales";
    judgement_.violations.push_back(std::move(violation));
  }

  // A row that had all the time it needs, while another's refusal stood.
  void not_blocked(const RegisterEntry& row, const std::vector<std::string_view>& refused) {
    const std::string_view aggregate = evidence_.aggregate(row.id);
    std::optional<std::string_view> other;
    for (const std::string_view id : refused) {
      if (evidence_.aggregate(id) == aggregate || id == row.id) return;  // its own
      if (!other) other = id;
    }
    if (!other || !had_time(row)) return;
    ++judgement_.judged;
    Violation violation = evidence_.witness(row.id);
    violation.what = fmt::format("The {} waits behind the {}, which the cloud refused.",
                                 evidence_.name(row.id), evidence_.name(*other));
    violation.expected = "in the cloud: a refused item delays only what belongs to it";
    violation.seen = fmt::format("still queued at {}", moment_text(look_.at));
    judgement_.violations.push_back(std::move(violation));
  }

  // What the cloud turned away as a whole comes in parts: else the one that is bad in it holds up
  // all the others for ever.
  void in_parts() {
    const Upload* last = nullptr;
    std::map<std::string_view, const Upload*> whole;  // by item: the batch that was turned away
    for (const Upload& upload : evidence_.uploads) {
      if (upload.wire->till != look_.till) continue;
      for (const SentItem& item : upload.batch.items) {
        const auto at = whole.find(item.id);
        if (at == whole.end() || at->second->ended > upload.wire->sent) continue;
        if (again_whole(*at->second, upload) && last != at->second) {
          last = at->second;
          Violation violation = evidence_.witness(item.id);
          violation.at = upload.wire->sent;
          violation.what =
              fmt::format("{} sent a batch again that was turned away whole.", look_.till);
          violation.expected =
              fmt::format("less than {} documents at a time", at->second->batch.items.size());
          violation.seen = fmt::format("{} of them in exchange {}", upload.batch.items.size(),
                                       upload.wire->exchange);
          judgement_.violations.push_back(std::move(violation));
        }
        whole.erase(at);
      }
      if (!turned_away(upload) || upload.batch.items.size() < 2) continue;
      ++judgement_.judged;
      for (const SentItem& item : upload.batch.items) whole[item.id] = &upload;
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  static bool turned_away(const Upload& upload) {
    const WireEntry& wire = *upload.wire;
    const bool turned = wire.from_cloud && (wire.status == 400 || wire.status == 413);
    return turned && upload.ended == wire.ended &&
           wire.answer.find("\"damaged\"") == std::string::npos;
  }

  // By the same process: one that was started anew does not know.
  [[nodiscard]] bool again_whole(const Upload& whole, const Upload& again) const {
    const auto& orders = evidence_.tapes.orders;
    const bool anew = evidence_.life.next_change(look_.till, whole.ended) <= again.wire->sent ||
                      std::any_of(orders.begin(), orders.end(), [&](const OrderEntry& order) {
                        return order.till == look_.till && order.what == "restore_service" &&
                               order.at >= whole.wire->sent && order.at <= again.wire->sent;
                      });
    return !anew && again.batch.items.size() >= whole.batch.items.size();
  }

  // Whoever has to mend it reads in Register Sales what the cloud has against it.
  void says_why(const Document& document, const Told& told) {
    if (document.shown->why == told.last_code) return;
    Violation violation = evidence_.witness(document.id);
    violation.what = fmt::format("{} does not say why the {} is in quarantine.", look_.till,
                                 evidence_.name(document.id));
    violation.expected = std::string(told.last_code);
    violation.seen = document.shown->why.empty() ? "no reason" : document.shown->why;
    judgement_.violations.push_back(std::move(violation));
  }

  [[nodiscard]] bool had_time(const RegisterEntry& row) const {
    if (!evidence_.life.whole()) return false;
    const Document* document = evidence_.document(row.id);
    Instant from =
        std::max(evidence_.life.healed().value_or(Instant{0}), evidence_.life.started(look_.till));
    if (document != nullptr) from = std::max(from, document->at());
    const auto quiet = evidence_.life.quiet();
    if (quiet && *quiet >= from && *quiet <= look_.at) return true;
    // On a slow line only the quiet tells that there was time enough.
    return evidence_.tapes.wan_bytes_per_second == 0 && look_.at >= from + kDrainWithin;
  }

  const Evidence& evidence_;
  const RegisterLook& look_;
  Judgement judgement_;
};

Judgement check_till(const Evidence& evidence, const RegisterLook& look) {
  Checker checker(evidence, look);
  for (const RegisterEntry& row : look.rows) {
    if (row.sync == "quarantined") checker.refused_on_wire(row);
  }
  if (evidence.life.ended(look.till)) return checker.take();
  std::vector<std::string_view> refused;
  for (const Upload& upload : evidence.uploads) {
    if (upload.wire->till != look.till) continue;
    for (const SentItem& item : upload.batch.items) {
      const Told* told = evidence.told(item.id);
      if (told == nullptr || told->last_at > look.at || !is_document(item.kind)) continue;
      if (told->last_status == "rejected" || told->last_status == "conflict") {
        refused.push_back(item.id);
      }
    }
  }
  std::sort(refused.begin(), refused.end());
  refused.erase(std::unique(refused.begin(), refused.end()), refused.end());
  checker.in_parts();
  for (const std::string_view id : refused) checker.visible(id, *evidence.told(id));
  for (const RegisterEntry& row : look.rows) {
    if (row.sync == "queued") checker.not_blocked(row, refused);
  }
  return checker.take();
}

// Whether this one had not been proved to be in the cloud when its till wrote down what had not.
// What a resync took back, or a till made anew, is not judged: nothing for that.
std::optional<bool> was_unsent(const Evidence& evidence, const Document& document,
                               const ExportLook& look) {
  const auto& compared = evidence.compared;
  const bool looked_up = std::any_of(compared.begin(), compared.end(), [&](const Compared& each) {
    return each.id == document.id && each.at <= look.at;
  });
  if (looked_up || evidence.life.faulted("disk", look.till, Instant{0}, look.at)) return {};
  const Told* const told = evidence.told(document.id);
  return told == nullptr || told->proved > look.at;
}

// What a till writes down for somebody to carry by hand is what the cloud has not got, all of it.
Judgement check_export(const Evidence& evidence, const ExportLook& look) {
  Judgement judgement;
  for (const Document& document : evidence.documents) {
    const bool before = document.acked != nullptr && document.at() < look.at;
    if (document.till() != look.till || !before) continue;
    const auto unsent = was_unsent(evidence, document, look);
    if (!unsent) continue;
    ++judgement.judged;
    const bool there = std::find(look.ids.begin(), look.ids.end(), document.id) != look.ids.end();
    if (there == *unsent) continue;
    Violation violation = evidence.witness(document.id);
    violation.at = look.at;
    violation.what = fmt::format("{} wrote down what the cloud has not got.", look.till);
    violation.expected =
        fmt::format("{} the {}", *unsent ? "with" : "without", evidence.name(document.id));
    violation.seen =
        fmt::format("{} documents, {} it", look.ids.size(), there ? "with" : "without");
    judgement.violations.push_back(std::move(violation));
  }
  return judgement;
}

Judgement check(const Evidence& evidence) {
  Judgement all;
  for (const ExportLook& look : evidence.tapes.exports) all.take(check_export(evidence, look));
  for (const std::string_view till : evidence.tills) {
    const RegisterLook* look = evidence.last_register(till);
    if (look == nullptr) continue;
    all.take(check_till(evidence, *look));
  }
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-24",
     .doc = "A document that the cloud refuses is shown as quarantined, with the cloud's "
            "reason, and only such a one; what comes before its sale is put off; it "
            "holds up no document of another aggregate, and "
            "what is turned away whole is sent in parts. What a till writes down to be carried "
            "by hand is what the cloud has not got.",
     .params = {},
     .example = "waive = { INV-24 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_24_poison_delays_only_itself
