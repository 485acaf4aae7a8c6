#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle {
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

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  if (evidence.last_look() == nullptr) return judgement;
  const auto& poisoned = evidence.tapes.poisoned;
  for (const Document& document : evidence.documents) {
    if (!document.acknowledged() || is_unknown(evidence, document)) continue;
    ++judgement.judged;
    if (document.cloud != nullptr) continue;
    const bool held = document.shown != nullptr &&
                      (document.shown->sync == "queued" || document.shown->sync == "quarantined");
    if (held) continue;
    const bool refused = std::find(poisoned.begin(), poisoned.end(), document.id) != poisoned.end();
    Violation lost = evidence.witness(document.id);
    lost.what = fmt::format("The {} was acknowledged to the cashier at {} and is lost.",
                            evidence.name(document.id), moment_text(lost.at));
    lost.expected = refused ? "shown as quarantined at the till, because the cloud refuses it"
                            : "in the cloud, or shown as queued or quarantined at the till";
    lost.seen = "not in the cloud; " + seen_at_till(document);
    judgement.violations.push_back(std::move(lost));
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-01",
     .doc = "Every sale that was acknowledged, on the screen or by a complete receipt, is in the "
            "cloud, or its till still shows it as queued or quarantined.",
     .params = {},
     .example = "waive = { INV-01 = \"why it cannot hold here\" }"},
    "when quiet",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle
