#include "sim/oracle/evidence.hpp"

#include "pos/base/assert.hpp"
#include "sim/oracle/amount.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tillrig::oracle {

std::string_view Document::till() const {
  if (acked != nullptr) return acked->till;
  if (receipt != nullptr) return receipt->paper->till;
  if (look != nullptr) return look->till;
  if (cloud != nullptr) return cloud->till;
  return {};
}

std::string Document::kind() const {
  if (receipt != nullptr) return receipt->text.kind;
  if (cloud != nullptr) return cloud->kind;
  if (shown != nullptr) return shown->kind;
  return "sale";
}

Instant Document::at() const {
  if (acked != nullptr && receipt != nullptr) return std::min(acked->at, receipt->paper->at);
  if (acked != nullptr) return acked->at;
  return receipt != nullptr ? receipt->paper->at : Instant{0};
}

int Document::line() const {
  if (acked != nullptr) return acked->line;
  return receipt != nullptr ? receipt->paper->line : 0;
}

Evidence::Evidence(const Tapes& all) : tapes(all), life(all) {
  check_order();
  std::set<std::string_view> names;
  for (const CashierEntry& entry : tapes.cashier) names.insert(entry.till);
  for (const PaperEntry& entry : tapes.paper) names.insert(entry.till);
  for (const RegisterLook& look : tapes.registers) names.insert(look.till);
  for (const WireEntry& wire : tapes.wire) names.insert(wire.till);
  names.erase("");
  tills.assign(names.begin(), names.end());
  read_paper();
  read_documents();
  read_cloud();
  read_wire();
  make_account();
}

// The last look is the end of the run, the first that has a row is when it was there.
void Evidence::check_order() const {
  const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
  TILLRIG_ASSERT(std::is_sorted(tapes.cloud.begin(), tapes.cloud.end(), by_time),
                 "looks at the cloud are in the order of time");
  TILLRIG_ASSERT(std::is_sorted(tapes.registers.begin(), tapes.registers.end(), by_time),
                 "looks at registers are in the order of time");
  TILLRIG_ASSERT(tapes.exponent >= 0 && tapes.exponent <= 4, "a currency has 0 to 4 decimals");
}

void Evidence::read_paper() {
  receipts.reserve(tapes.paper.size());  // documents point into it
  for (const PaperEntry& paper : tapes.paper) {
    if (!paper.complete) continue;
    auto text = read_receipt(paper.text, {tapes.exponent, tapes.shop.copy_mark});
    if (text) receipts.push_back({&paper, *std::move(text)});
  }
  TILLRIG_ASSERT(receipts.size() <= tapes.paper.size(), "documents point to receipts that stay");
}

Document& Evidence::meet(std::string_view id) {
  const auto [at, fresh] = document_at_.emplace(id, documents.size());
  if (fresh) documents.emplace_back().id = id;
  return documents[at->second];
}

void Evidence::read_documents() {
  for (const CashierEntry& entry : tapes.cashier) {
    if (entry.kind != CashierEntry::Kind::acknowledged || entry.sale.empty()) continue;
    Document& document = meet(entry.sale);
    if (document.acked == nullptr) document.acked = &entry;
  }
  for (const Receipt& receipt : receipts) {
    Document& document = meet(receipt.text.sale);
    document.papers.push_back(&receipt);
    if (document.receipt == nullptr && !receipt.text.copy) document.receipt = &receipt;
  }
  for (const RegisterLook& look : tapes.registers) last_register_[look.till] = &look;
  for (const auto& [till, look] : last_register_) {
    for (const RegisterEntry& row : look->rows) {
      Document& document = meet(row.id);
      document.shown = &row;
      document.look = look;
    }
  }
}

void Evidence::read_cloud() {
  for (std::size_t i = 0; i < tapes.cloud.size(); ++i) {
    for (const CloudEntry& row : tapes.cloud[i].rows) first_look_.emplace(row.id, i);
  }
  for (const HeldBody& held : tapes.held) held_.emplace(held.id, held.body);
  if (tapes.cloud.empty()) return;
  for (const CloudEntry& row : tapes.cloud.back().rows) {
    if (!in_cloud_.emplace(row.id, &row).second || !is_document(row.kind)) continue;
    meet(row.id).cloud = &row;
  }
}

namespace {

// Which answers that its till got are of something else than it had sent.
void compare_hashes(Upload& upload) {
  std::unordered_map<std::string_view, std::string_view> hashes;
  for (const SentItem& item : upload.batch.items) hashes.emplace(item.id, item.hash);
  for (ItemAnswer& answer : upload.delivered) {
    const auto sent = hashes.find(answer.id);
    answer.other = sent != hashes.end() && !answer.hash.empty() && answer.hash != sent->second;
  }
}

}  // namespace

