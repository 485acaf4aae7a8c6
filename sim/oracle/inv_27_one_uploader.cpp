#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace tillrig::oracle::inv_27_one_uploader {
namespace {

// On a bed of real time the end of one exchange and the start of the next are seen on two sockets.
constexpr base::Duration kSkew = std::chrono::milliseconds(1);
// What the cloud was told it has taken in after this.
constexpr base::Duration kSettled = std::chrono::seconds(1);

// One event under way to the cloud.
struct Trip {
  std::string_view id;
  const Upload* upload = nullptr;
};

bool earlier(const Trip& a, const Trip& b) {
  if (a.id != b.id) return a.id < b.id;
  return a.upload->wire->sent < b.upload->wire->sent;
}

Violation two_at_once(const Evidence& evidence, const Trip& first, const Trip& second) {
  const WireEntry& a = *first.upload->wire;
  const WireEntry& b = *second.upload->wire;
  Violation violation = evidence.witness(second.id);
  violation.till = b.till;
  violation.at = b.sent;
  violation.what =
      fmt::format("{} sent the {} twice at the same time.", b.till, evidence.name(second.id));
  violation.expected = fmt::format("exchange {} over (at {}) before it is sent again", a.exchange,
                                   moment_text(first.upload->ended));
  violation.seen = fmt::format("exchange {} sent at {} as well", b.exchange, moment_text(b.sent));
  return violation;
}

void check_trips(const Evidence& evidence, Judgement& judgement) {
  std::vector<Trip> trips;
  for (const Upload& upload : evidence.uploads) {
    for (const SentItem& item : upload.batch.items) trips.push_back({item.id, &upload});
  }
  std::stable_sort(trips.begin(), trips.end(), earlier);
  judgement.judged += trips.size();
  std::set<std::string_view> told;
  const Trip* longest = nullptr;  // of the trips of this event so far, the one that ends last
  for (const Trip& trip : trips) {
    if (longest == nullptr || longest->id != trip.id) {
      longest = &trip;
      continue;
    }
    // A newer login fences off whoever sent it before.
    const bool together = trip.upload->wire->sent + kSkew < longest->upload->ended &&
                          trip.upload->batch.generation <= longest->upload->batch.generation;
    if (together && longest->upload->wire->till == trip.upload->wire->till &&
        told.insert(trip.id).second) {
      judgement.violations.push_back(two_at_once(evidence, *longest, trip));
    }
    if (trip.upload->ended > longest->upload->ended) longest = &trip;
  }
}

// A generation that a till was told, from when on it is the one that counts.
struct Login {
  Instant at;
  std::uint64_t generation = 0;
};

std::map<std::string_view, std::vector<Login>> read_logins(const Tapes& tapes) {
  std::map<std::string_view, std::vector<Login>> logins;
  for (const WireEntry& wire : tapes.wire) {
    if (!wire.target.ends_with("/login") || !wire.from_cloud || wire.status != 200) continue;
    const auto generation = read_generation(wire.answer);
    if (generation) logins[wire.till].push_back({wire.ended, *generation});
  }
  for (auto& [till, all] : logins) {
    std::stable_sort(all.begin(), all.end(),
                     [](const Login& a, const Login& b) { return a.at < b.at; });
    for (std::size_t i = 1; i < all.size(); ++i) {
      all[i].generation = std::max(all[i].generation, all[i - 1].generation);
    }
  }
  return logins;
}

// The newest generation that the till had been told before this moment; 0 for none.
std::uint64_t newest_before(const std::vector<Login>& logins, Instant at) {
  const auto after = std::lower_bound(logins.begin(), logins.end(), at,
                                      [](const Login& l, Instant t) { return l.at < t; });
  return after == logins.begin() ? 0 : std::prev(after)->generation;
}

void check_generations(const Evidence& evidence, Judgement& judgement) {
  const auto logins = read_logins(evidence.tapes);
  for (const Upload& upload : evidence.uploads) {
    const auto at = logins.find(upload.wire->till);
    if (at == logins.end() || upload.cloud.empty()) continue;
    ++judgement.judged;
    const std::uint64_t newest = newest_before(at->second, upload.wire->reached_cloud);
    if (upload.batch.generation >= newest) continue;
    const auto applied = std::find_if(upload.cloud.begin(), upload.cloud.end(),
                                      [](const ItemAnswer& a) { return a.status == "applied"; });
    if (applied == upload.cloud.end()) continue;
    Violation violation = evidence.witness(applied->id);
    violation.till = upload.wire->till;
    violation.at = upload.wire->reached_cloud;
    violation.what = fmt::format("A batch of a fenced uploader of {} changed the cloud: the {}.",
                                 upload.wire->till, evidence.name(applied->id));
    violation.expected = fmt::format("refused, because generation {} was logged in", newest);
    violation.seen = fmt::format("exchange {} of generation {} was applied", upload.wire->exchange,
                                 upload.batch.generation);
    judgement.violations.push_back(std::move(violation));
  }
}

// Each login that the cloud answers is of a generation above all before it: else it fences nobody.
void check_growth(const Evidence& evidence, Judgement& judgement) {
  std::map<std::string_view, std::vector<Login>> logins;  // by till, as the cloud answered
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (!wire.target.ends_with("/login") || wire.cloud_status != 200) continue;
    const auto generation = read_generation(wire.cloud_answer);
    if (generation) logins[wire.till].push_back({wire.reached_cloud, *generation});
  }
  for (auto& [till, all] : logins) {
    std::stable_sort(all.begin(), all.end(),
                     [](const Login& a, const Login& b) { return a.at < b.at; });
    for (std::size_t i = 1; i < all.size(); ++i) {
      ++judgement.judged;
      const bool same_moment = all[i].at == all[i - 1].at;
      const bool good = same_moment ? all[i].generation != all[i - 1].generation
                                    : all[i].generation > all[i - 1].generation;
      if (good) continue;
      Violation violation;
      violation.till = till;
      violation.at = all[i].at;
      violation.what = fmt::format("A login of {} was given no new generation.", till);
      violation.expected = fmt::format("above {}", all[i - 1].generation);
      violation.seen = fmt::format("{}", all[i].generation);
      judgement.violations.push_back(std::move(violation));
      break;
    }
  }
}

