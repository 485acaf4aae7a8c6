#include "tests/sim/oracle/day.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle {
namespace {

std::string paper_line(const std::string& left, std::int64_t minor) {
  const std::string sign = minor < 0 ? "-" : "";
  const std::int64_t size = minor < 0 ? -minor : minor;
  const std::string right = fmt::format("{}{}.{:02}", sign, size / 100, size % 100);
  return fmt::format("{}{:>{}}\n", left, right, 42 - left.size());
}

std::string receipt(const CloudEntry& row) {
  const bool refund = row.kind == "refund";
  const std::int64_t given = refund ? row.total : row.total + 80;
  std::string text = fmt::format("       CORNER SHOP\n\nReceipt {}-{:07}\n", row.epoch, row.number);
  text += (refund ? "Refund " : "Sale ") + row.id + "\n";
  if (refund) text += "of " + row.of + "\n";
  text += "Day 2026-03-02\n\n";
  text += paper_line(refund ? "  -1 x Milk" : "  1 x Milk", row.total);
  text += "\n" + paper_line("TOTAL", row.total) + paper_line("Tax inside", row.tax);
  text += paper_line("Cash", given);
  if (given != row.total) text += paper_line("Change", given - row.total);
  return text + "\n       Thank you\n";
}

}  // namespace

Day& Day::at(base::Duration since_start, int line) {
  now_ = Instant{0} + since_start;
  line_ = line;
  return *this;
}

Day& Day::act(ActEntry::Kind kind, const std::string& what, const std::string& till) {
  tapes.acts.push_back({now_, kind, what, till, line_, ++order_});
  return *this;
}

CashierEntry& Day::shows(CashierEntry::Kind kind, const std::string& code,
                         const std::string& text) {
  CashierEntry entry;
  entry.at = now_;
  entry.till = kTill;
  entry.line = line_;
  entry.kind = kind;
  entry.code = code;
  entry.text = text;
  entry.order = ++order_;
  if (kind == CashierEntry::Kind::connection) online_ = text == "online";
  return tapes.cashier.emplace_back(std::move(entry));
}

Day& Day::prompt(const std::string& id, const std::vector<std::string>& buttons) {
  shows(CashierEntry::Kind::prompt, id, "Something is wrong.").buttons = buttons;
  return *this;
}

std::uint64_t Day::count(const std::string& state) const {
  return static_cast<std::uint64_t>(std::count_if(
      kept_.begin(), kept_.end(), [&](const auto& entry) { return entry.second.state == state; }));
}

Day& Day::counters() {
  CashierEntry& entry = shows(CashierEntry::Kind::counters, "", "");
  entry.pending = count("queued");
  entry.quarantined = count("quarantined");
  entry.uploaded = count("acked");
  return *this;
}

WireEntry& Day::login(std::uint64_t generation) {
  generation_ = generation;
  WireEntry wire;
  wire.till = kTill;
  wire.exchange = ++exchange_;
  wire.sent = now_;
  wire.reached_cloud = now_ + 10ms;
  wire.ended = now_ + 20ms;
  wire.method = "POST";
  wire.target = "/v1/tills/till-1/login";
  wire.body = "{}";
  wire.status = wire.cloud_status = 200;
  wire.from_cloud = true;
  wire.answer =
      fmt::format(R"({{"token":"t","generation":{},"server_epoch":"e","highs":[]}})", generation);
  wire.cloud_answer = wire.answer;
  return tapes.wire.emplace_back(std::move(wire));
}

std::string Day::opens(std::uint32_t epoch) {
  epoch_ = epoch;
  Kept kept;
  kept.row.id = fmt::format("{}.{}.1", kTill, epoch);
  kept.row.till = kTill;
  kept.row.epoch = epoch;
  kept.row.seq = 1;
  kept.row.kind = "epoch_opened";
  kept.row.hash = "hash-of-" + kept.row.id;
  kept.aggregate = kept.row.id;
  kept_[kept.row.id] = kept;
  return kept.row.id;
}

