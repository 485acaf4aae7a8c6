#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace tillrig::oracle::inv_03_ack_is_true {
namespace {

// The first look that must show what the cloud had said by then: when its answer reached the till,
// it had been given; one that was lost on the way is only known to be given when all was over. A
// look in the very moment of the answer may have come before it.
std::optional<std::size_t> look_after(const Evidence& evidence, const Upload& upload) {
  const auto& looks = evidence.tapes.cloud;
  const WireEntry& wire = *upload.wire;
  if (looks.empty() || wire.reached_cloud >= looks.back().at) return std::nullopt;
  if (upload.delivered.empty()) return looks.size() - 1;
  const auto at = std::upper_bound(looks.begin(), looks.end(), wire.ended,
                                   [](Instant t, const CloudLook& l) { return t < l.at; });
  if (at == looks.end()) return std::nullopt;
  return static_cast<std::size_t>(at - looks.begin());
}

Violation witness(const Evidence& evidence, const Upload& upload, const ItemAnswer& answer) {
  Violation violation = evidence.witness(answer.id);
  violation.at = upload.wire->ended == Instant::never() ? upload.wire->sent : upload.wire->ended;
  violation.what =
      fmt::format("The cloud answered \"{}\" to the {} in exchange {}, which is not true.",
                  answer.status, evidence.name(answer.id), upload.wire->exchange);
  return violation;
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void upload(const Upload& upload) {
    std::unordered_map<std::string_view, std::string_view> hashes;
    for (const SentItem& item : upload.batch.items) hashes.emplace(item.id, item.hash);
    const auto look = look_after(evidence_, upload);
    const bool kept = look && !forgotten(upload, evidence_.tapes.cloud[*look].at);
    for (const ItemAnswer& answer : upload.cloud) {
      if (!answer.proves()) continue;
      ++judgement_.judged;
      const auto sent = hashes.find(answer.id);
      if (sent != hashes.end()) compare(upload, answer, sent->second);
      if (sent != hashes.end()) compare_held(upload, answer, sent->second);
      if (kept) find(upload, answer, look.value_or(0));
      if (answer.status == "applied") of_login(upload, answer);
    }
  }

  // "I have all up to here" is a promise too: the cloud keeps what it has.
  void through(const Upload& upload) {
    const CloudLook* const last = evidence_.last_look();
    const WireEntry& wire = *upload.wire;
    if (last == nullptr || forgotten(upload, last->at) || wire.cloud_status != 200 ||
        wire.reached_cloud > last->at)
      return;
    const auto said = read_through(wire.cloud_answer);
    if (!said) return;
    ++judgement_.judged;
    std::uint64_t& known = through_[{upload.batch.till, upload.batch.epoch}];
    for (; known < *said; ++known) {
      const std::string id =
          fmt::format("{}.{}.{}", upload.batch.till, upload.batch.epoch, known + 1);
      if (evidence_.in_cloud(id) != nullptr) continue;
      Violation violation = evidence_.witness(id);
      violation.at = wire.ended == Instant::never() ? wire.sent : wire.ended;
      violation.till = upload.batch.till;
      violation.what = fmt::format("The cloud said in exchange {} that it has all up to {}.{}.{}.",
                                   wire.exchange, upload.batch.till, upload.batch.epoch, *said);
      violation.expected = id + " in the cloud";
      violation.seen = "it is not there";
      judgement_.violations.push_back(std::move(violation));
      known = *said;
      return;
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void compare(const Upload& upload, const ItemAnswer& answer, std::string_view sent) {
    const bool silent = answer.hash.empty() && answer.status != "duplicate";
    if (silent || answer.hash == sent) return;
    Violation violation = witness(evidence_, upload, answer);
    violation.expected = fmt::format("the hash of what was sent, {}", sent);
    violation.seen = answer.hash.empty() ? "no hash" : fmt::format("hash {}", answer.hash);
    judgement_.violations.push_back(std::move(violation));
  }

  // What a cloud had before it was put back to an older backup.
  [[nodiscard]] bool forgotten(const Upload& upload, Instant now) const {
    return evidence_.life.cloud_put_back(upload.wire->sent, now);
  }

  // The audit hashes what is stored anew.
  void compare_held(const Upload& upload, const ItemAnswer& answer, std::string_view sent) {
    const CloudEntry* const held = evidence_.in_cloud(answer.id);
    if (held == nullptr || held->hash.empty() || held->hash == sent) return;
    const auto& altered = evidence_.tapes.altered;
    if (std::find(altered.begin(), altered.end(), answer.id) != altered.end()) return;
    if (!other_.insert(answer.id).second) return;
    Violation violation = witness(evidence_, upload, answer);
    violation.expected = fmt::format("what was sent is held, with the hash {}", sent);
    violation.seen = fmt::format("something with the hash {}", held->hash);
    judgement_.violations.push_back(std::move(violation));
  }

  // Who comes after a login can tell what was sent before it.
  void of_login(const Upload& upload, const ItemAnswer& answer) {
    const CloudEntry* const held = evidence_.in_cloud(answer.id);
    const auto kept = held != nullptr ? held->facts.number("generation") : std::nullopt;
    if (!kept || evidence_.life.cloud_put_back(Instant{0}, Instant::never())) return;
    ++judgement_.judged;
    const auto sent = static_cast<std::int64_t>(upload.batch.generation);
    if (*kept == sent) return;
    Violation violation = witness(evidence_, upload, answer);
    violation.what = fmt::format("The cloud keeps {} as of another login than the one it came by.",
                                 evidence_.name(answer.id));
    violation.expected = fmt::format("login {}", sent);
    violation.seen = fmt::format("login {}", *kept);
    judgement_.violations.push_back(std::move(violation));
  }

  void find(const Upload& upload, const ItemAnswer& answer, std::size_t look) {
    const auto first = evidence_.first_look(answer.id);
    if (first && *first <= look) return;
    if (!missing_.insert(answer.id).second) return;
    const Instant at = evidence_.tapes.cloud[look].at;
    Violation violation = witness(evidence_, upload, answer);
    violation.expected = fmt::format("in the cloud at {}", moment_text(at));
    violation.seen =
        first ? fmt::format("first seen there at {}", moment_text(evidence_.tapes.cloud[*first].at))
              : "never seen there";
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::map<std::pair<std::string_view, std::uint64_t>, std::uint64_t> through_;  // by epoch
  std::set<std::string_view> missing_;
  std::set<std::string_view> other_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const Upload& upload : evidence.uploads) {
    checker.upload(upload);
    checker.through(upload);
  }
  return checker.take();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-03",
     .doc =
         "The cloud answers \"applied\" or \"duplicate\" only for what it holds: with the hash "
         "that was sent, of the login that it came by, and to be found in every later look, "
         "whether the answer arrived or not; "
         "and it has all up to where it says that nothing is missing. Not so once it is put back "
         "to "
         "an older backup.",
     .params = {},
     .example = "waive = { INV-03 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_03_ack_is_true