// Whether the till was told by this answer that its login counts no more.
bool ends_login(const Upload& upload) {
  const WireEntry& wire = *upload.wire;
  return wire.from_cloud && (wire.status == 401 || wire.status == 409) &&
         upload.ended == wire.ended;
}

// A login that the cloud has turned away is not tried for ever: what was under way by then comes
// still, and then nothing more of that generation.
void check_turned_away(const Evidence& evidence, Judgement& judgement) {
  constexpr int kUnderWay = 8;  // a window of batches, each sent anew over a connection that broke
  struct Turned {
    Instant at;
    int since = 0;
  };
  std::map<std::pair<std::string_view, std::uint64_t>, Turned> logins;  // by till and generation
  for (const Upload& upload : evidence.uploads) {
    if (!ends_login(upload)) continue;
    const auto key = std::pair(std::string_view(upload.wire->till), upload.batch.generation);
    const auto [at, fresh] = logins.emplace(key, Turned{upload.ended});
    if (!fresh) at->second.at = std::min(at->second.at, upload.ended);
  }
  judgement.judged += logins.size();
  for (const Upload& upload : evidence.uploads) {
    const auto at = logins.find({upload.wire->till, upload.batch.generation});
    if (at == logins.end() || upload.wire->sent <= at->second.at) continue;
    if (++at->second.since != kUnderWay + 1) continue;
    Violation violation;
    violation.till = upload.wire->till;
    violation.at = upload.wire->sent;
    violation.what = fmt::format("{} goes on to send with a login that the cloud turned away.",
                                 upload.wire->till);
    violation.expected = fmt::format("a new login after generation {} was turned away at {}",
                                     upload.batch.generation, moment_text(at->second.at));
    violation.seen = fmt::format("exchange {} of generation {}, the {}th since",
                                 upload.wire->exchange, upload.batch.generation, kUnderWay + 1);
    judgement.violations.push_back(std::move(violation));
  }
}