std::string Day::sells(std::uint64_t seq, std::uint64_t number, std::int64_t total,
                       const std::string& refund_of) {
  Kept kept;
  CloudEntry& row = kept.row;
  row.id = fmt::format("{}.{}.{}", kTill, epoch_, seq);
  row.till = kTill;
  row.epoch = epoch_;
  row.seq = seq;
  row.kind = refund_of.empty() ? "sale" : "refund";
  row.number = number;
  row.hash = "hash-of-" + row.id;
  row.total = row.lines_total = row.payments_total = total;
  row.tax = total / 10;
  row.of = refund_of;
  kept.aggregate = refund_of.empty() ? row.id : refund_of;
  kept_[row.id] = kept;
  CashierEntry& entry = shows(CashierEntry::Kind::acknowledged, "", "");
  entry.sale = row.id;
  entry.number = fmt::format("{}-{:07}", row.epoch, number);
  entry.amount = total;
  entry.change = refund_of.empty() ? 80 : 0;
  const char* const mark = online_ ? "" : "\n  Offline receipt: not yet sent to the cloud\n";
  tapes.paper.push_back({now_ + 1s, kTill, line_, true, receipt(row) + mark});
  return row.id;
}

std::string Day::body(const std::vector<std::string>& ids) const {
  std::string items;
  for (const std::string& id : ids) {
    const Kept& kept = kept_.at(id);
    const CloudEntry& row = kept.row;
    if (!items.empty()) items += ',';
    items += fmt::format(
        R"({{"seq":{},"uuid":"{}","kind":"{}","aggregate":"{}","hash":"{}",)"
        R"("body":{{"hlc":{{"ms":{},)"
        R"("count":0}},{}"name":"Caf\"e {{[","total":{},"tax":{},"lines":[{{"total":{}}}],)"
        R"("payments":[{{"kind":"cash","given":{}}}]}}}})",
        row.seq, id, row.kind, kept.aggregate, row.hash, row.seq,
        row.kind == "epoch_opened" ? R"("reason":"created",)" : "", row.total, row.tax,
        row.lines_total, row.payments_total);
  }
  return fmt::format(R"({{"till":"{}","epoch":{},"generation":{},"batch":1,"items":[{}]}})", kTill,
                     epoch_, generation_, items);
}

std::string Day::answer(const std::vector<std::string>& ids, const std::string& status) const {
  std::string results;
  for (const std::string& id : ids) {
    const bool held = status == "applied" || status == "duplicate";
    if (!results.empty()) results += ',';
    results += fmt::format(R"({{"uuid":"{}","status":"{}","code":"{}","v":1,"hash":"{}"}})", id,
                           status, held ? "" : "unknown_item", held ? kept_.at(id).row.hash : "");
  }
  return fmt::format(R"({{"results":[{}],"contiguous_through":1,"window":4,"retry_after_ms":0}})",
                     results);
}

void Day::settle(const std::string& id, const std::string& status) {
  Kept& kept = kept_.at(id);
  if (status == "applied") {
    kept.in_cloud = true;
    kept.row.v = ++v_;
  }
  kept.state = status == "applied" || status == "duplicate" ? "acked" : "quarantined";
}

WireEntry& Day::sends(const std::vector<std::string>& ids, const std::string& status) {
  before_ = kept_;
  WireEntry wire;
  wire.till = kTill;
  wire.exchange = ++exchange_;
  wire.sent = now_;
  wire.reached_cloud = now_ + 10ms;
  wire.ended = now_ + 20ms;
  wire.method = "POST";
  wire.target = "/v1/sync/up";
  wire.body = body(ids);
  wire.status = wire.cloud_status = 200;
  wire.from_cloud = true;
  wire.answer = wire.cloud_answer = answer(ids, status);
  for (const std::string& id : ids) settle(id, status);
  now_ = wire.ended;
  return tapes.wire.emplace_back(std::move(wire));
}

Day& Day::answer_lost() {
  WireEntry& wire = tapes.wire.back();
  wire.status = 0;
  wire.from_cloud = false;
  wire.answer.clear();
  for (auto& [id, kept] : kept_) kept.state = before_.at(id).state;
  return *this;
}

Day& Day::looks() {
  CloudLook cloud{now_, {}};
  RegisterLook at_till;
  at_till.at = now_;
  at_till.till = kTill;
  at_till.pending = count("queued");
  at_till.quarantined = count("quarantined");
  at_till.uploaded = count("acked");
  for (const auto& [id, kept] : kept_) {
    if (kept.in_cloud) cloud.rows.push_back(kept.row);
    if (kept.row.kind == "epoch_opened") continue;
    at_till.rows.push_back(
        {id, kept.row.kind, fmt::format("{}-{:07}", kept.row.epoch, kept.row.number),
         kept.row.total, kept.state, kept.state == "quarantined" ? "unknown_item" : ""});
  }
  std::sort(cloud.rows.begin(), cloud.rows.end(),
            [](const CloudEntry& a, const CloudEntry& b) { return a.v < b.v; });
  tapes.cloud.push_back(std::move(cloud));
  tapes.registers.push_back(std::move(at_till));
  return *this;
}