void Evidence::read_wire() {
  for (const WireEntry& wire : tapes.wire) {
    if (wire.target.starts_with("/v1/sync/up")) read_upload(wire);
    if (wire.target.starts_with("/v1/sync/manifest")) read_manifest(wire);
  }
  std::stable_sort(uploads.begin(), uploads.end(),
                   [](const Upload& a, const Upload& b) { return a.wire->sent < b.wire->sent; });
  TILLRIG_ASSERT(uploads.size() <= tapes.wire.size(), "an upload is one exchange on the wire");
  std::vector<const Upload*> by_end;
  for (const Upload& upload : uploads) by_end.push_back(&upload);
  std::stable_sort(by_end.begin(), by_end.end(), [](const Upload* a, const Upload* b) {
    return a->wire->ended < b->wire->ended;
  });
  for (const Upload* upload : by_end) read_told(*upload);
}

void Evidence::read_manifest(const WireEntry& wire) {
  if (!wire.from_cloud || wire.status != 200 || wire.ended == Instant::never()) return;
  const auto said = read_manifest_exchange(wire.body, wire.answer);
  if (!said) return;
  const std::set<std::string_view> missing(said->missing.begin(), said->missing.end());
  const std::set<std::string_view> different(said->different.begin(), said->different.end());
  for (const auto& [id, hash] : said->asked) {
    auto as = missing.contains(id) ? Compared::As::missing : Compared::As::held;
    if (different.contains(id)) as = Compared::As::different;
    compared.push_back({wire.till, id, hash, as, wire.ended});
    if (as == Compared::As::different) deserved_.insert(id);
  }
}

void Evidence::read_upload(const WireEntry& wire) {
  auto batch = read_sent(wire.body);
  if (!batch) return;
  TILLRIG_ASSERT(wire.reached_cloud >= wire.sent && wire.ended >= wire.sent,
                 "a request is sent before it reaches anybody or ends");
  TILLRIG_ASSERT(wire.cloud_status == 0 || wire.reached_cloud != Instant::never(),
                 "the cloud answers what has reached it");
  Upload upload;
  upload.wire = &wire;
  upload.batch = *std::move(batch);
  upload.ended = std::min(wire.ended, life.next_change(wire.till, Instant{wire.sent.ns + 1}));
  TILLRIG_ASSERT(upload.ended >= wire.sent, "an upload is over after it was sent");
  if (wire.cloud_status == 200) {
    if (auto answers = read_answers(wire.cloud_answer)) upload.cloud = *std::move(answers);
  }
  if (wire.from_cloud && wire.status == 200 && wire.ended != Instant::never()) {
    if (wire.answer == wire.cloud_answer) {
      upload.delivered = upload.cloud;
    } else if (auto answers = read_answers(wire.answer)) {
      upload.delivered = *std::move(answers);
    }
  }
  compare_hashes(upload);
  uploads.push_back(std::move(upload));
}

void Evidence::read_told(const Upload& upload) {
  const WireEntry& wire = *upload.wire;
  for (const SentItem& item : upload.batch.items) {
    if (!item.body.empty()) body_by_hash_.emplace(item.hash, item.body);
    aggregate_.emplace(item.id, item.aggregate);
  }
  const bool unreadable = wire.from_cloud && (wire.status == 400 || wire.status == 413);
  if (unreadable && upload.batch.items.size() == 1) deserved_.insert(upload.batch.items.front().id);
  for (const ItemAnswer& answer : upload.delivered) {
    if (!answer.acknowledges()) deserved_.insert(answer.id);
    Told& told = told_[answer.id];
    if (answer.acknowledges()) told.proved = std::min(told.proved, wire.ended);
    if (answer.refuses()) told.refused = std::min(told.refused, wire.ended);
    told.last_status = answer.status;
    told.last_code = answer.code;
    told.last_at = wire.ended;
  }
}

std::string_view Evidence::body_in_cloud(std::string_view id) const {
  if (const auto held = held_.find(id); held != held_.end()) return held->second;
  const CloudEntry* const row = in_cloud(id);
  const auto at = row == nullptr ? body_by_hash_.end() : body_by_hash_.find(row->hash);
  return at == body_by_hash_.end() ? std::string_view() : at->second;
}

