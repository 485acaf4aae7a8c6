#include "sim/world/cloud_view.hpp"

#include "pos/base/hash.hpp"
#include "pos/base/json.hpp"
#include "pos/ports/exchange.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace tillrig::world {
namespace {

using base::Code;
using base::Result;
using base::json::object;

constexpr std::size_t kPage = 1000;
constexpr std::size_t kPageWithBodies = 200;

// A field of an audited event that stands on the tape under a name of its own; the others are
// facts.
bool typed(oracle::CloudEntry& entry, std::string_view key, const base::json::value& value) {
  if (value.is_string()) {
    const std::string_view text = value.get_string();
    std::string* const at = key == "uuid"   ? &entry.id
                            : key == "till" ? &entry.till
                            : key == "kind" ? &entry.kind
                            : key == "hash" ? &entry.hash
                            : key == "of"   ? &entry.of
                                            : nullptr;
    if (at != nullptr) *at = text;
    return at != nullptr;
  }
  const std::int64_t number = value.get_int64();
  if (key == "v") {
    entry.v = static_cast<std::uint64_t>(number);
  } else if (key == "epoch") {
    entry.epoch = static_cast<std::uint32_t>(number);
  } else if (key == "seq") {
    entry.seq = static_cast<std::uint64_t>(number);
  } else if (key == "number") {
    entry.number = static_cast<std::uint64_t>(number);
  } else if (key == "total") {
    entry.total = number;
  } else if (key == "tax") {
    entry.tax = number;
  } else if (key == "lines") {
    entry.lines_total = number;
  } else if (key == "payments") {
    entry.payments_total = number;
  } else {
    return false;
  }
  return true;
}

Result<oracle::CloudEntry> read_entry(const object& event) {
  oracle::CloudEntry entry;
  for (const auto& [key, value] : event) {
    if (!value.is_string() && !value.is_int64()) continue;
    if (typed(entry, key, value)) continue;
    if (value.is_string()) {
      entry.facts.add(key, std::string(std::string_view(value.get_string())));
    } else {
      entry.facts.add(key, value.get_int64());
    }
  }
  if (entry.v == 0 || entry.id.empty() || entry.till.empty() || entry.kind.empty()) {
    return base::fail(Code::protocol, "an audited event lacks a field");
  }
  return entry;
}

// A page of GET /v1/audit/events, put behind what is there. How many came.
Result<std::size_t> read_audit(base::ByteView body, std::vector<oracle::CloudEntry>& into,
                               std::vector<oracle::HeldBody>& bodies) {
  base::json::monotonic_resource arena;
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto page = base::as_object(*value, "an audit");
  if (!page) return base::Failure(page.error());
  const auto events = base::get_array(**page, "events", kPage);
  if (!events) return base::Failure(events.error());
  for (const base::json::value& event : **events) {
    const auto row = base::as_object(event, "an audited event");
    if (!row) return base::Failure(row.error());
    auto entry = read_entry(**row);
    if (!entry) return base::Failure(entry.error());
    if (const auto* const held = (*row)->if_contains("body")) {
      bodies.push_back({entry->id, base::json::serialize(*held)});
    }
    into.push_back(std::move(*entry));
  }
  return (*events)->size();
}

// The id of a refused event, as a person finds it: with what is wrong about where it is filed, or
// why, if anything is.
Result<std::string> read_refusal(const base::json::object& row) {
  const auto* const id = row.if_contains("uuid");
  if (id == nullptr || !id->is_string()) {
    return base::fail(Code::protocol, "a refused event has no uuid");
  }
  std::string text(std::string_view(id->get_string()));
  const auto field = [&](const char* name) -> std::string {
    const auto* const value = row.if_contains(name);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(std::string_view(value->get_string()));
    return base::json::serialize(*value);
  };
  const std::string place = field("till") + "." + field("epoch") + "." + field("seq");
  const bool whole = base::parse_event_id(text).has_value();
  if (whole && place != text) text += " (filed under " + place + ")";
  if (field("code").empty()) text += " (for no reason)";
  return text;
}

// A page of GET /v1/audit/refused, put behind what is there; `next` is where the page after it
// begins. How many came.
Result<std::size_t> read_refused(base::ByteView body, std::vector<std::string>& into,
                                 std::string& next) {
  const auto value = base::parse_json(body);
  if (!value) return base::Failure(value.error());
  const auto page = base::as_object(*value, "an audit of what was refused");
  if (!page) return base::Failure(page.error());
  const auto rows = base::get_array(**page, "refused", kPage);
  if (!rows) return base::Failure(rows.error());
  for (const base::json::value& each : **rows) {
    const auto row = base::as_object(each, "a refused event");
    if (!row) return base::Failure(row.error());
    auto refusal = read_refusal(**row);
    if (!refusal) return base::Failure(refusal.error());
    into.push_back(*std::move(refusal));
  }
  const auto* const from = (*page)->if_contains("next");
  if (from != nullptr && from->is_string()) next = std::string_view(from->get_string());
  return (*rows)->size();
}

// A page of GET /v1/audit/postings, put behind what is there; `last` is the number of its last one.
Result<std::size_t> read_postings(base::ByteView body, std::vector<oracle::PostingEntry>& into,
                                  std::int64_t& last) {
  base::json::monotonic_resource arena;
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto page = base::as_object(*value, "an audit of postings");
  if (!page) return base::Failure(page.error());
  const auto rows = base::get_array(**page, "postings", kPage);
  if (!rows) return base::Failure(rows.error());
  for (const base::json::value& each : **rows) {
    const auto row = base::as_object(each, "a posting");
    if (!row) return base::Failure(row.error());
    const auto event = base::get_text(**row, "event");
    const auto ledger = base::get_text(**row, "ledger");
    const auto key = base::get_text(**row, "key");
    const auto* const amount = (*row)->if_contains("amount");
    const auto* const n = (*row)->if_contains("n");
    const bool whole = event && ledger && key && amount != nullptr && amount->is_int64() &&
                       n != nullptr && n->is_int64();
    if (!whole) return base::fail(Code::protocol, "an audited posting lacks a field");
    into.push_back(
        {std::string(*event), std::string(*ledger), std::string(*key), amount->get_int64()});
    last = n->get_int64();
  }
  return (*rows)->size();
}

// A page of GET /v1/audit/holds, put behind what is there. How many came.
Result<std::size_t> read_holds(base::ByteView body, std::vector<oracle::HoldEntry>& into) {
  base::json::monotonic_resource arena;
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto page = base::as_object(*value, "an audit of holds");
  if (!page) return base::Failure(page.error());
  const auto rows = base::get_array(**page, "holds", kPage);
  if (!rows) return base::Failure(rows.error());
  for (const base::json::value& each : **rows) {
    const auto row = base::as_object(each, "a hold");
    if (!row) return base::Failure(row.error());
    const auto id = base::get_text(**row, "id");
    const auto till = base::get_text(**row, "till");
    const auto state = base::get_text(**row, "state");
    const auto* const amount = (*row)->if_contains("amount");
    if (!id || !till || !state || amount == nullptr || !amount->is_int64()) {
      return base::fail(Code::protocol, "an audited hold lacks a field");
    }
    into.push_back({*id, *till, amount->get_int64(), *state});
  }
  return (*rows)->size();
}

}  // namespace