CloudEntry& Day::cloud_row(const std::string& id) {
  auto& rows = tapes.cloud.back().rows;
  return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id == id; });
}

RegisterEntry& Day::register_row(const std::string& id) {
  auto& rows = tapes.registers.back().rows;
  return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id == id; });
}

void Day::not_in_cloud(const std::string& id) {
  auto& rows = tapes.cloud.back().rows;
  std::erase_if(rows, [&](const CloudEntry& row) { return row.id == id; });
}

CashierEntry& Day::acknowledgement(const std::string& id) {
  return *std::find_if(tapes.cashier.begin(), tapes.cashier.end(),
                       [&](const CashierEntry& entry) { return entry.sale == id; });
}

PaperEntry& Day::paper(const std::string& id) {
  return *std::find_if(tapes.paper.begin(), tapes.paper.end(), [&](const PaperEntry& paper) {
    return paper.text.find(" " + id + "\n") != std::string::npos;
  });
}

Day good_day() {
  using Act = ActEntry::Kind;
  using Shown = CashierEntry::Kind;
  Day day;
  day.tapes.scenario = "a-day.toml";
  day.tapes.seed = 7;
  day.tapes.digests_known = true;
  day.at(0s, 1).act(Act::start, "till", Day::kTill);
  day.shows(Shown::connection, "none", "online");
  day.shows(Shown::stage, "", "register");
  day.login(1);
  const std::string opened = day.opens(1);
  day.at(1s, 2).sends({opened});
  day.counters();
  const std::string online = day.at(10s, 3).sells(2, 1, 420);
  day.at(11s, 3).counters().sends({online});
  day.counters().at(15s, 4).looks();
  day.at(20s, 5).act(Act::fault, "wan.down");
  day.at(35s, 6).shows(Shown::connection, "link", "offline");
  day.prompt("no_internet", {"Continue"}).shows(Shown::pressed, "no_internet", "Continue");
  const std::string offline = day.at(40s, 7).sells(3, 2, 1250);
  day.counters();
  const std::string refund = day.at(45s, 8).sells(4, 3, -420, online);
  const std::string poison = day.at(50s, 9).sells(5, 4, 999);
  day.tapes.poisoned = {poison};
  day.counters();
  day.at(100s, 10).act(Act::heal, "wan.down").act(Act::all_healed);
  day.at(104s, 10).shows(Shown::connection, "none", "online");
  day.at(105s, 10).sends({offline, refund});
  day.answer_lost().counters();
  day.at(106s, 10).sends({poison}, "rejected");
  day.at(107s, 10).sends({offline, refund}, "duplicate");
  day.counters();
  day.at(170s, 11).act(Act::quiet).looks();
  day.tapes.goods_changes = {{Instant{0} + 25s, 5, "milk", true, 149, 1}};
  day.tapes.goods_looks = {{Instant{0} + 170s, Day::kTill, "milk", true, 149}};
  return day;
}

Verdict verdict_of(const Day& day, const std::string& invariant) {
  for (Verdict& verdict : judge(day.tapes)) {
    if (verdict.invariant == invariant) return std::move(verdict);
  }
  ADD_FAILURE() << "there is no invariant " << invariant;
  return {};
}

::testing::AssertionResult is_found(const Day& day, const std::string& invariant,
                                    const std::string& sale, int line) {
  const Verdict verdict = verdict_of(day, invariant);
  if (verdict.violations.empty()) return ::testing::AssertionFailure() << invariant << " holds";
  const Violation& first = verdict.violations.front();
  const bool told = !first.what.empty() && !first.expected.empty() && !first.seen.empty();
  if (first.invariant == invariant && first.sale == sale && first.line == line && told) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure()
         << first.invariant << " names sale '" << first.sale << "' at line " << first.line << ": "
         << first.what << " Expected: " << first.expected << ". Seen: " << first.seen;
}

}  // namespace tillrig::oracle
