#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tillrig::oracle::inv_37_no_waiting_at_the_till {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kMost = 150ms;
constexpr std::size_t kOneIn = 100;

// A sale, and how long the cashier waited for it.
struct Waited {
  const OrderEntry* order = nullptr;
  base::Duration time{};
};

// Money that customers have with the shop is the cloud's: it is asked, and may take its time (S2).
bool asks_the_cloud(const OrderEntry& order) {
  return order.what == "load" || (order.what == "tender" && order.fields.text("kind") != "cash");
}

// Whether its machine kept it from working.
bool hindered(const Life& life, std::string_view till, Instant from, Instant to) {
  return life.faulted("disk", till, from, to) || life.faulted("app", till, from, to);
}

std::vector<Waited> sales_of(const Evidence& evidence, std::string_view till) {
  std::vector<Waited> all;
  bool asks = false;
  for (const OrderEntry& order : evidence.tapes.orders) {
    if (order.till != till) continue;
    if (asks_the_cloud(order)) asks = true;
    const bool ends = order.what == "complete" || order.what == "cancel";
    if (!ends || order.outcome == OrderEntry::Outcome::refused) continue;
    const bool asked = std::exchange(asks, false);
    const Document* const document = evidence.document(order.sale);
    if (asked || document == nullptr || document->acked == nullptr) continue;
    const Instant acked = document->acked->at;
    if (hindered(evidence.life, till, order.at, acked)) continue;
    all.push_back({&order, acked - order.at});
  }
  return all;
}

Judgement of_till(const Evidence& evidence, std::string_view till) {
  const std::vector<Waited> all = sales_of(evidence, till);
  Judgement judgement;
  judgement.judged = all.size();
  const auto slow = static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const Waited& waited) { return waited.time > kMost; }));
  if (slow <= all.size() / kOneIn) return judgement;
  const auto longest = std::max_element(
      all.begin(), all.end(), [](const Waited& a, const Waited& b) { return a.time < b.time; });
  const std::string& sale = longest->order->sale;
  Violation violation = evidence.witness(sale);
  violation.what =
      fmt::format("{} of {} sales at {} kept the cashier waiting.", slow, all.size(), till);
  violation.expected = "99 of 100 done within 0.15 s, whatever the line does";
  violation.seen = fmt::format("{} for the {}", moment_text(Instant{longest->time.count()}),
                               evidence.name(sale));
  judgement.violations.push_back(std::move(violation));
  return judgement;
}

Judgement check(const Evidence& evidence) {
  Judgement all;
  // On a bed of real time it would be a judgement of the machine that the rig itself runs on.
  if (evidence.tapes.real_time) return all;
  for (const std::string_view till : evidence.tills) all.take(of_till(evidence, till));
  return all;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-37",
     .doc = "A sale waits for no line: of the sales at a till 99 in 100 are done within 150 ms "
            "after the cashier said so, whatever the network does. Where money with the shop is "
            "on it the cloud is asked, and it may take longer. In virtual time only.",
     .params = {},
     .example = "waive = { INV-37 = \"why it cannot hold here\" }"},
    "at the end",
    "liveness",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_37_no_waiting_at_the_till
