#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_23_drains_after_heal {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kOnlineWithin = 17s;
constexpr base::Duration kFirstBatchWithin = 5s;
constexpr base::Duration kDrainWithin = 60s;
constexpr int kTrips = 6;  // over the line until a batch has come: to connect, log in and send

// When a till was seen to be connected, after everything was healed and it had its sales page.
struct Connected {
  Instant since;
  bool came_back = false;  // it was shown as not connected before
  Instant lost = Instant::never();
};

// From when on a till owes us progress. Nothing: it does not, because it had ended, waits for its
// cashier on another page, or the world was not whole again.
std::optional<Instant> due_from(const Evidence& evidence, std::string_view till) {
  const auto healed = evidence.life.healed();
  if (!healed || evidence.life.ended(till)) return std::nullopt;
  const Instant started = evidence.life.started(till);
  std::optional<Instant> page;
  bool stages = false;
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.till != till || entry.kind != CashierEntry::Kind::stage || entry.at < started)
      continue;
    stages = true;
    page.reset();
    if (entry.text == "register") page = entry.at;
  }
  if (stages && !page) return std::nullopt;
  return std::max({*healed, started, page.value_or(started)});
}

// Nothing: it was never shown as connected from then on.
std::optional<Connected> connected(const Evidence& evidence, std::string_view till, Instant from) {
  std::optional<Connected> found;
  bool online = false;
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.till != till || entry.kind != CashierEntry::Kind::connection) continue;
    if (entry.at > from && online && !found) found = Connected{from, false, Instant::never()};
    online = entry.text == "online" || entry.text == "suspect";
    if (entry.at <= from) continue;
    if (!found && online) found = Connected{entry.at, true, Instant::never()};
    if (found && !online) found->lost = std::min(found->lost, entry.at);
  }
  if (!found && online) found = Connected{from, false, Instant::never()};
  return found;
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void till(std::string_view till) {
    const auto from = due_from(evidence_, till);
    if (!from) return;
    const auto line = connected(evidence_, till, *from);
    const Instant deadline = *from + kOnlineWithin;
    if (!line || line->since > deadline) {
      if (evidence_.life.end() < deadline) return;
      ++judgement_.judged;
      const std::string seen = line ? moment_text(line->since) : "never";
      add(till, *from,
          fmt::format("{} did not come back online after everything was healed.", till),
          fmt::format("online by {}", moment_text(deadline)), seen);
      return;
    }
    ++judgement_.judged;
    const auto waiting = waiting_at(till, line->since);
    if (waiting.empty()) return;
    if (line->came_back) first_batch(till, *line);
    drained(till, *line, waiting);
  }

  // In the middle of the run too: each time that a till was seen to be connected again.
  void each_return(std::string_view till) {
    std::optional<Connected> line;
    bool online = true;
    bool selling = false;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != till) continue;
      if (entry.kind == CashierEntry::Kind::stage) selling = entry.text == "register";
      if (entry.kind != CashierEntry::Kind::connection) continue;
      const bool now = entry.text == "online" || entry.text == "suspect";
      if (line && !now) line->lost = entry.at;
      if (online != now && line) returned(till, *std::exchange(line, std::nullopt));
      if (!online && now && selling) line = Connected{entry.at, true, Instant::never()};
      online = now;
    }
    if (line) returned(till, *line);
  }

  void quarantined(const RegisterLook& look) {
    for (const RegisterEntry& row : look.rows) {
      if (row.sync != "quarantined") continue;
      ++judgement_.judged;
      if (evidence_.quarantine_deserved(row.id)) continue;
      Violation violation = evidence_.witness(row.id);
      violation.what = fmt::format("{} gave up on the {}, which the cloud never refused.",
                                   look.till, evidence_.name(row.id));
      violation.expected = "queued until the cloud has answered for it";
      violation.seen = fmt::format("quarantined ({})", row.why.empty() ? "no reason" : row.why);
      judgement_.violations.push_back(std::move(violation));
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  void add(std::string_view till, Instant at, std::string what, std::string expected,
           std::string seen, std::string_view sale = {}) {
    Violation violation = sale.empty() ? Violation{} : evidence_.witness(sale);
    violation.till = till;
    violation.at = at;
    violation.what = std::move(what);
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    if (violation.line == 0) violation.line = healed_line();
    judgement_.violations.push_back(std::move(violation));
  }

  [[nodiscard]] int healed_line() const {
    int line = 0;
    for (const ActEntry& act : evidence_.tapes.acts) {
      if (act.kind == ActEntry::Kind::all_healed || act.kind == ActEntry::Kind::heal)
        line = act.line;
    }
    return line;
  }

  // What the till had acknowledged by then and the cloud had not yet answered for.
  [[nodiscard]] std::vector<const Document*> waiting_at(std::string_view till, Instant at) const {
    std::vector<const Document*> waiting;
    for (const Document& document : evidence_.documents) {
      if (!document.acknowledged() || document.till() != till || document.at() > at) continue;
      if (settled(document) > at) waiting.push_back(&document);
    }
    return waiting;
  }

  // When the cloud's answer for it reached the till.
  [[nodiscard]] Instant settled(const Document& document) const {
    const Told* told = evidence_.told(document.id);
    if (told == nullptr) return Instant::never();
    const bool put_aside = document.shown != nullptr && document.shown->sync == "quarantined";
    const Instant aside = put_aside ? told->last_at : Instant::never();
    return std::min({told->proved, told->refused, aside});
  }

  // What happened is judged only where nothing else was the matter with line, cloud or till.
  void returned(std::string_view till, const Connected& line) {
    const Instant deadline = line.since + kFirstBatchWithin;
    const Life& life = evidence_.life;
    for (const std::string_view domain : {"wan", "cloud", "disk"}) {
      if (life.faulted(domain, till, line.since, deadline)) return;
    }
    if (life.next_change(till, line.since) <= deadline) return;
    if (waiting_at(till, line.since).empty()) return;
    first_batch(till, line);
  }

  // When it may send: at once, or when the cloud wanted to be asked again.
  [[nodiscard]] Instant may_send(std::string_view till, Instant since) const {
    return std::max(since, evidence_.asked_to_wait(till, since));
  }

  void first_batch(std::string_view till, const Connected& line) {
    Instant first = Instant::never();
    base::Duration crossing = kTrips * evidence_.tapes.wan_latency;
    for (const Upload& upload : evidence_.uploads) {
      if (upload.wire->till != till || upload.ended <= line.since) continue;
      if (first == Instant::never()) crossing += sending_time(upload.wire->body.size());
      first = std::min(first, upload.wire->sent);
    }
    const Instant deadline = may_send(till, line.since) + kFirstBatchWithin + crossing;
    const bool had_time = line.lost >= deadline && evidence_.life.end() >= deadline;
    if (first > deadline && !had_time) return;
    ++judgement_.judged;
    if (first <= deadline) return;
    add(till, line.since, fmt::format("{} was online but did not start to send what waited.", till),
        fmt::format("a batch sent by {}", moment_text(deadline)),
        fmt::format("the first was sent at {}", moment_text(first)));
  }

  // Size / bandwidth x 1.5.
  [[nodiscard]] base::Duration sending_time(std::uint64_t bytes) const {
    const std::uint64_t bandwidth = evidence_.tapes.wan_bytes_per_second;
    return bandwidth == 0 ? base::Duration{} : std::chrono::milliseconds(bytes * 1500 / bandwidth);
  }

  // Size / bandwidth x 1.5 and a minute; the size is that of everything it sent from then on.
  [[nodiscard]] base::Duration allowed(std::string_view till, Instant from) const {
    std::uint64_t bytes = 0;
    for (const Upload& upload : evidence_.uploads) {
      if (upload.wire->till == till && upload.ended > from) bytes += upload.wire->body.size();
    }
    return kDrainWithin + sending_time(bytes);
  }

  void drained(std::string_view till, const Connected& line,
               const std::vector<const Document*>& waiting) {
    const Instant deadline = may_send(till, line.since) + allowed(till, line.since);
    const bool had_time = evidence_.life.end() >= deadline;
    std::vector<const Document*> late;
    for (const Document* document : waiting) {
      const bool in_time = settled(*document) <= deadline;
      if (!in_time && !had_time) continue;  // the run was over before it had to be there
      ++judgement_.judged;
      if (!in_time) late.push_back(document);
    }
    if (late.empty()) return;
    const Document& first = *late.front();
    add(till, line.since,
        fmt::format("{} was online but did not get rid of {} of the {} documents that waited; the "
                    "first is {}.",
                    till, late.size(), waiting.size(), evidence_.name(first.id)),
        fmt::format("all answered for by {}", moment_text(deadline)),
        fmt::format("{} answered for at {}", first.id, moment_text(settled(first))), first.id);
  }

  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const std::string_view till : evidence.tills) {
    checker.till(till);
    checker.each_return(till);
    if (const RegisterLook* look = evidence.last_register(till)) checker.quarantined(*look);
  }
  return checker.take();
}

const words::Row<Invariant> kRow{
    Invariant{{.name = "INV-23",
               .doc = "After everything is healed a till is online within 17 s and has sent all "
                      "that waited within size / bandwidth x 1.5 + 60 s; each time that it comes "
                      "back online it sends within 5 s; nothing is in quarantine that the cloud "
                      "never refused.",
               .params = {},
               .example = "waive = { INV-23 = \"why it cannot hold here\" }"},
              "when quiet",
              "liveness",
              check}};

}  // namespace
}  // namespace tillrig::oracle::inv_23_drains_after_heal