void Evidence::make_account() {
  std::vector<Orphan> orphans;
  for (const Document& document : documents) {
    if (document.acked != nullptr) continue;
    Orphan orphan{std::string(document.id), std::string(document.till()),
                  document.kind() == "refund", 0, false};
    if (const auto parts = read_id(document.id)) orphan.till = parts->till;
    if (document.shown != nullptr) {
      orphan.total = document.shown->total;
    } else if (document.cloud != nullptr) {
      orphan.total = document.cloud->total;
    } else if (document.receipt != nullptr) {
      orphan.total = document.receipt->text.total.value_or(0);
    }
    orphans.push_back(std::move(orphan));
  }
  const auto place = [](const Orphan& orphan) {
    const auto parts = read_id(orphan.id);
    return parts ? std::pair(parts->epoch, parts->seq) : std::pair(0U, std::uint64_t{0});
  };
  std::stable_sort(orphans.begin(), orphans.end(),
                   [&](const Orphan& a, const Orphan& b) { return place(a) < place(b); });
  account = std::make_unique<Account>(tapes, std::move(orphans));
  sessions = std::make_unique<Sessions>(tapes, *account, life);
}

const CloudLook* Evidence::last_look() const {
  return tapes.cloud.empty() ? nullptr : &tapes.cloud.back();
}

const CloudEntry* Evidence::in_cloud(std::string_view id) const {
  const auto at = in_cloud_.find(id);
  return at == in_cloud_.end() ? nullptr : at->second;
}

std::optional<std::size_t> Evidence::first_look(std::string_view id) const {
  const auto at = first_look_.find(id);
  if (at == first_look_.end()) return std::nullopt;
  TILLRIG_ASSERT(at->second < tapes.cloud.size(), "an event was seen in a look that there was");
  return at->second;
}

const RegisterLook* Evidence::last_register(std::string_view till) const {
  const auto at = last_register_.find(till);
  return at == last_register_.end() ? nullptr : at->second;
}

const Document* Evidence::document(std::string_view id) const {
  const auto at = document_at_.find(id);
  if (at == document_at_.end()) return nullptr;
  TILLRIG_ASSERT(documents[at->second].id == id, "the index of documents points to the right one");
  return &documents[at->second];
}

const Told* Evidence::told(std::string_view id) const {
  const auto at = told_.find(id);
  return at == told_.end() ? nullptr : &at->second;
}

base::Duration asked_wait(const WireEntry& wire) {
  constexpr base::Duration kLongest = std::chrono::hours(1);
  const bool asks = wire.status == 429 || wire.status == 503;
  if (!asks || wire.ended == Instant::never()) return {};
  return std::min(wire.retry_after, kLongest);
}

Instant Evidence::asked_to_wait(std::string_view till, Instant at) const {
  Instant until{0};
  for (const Upload& upload : uploads) {
    const base::Duration wait = asked_wait(*upload.wire);
    if (wait == base::Duration{} || upload.wire->till != till || upload.ended > at) continue;
    if (upload.ended != upload.wire->ended || life.next_change(till, upload.ended) <= at) continue;
    until = std::max(until, upload.ended + wait);
  }
  return until;
}

bool Evidence::quarantine_deserved(std::string_view id) const {
  return deserved_.contains(id);
}

std::string_view Evidence::aggregate(std::string_view id) const {
  const auto at = aggregate_.find(id);
  if (at != aggregate_.end() && !at->second.empty()) return at->second;
  const Document* found = document(id);
  if (found != nullptr && found->receipt != nullptr && !found->receipt->text.of.empty()) {
    return found->receipt->text.of;
  }
  return id;
}

Violation Evidence::witness(std::string_view id) const {
  Violation violation;
  violation.sale = id;
  if (const auto parts = read_id(id)) violation.till = parts->till;
  if (const Document* found = document(id)) {
    if (!found->till().empty()) violation.till = found->till();
    violation.at = found->at();
    violation.line = found->line();
  }
  return violation;
}

std::string Evidence::name(std::string_view id) const {
  const Document* found = document(id);
  if (found == nullptr) return fmt::format("event {}", id);
  std::string number;
  if (found->acked != nullptr) number = found->acked->number;
  if (number.empty() && found->receipt != nullptr) number = found->receipt->text.number;
  if (number.empty() && found->shown != nullptr) number = found->shown->number;
  if (number.empty()) return fmt::format("{} {}", found->kind(), id);
  return fmt::format("{} {} (receipt {})", found->kind(), id, number);
}

std::string Evidence::money(std::int64_t minor) const {
  return amount_text(minor, tapes.exponent) + " " + tapes.currency;
}

std::string moment_text(Instant at) {
  if (at == Instant::never()) return "never";
  return fmt::format("{}.{:03} s", at.ns / 1'000'000'000, at.ns / 1'000'000 % 1000);
}

}  // namespace tillrig::oracle