// When a till can have asked for a sale at the latest: its cashier wanted a refund of it. On its
// way the question may take its time before anybody sees it.
Instant asked_at(const Evidence& evidence, const WireEntry& question) {
  Instant at = question.sent;
  for (const OrderEntry& order : evidence.tapes.orders) {
    const bool its = order.till == question.till && order.what == "refund" &&
                     order.at <= question.sent &&
                     question.target.substr(0, question.target.find('?')) ==
                         "/v1/receipts/" + std::string(order.fields.text("sale").value_or(""));
    if (its) at = order.at;
  }
  return at;
}

// A login stands until the cloud turns away something that was sent with it: what comes late of an
// older one says nothing of it.
void check_logins_needed(const Evidence& evidence, Judgement& judgement) {
  // An answer that crosses such a line may come when its till has given it up.
  constexpr base::Duration kMayBeTooLate = std::chrono::seconds(1);
  if (2 * evidence.tapes.wan_latency >= kMayBeTooLate) return;
  const auto& wires = evidence.tapes.wire;
  std::map<std::string_view, std::vector<const WireEntry*>> logins;
  for (const WireEntry& wire : wires) {
    if (wire.target.ends_with("/login")) logins[wire.till].push_back(&wire);
  }
  for (auto& [till, all] : logins) {
    for (const WireEntry* login : all) {
      const WireEntry* before = nullptr;  // the newest that it had been given
      for (const WireEntry* other : all) {
        const bool good = other->from_cloud && other->status == 200 && other->ended < login->sent;
        if (good && (before == nullptr || other->ended > before->ended)) before = other;
      }
      if (before == nullptr) continue;
      const Instant from = before->ended;
      if (evidence.life.next_change(till, from) <= login->sent) continue;
      ++judgement.judged;
      const bool turned_away = std::any_of(wires.begin(), wires.end(), [&](const WireEntry& wire) {
        return wire.till == till && (wire.status == 401 || wire.status == 409) &&
               asked_at(evidence, wire) >= from && wire.ended <= login->sent;
      });
      const auto& orders = evidence.tapes.orders;
      const bool restored = std::any_of(orders.begin(), orders.end(), [&](const OrderEntry& order) {
        return order.till == till && order.what == "restore_service" && order.at >= from &&
               order.at <= login->sent;
      });
      if (turned_away || restored) continue;
      Violation violation;
      violation.till = till;
      violation.at = login->sent;
      violation.what = fmt::format("{} logged in again for nothing.", till);
      violation.expected = fmt::format("the login of {} goes on", moment_text(from));
      violation.seen = fmt::format("exchange {}, a new login", login->exchange);
      judgement.violations.push_back(std::move(violation));
      break;
    }
  }
}

// Who asks with an old login is told nothing.
void check_fenced_questions(const Evidence& evidence, Judgement& judgement) {
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (!wire.target.starts_with("/v1/receipts/") || wire.cloud_status == 0) continue;
    for (const WireEntry& login : evidence.tapes.wire) {
      const bool newer = login.till == wire.till && login.target.ends_with("/login") &&
                         login.cloud_status == 200 && login.ended > asked_at(evidence, wire) &&
                         login.reached_cloud + kSettled < wire.reached_cloud;
      if (!newer) continue;
      ++judgement.judged;
      if (wire.cloud_status == 409 || wire.cloud_status == 401) break;
      Violation violation;
      violation.till = wire.till;
      violation.at = wire.reached_cloud;
      violation.what = fmt::format("A question of a fenced login of {} was answered.", wire.till);
      violation.expected = "409: it has logged in again since";
      violation.seen =
          fmt::format("exchange {} {}: {}", wire.exchange, wire.target, wire.cloud_status);
      judgement.violations.push_back(std::move(violation));
      break;
    }
  }
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  check_trips(evidence, judgement);
  check_generations(evidence, judgement);
  check_growth(evidence, judgement);
  check_turned_away(evidence, judgement);
  check_logins_needed(evidence, judgement);
  check_fenced_questions(evidence, judgement);
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-27",
     .doc = "A till has one live uploader: no event is under way to the cloud twice at a time, and "
            "a batch of an older generation than the one logged in changes nothing; each login is "
            "of a new one, stands until the cloud turns it away, and then is not used again, nor "
            "is anybody who asks with it answered.",
     .params = {},
     .example = "waive = { INV-27 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_27_one_uploader
