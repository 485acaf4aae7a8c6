#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace tillrig::oracle::inv_01_acknowledged_is_in_cloud {
namespace {

// What the till itself says of the sale, when the cloud does not have it.
std::string seen_at_till(const Document& document) {
  if (document.shown == nullptr) return "not in Register Sales of its till either";
  return fmt::format("its till shows it as {}", document.shown->sync);
}

// Nobody could look into a till that was dead from the sale on: no evidence is not a loss.
bool is_unknown(const Evidence& evidence, const Document& document) {
  if (document.shown != nullptr || !evidence.life.ended(document.till())) return false;
  const RegisterLook* look = evidence.last_register(document.till());
  return look == nullptr || look->at < document.at();
}

// Whether the scenario made the cloud refuse this document, or one that it belongs to.
bool is_meant_to_be_refused(const Evidence& evidence, std::string_view id) {
  // By changing it on its way into what the cloud has to refuse.
  const Told* const told = evidence.told(id);
  const bool word = told != nullptr && told->refused != Instant::never();
  if (word && evidence.life.faulted("wan.spoiled", "", told->refused, told->refused)) return true;
  const std::string_view aggregate = evidence.aggregate(id);
  const auto& poisoned = evidence.tapes.poisoned;
  return std::any_of(poisoned.begin(), poisoned.end(), [&](const std::string& other) {
    return other == id || evidence.aggregate(other) == aggregate;
  });
}

// What the cloud itself has refused is listed there; where nobody asked, nothing is known.
bool is_kept_for_a_person(const Evidence& evidence, std::string_view id) {
  const Told* const told = evidence.told(id);
  if (!evidence.tapes.refused_known || told == nullptr || told->refused == Instant::never()) {
    return true;
  }
  const auto& kept = evidence.tapes.refused;
  return std::find(kept.begin(), kept.end(), id) != kept.end();
}

// Whatever the cloud refused in its last word on it, it lists for a person; conflicts too. What it
// has taken since then is off that list.
void check_listed(const Evidence& evidence, Judgement& judgement) {
  if (!evidence.tapes.refused_known) return;
  struct Word {
    Instant at;
    std::string_view status;
    std::string_view code;
  };
  std::map<std::string_view, Word> words;
  for (const Upload& upload : evidence.uploads) {
    for (const ItemAnswer& answer : upload.cloud) {
      Word& word = words[answer.id];
      if (upload.wire->reached_cloud < word.at) continue;
      word = {upload.wire->reached_cloud, answer.status, answer.code};
    }
  }
  const std::set<std::string_view> listed(evidence.tapes.refused.begin(),
                                          evidence.tapes.refused.end());
  for (const auto& [id, word] : words) {
    const bool refused = word.status == "rejected" || word.status == "conflict";
    const bool taken = word.status == "applied";
    if (!refused && !taken) continue;
    if (evidence.life.cloud_put_back(word.at, evidence.life.end())) continue;
    ++judgement.judged;
    if (listed.contains(id) == refused) continue;
    Violation gone = evidence.witness(id);
    gone.at = word.at;
    if (taken) {
      gone.what = fmt::format("The {} was taken by the cloud, which lists it as refused.",
                              evidence.name(id));
      gone.expected = "not among what the cloud lists as refused";
      gone.seen = "still there";
      judgement.violations.push_back(std::move(gone));
      continue;
    }
    gone.what = fmt::format("The {} was refused by the cloud ({}, {}), which does not list it.",
                            evidence.name(id), word.status, word.code);
    gone.expected = "among what the cloud lists as refused";
    gone.seen = "not there";
    judgement.violations.push_back(std::move(gone));
  }
}

// What was sold before anybody looked is in the cloud as it was.
void check_past(const Tapes& tapes, Judgement& judgement) {
  if (tapes.past_begin.held == 0) return;
  ++judgement.judged;
  if (tapes.past_end == tapes.past_begin) return;
  Violation gone;
  gone.at = tapes.cloud.back().at;
  gone.what = "The cloud does not hold what had been sold before the story as it did.";
  gone.expected = fmt::format("{} events of before, each as it was", tapes.past_begin.held);
  gone.seen = tapes.past_end.held == tapes.past_begin.held
                  ? "as many, of which one is another"
                  : fmt::format("{} of them", tapes.past_end.held);
  judgement.violations.push_back(std::move(gone));
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  if (evidence.last_look() == nullptr) return judgement;
  check_past(evidence.tapes, judgement);
  check_listed(evidence, judgement);
  for (const Document& document : evidence.documents) {
    if (!document.acknowledged() || is_unknown(evidence, document)) continue;
    ++judgement.judged;
    if (document.cloud != nullptr) continue;
    if (document.shown != nullptr && document.shown->sync == "queued") continue;
    const bool refused = is_meant_to_be_refused(evidence, document.id);
    const bool quarantined = document.shown != nullptr && document.shown->sync == "quarantined";
    if (quarantined && refused) {
      if (is_kept_for_a_person(evidence, document.id)) continue;
      Violation gone = evidence.witness(document.id);
      gone.what =
          fmt::format("The {} was refused by the cloud, which does not keep it for a person.",
                      evidence.name(document.id));
      gone.expected = "among what the cloud lists as refused";
      gone.seen = "not there";
      judgement.violations.push_back(std::move(gone));
      continue;
    }
    Violation lost = evidence.witness(document.id);
    lost.what = fmt::format("The {} was acknowledged to the cashier at {} and {}.",
                            evidence.name(document.id), moment_text(lost.at),
                            quarantined ? "the cloud refuses it" : "is lost");
    lost.expected = refused ? "shown as quarantined at the till, because it is poisoned"
                            : "in the cloud, or shown as queued at the till: it is not poisoned";
    lost.seen = "not in the cloud; " + seen_at_till(document);
    judgement.violations.push_back(std::move(lost));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-01",
     .doc =
         "Every sale that was acknowledged, on the screen or by a complete receipt, is in the "
         "cloud, or its till still shows it as queued; as quarantined only when the scenario makes "
         "the cloud refuse it. What the cloud refuses it lists for a person, until it takes it.",
     .params = {},
     .example = "waive = { INV-01 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_01_acknowledged_is_in_cloud