void CloudView::from(ports::Endpoint door, std::string secret, oracle::PastLook past) {
  past_ = std::move(past);
  door_ = std::move(door);
  secret_ = std::move(secret);
  forget();
}

void CloudView::forget() {
  rows_.clear();
  bodies_.clear();
  newest_ = past_.held;
}

// A question of an auditor, and the body of the answer.
base::Awaitable<Result<base::Bytes>> CloudView::ask(std::string target) {
  const base::Instant deadline = ports_.clock.now() + std::chrono::seconds(10);
  auto channel = co_await ports_.network.connect(door_, deadline);
  if (!channel) co_return base::Failure(channel.error());
  base::HttpRequest request;
  request.target = std::move(target);
  request.fields.add("Authorization", "Bearer " + secret_);
  request.keep_alive = false;
  base::Bytes message = base::write_http(request);
  ports::ExchangeOptions options;
  options.deadline = deadline;
  options.body_limit = 64 * 1024 * 1024;
  base::ByteChannel& line = **channel;
  auto exchanging = ports::exchange(line, std::move(message), options);
  auto answer = co_await std::move(exchanging);
  if (!answer) co_return base::Failure(answer.error());
  if (answer->status != 200) {
    co_return base::fail(Code::protocol, "the audit was answered with status {}", answer->status);
  }
  co_return std::move(answer->body);
}

base::Awaitable<Result<bool>> CloudView::read_page(bool bodies) {
  const std::size_t page = bodies ? kPageWithBodies : kPage;
  std::string target =
      fmt::format("/v1/audit/events?after={}&limit={}{}", newest_, page, bodies ? "&bodies=1" : "");
  auto asking = ask(std::move(target));
  auto body = co_await std::move(asking);
  if (!body) co_return base::Failure(body.error());
  const auto read = read_audit(*body, rows_, bodies_);
  if (!read) co_return base::Failure(read.error());
  if (!rows_.empty()) newest_ = rows_.back().v;
  co_return *read == page;
}

base::Awaitable<Result<std::vector<std::string>>> CloudView::refused() {
  std::vector<std::string> all;
  std::string after;
  for (;;) {
    std::string target = fmt::format("/v1/audit/refused?limit={}", kPage);
    if (!after.empty()) target += "&after=" + after;
    auto asking = ask(std::move(target));
    auto body = co_await std::move(asking);
    if (!body) co_return base::Failure(body.error());
    const auto read = read_refused(*body, all, after);
    if (!read) co_return base::Failure(read.error());
    if (*read < kPage) co_return all;
  }
}

base::Awaitable<Result<CloudView::Postings>> CloudView::read_postings_after(std::int64_t last) {
  Postings all{{}, last};
  for (;;) {
    std::string target = fmt::format("/v1/audit/postings?after={}&limit={}", all.last, kPage);
    auto asking = ask(std::move(target));
    auto body = co_await std::move(asking);
    if (!body) co_return base::Failure(body.error());
    const auto read = read_postings(*body, all.rows, all.last);
    if (!read) co_return base::Failure(read.error());
    if (*read < kPage) co_return all;
  }
}

base::Awaitable<Result<std::vector<oracle::PostingEntry>>> CloudView::postings() {
  auto asking = read_postings_after(past_.postings);
  auto all = co_await std::move(asking);
  if (!all) co_return base::Failure(all.error());
  co_return std::move(all->rows);
}

base::Awaitable<Result<std::vector<oracle::HoldEntry>>> CloudView::holds() {
  std::vector<oracle::HoldEntry> all;
  for (;;) {
    std::string target = fmt::format("/v1/audit/holds?limit={}", kPage);
    if (!all.empty()) target += "&after=" + all.back().id;
    auto asking = ask(std::move(target));
    auto body = co_await std::move(asking);
    if (!body) co_return base::Failure(body.error());
    const auto read = read_holds(*body, all);
    if (!read) co_return base::Failure(read.error());
    if (*read < kPage) co_return all;
  }
}

base::Awaitable<Result<const std::vector<oracle::CloudEntry>*>> CloudView::rows() {
  return read_on(false);
}

base::Awaitable<Result<const std::vector<oracle::CloudEntry>*>> CloudView::read_on(bool bodies) {
  bool more = true;
  while (more) {
    auto read = co_await read_page(bodies);
    if (!read) co_return base::Failure(read.error());
    more = *read;
  }
  co_return &rows_;
}

base::Awaitable<Result<const std::vector<oracle::CloudEntry>*>> CloudView::rows_anew() {
  forget();
  return read_on(true);
}

base::Awaitable<Result<oracle::PastLook>> CloudView::past() {
  oracle::PastLook look;
  look.postings = past_.postings;
  if (past_.held > 0 && past_.postings == 0) {  // for the first time, when there are no others
    auto asking = read_postings_after(0);
    const auto those = co_await std::move(asking);
    if (!those) co_return base::Failure(those.error());
    look.postings = past_.postings = those->last;
  }
  std::uint64_t after = 0;
  while (after < past_.held) {
    const std::uint64_t limit = std::min<std::uint64_t>(kPage, past_.held - after);
    std::string target = fmt::format("/v1/audit/events?after={}&limit={}", after, limit);
    auto asking = ask(std::move(target));
    auto body = co_await std::move(asking);
    if (!body) co_return base::Failure(body.error());
    std::vector<oracle::CloudEntry> page;
    std::vector<oracle::HeldBody> none;
    const auto read = read_audit(*body, page, none);
    if (!read) co_return base::Failure(read.error());
    for (const oracle::CloudEntry& entry : page) {
      if (entry.v > past_.held) continue;
      ++look.held;
      const std::string row =
          fmt::format("{} {} {} {}", look.digest, entry.v, entry.id, entry.hash);
      look.digest = base::blake2b(base::ByteView(row)).hex();
    }
    if (page.size() < limit) break;
    after = page.back().v;
  }
  co_return look;
}

}  // namespace tillrig::world
