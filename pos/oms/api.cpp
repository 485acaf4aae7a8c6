#include "pos/oms/api.hpp"

#include "pos/oms/audit_json.hpp"
#include "pos/oms/manifest.hpp"
#include "pos/oms/receipt.hpp"
#include "pos/oms/request_body.hpp"
#include "pos/wire/body_sum.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::oms {
namespace {

using base::Code;
using base::HttpRequest;
using base::HttpResponse;

constexpr std::size_t kLongestNonce = 64;
constexpr std::uint64_t kMostBodies = 200;  // of 256 KiB at most: one answer that a client takes

// What stands behind "Authorization: Bearer "; empty: nothing.
std::string_view bearer(const HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view field = request.fields.get("Authorization");
  return field.starts_with(kBearer) ? field.substr(kBearer.size()) : std::string_view();
}

bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= kLongestNonce &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

const base::Mutant kFencedAnswered{"fenced_till_answered", "INV-27",
                                   "a fault planted by a reviewer",
                                   "a till that was fenced off is told of sales still"};
const base::Mutant kSumUnchecked{"sum_unchecked", "INV-01",
                                 "sales that a bad router damaged and a server refused for good",
                                 "the cloud judges a body as it came, damaged on its way or not"};

}  // namespace

struct Api::Route {
  std::string_view path;
  std::string_view method;
  Handler handler;
};

const Api::Route Api::kRoutes[] = {
    {"/v1/ping", "GET", &Api::ping},
    {"/v1/tills/{till}/login", "POST", &Api::login},
    {"/v1/sync/up", "POST", &Api::up},
    {"/v1/sync/manifest", "POST", &Api::manifest},
    {"/v1/receipts/{sale}", "GET", &Api::receipt},
    {"/v1/reports/days", "GET", &Api::day_reports},
    {"/v1/reports/calendar", "GET", &Api::calendar},
    {"/v1/audit/events", "GET", &Api::audit},
    {"/v1/audit/refused", "GET", &Api::refused},
    {"/v1/audit/postings", "GET", &Api::postings},
    {"/v1/audit/holds", "GET", &Api::audit_holds},
    {"/v1/loyalty/{id}", "GET", &Api::loyalty},
    {"/v1/stock/{sku}", "GET", &Api::stock},
    {"/v1/deliveries", "POST", &Api::deliver},
    {"/v1/holds", "POST", &Api::hold},
    {"/v1/holds/{id}/release", "POST", &Api::release},
    {"/v1/holds/{id}/keep", "POST", &Api::keep},
    {"/v1/purses/{key}", "GET", &Api::purse},
    {"/v1/attempts/{id}", "GET", &Api::attempt},
    {"/v1/attempts/{id}", "POST", &Api::attempt_said},
    {"/v1/accounts", "POST", &Api::account},
    {"/v1/sync/down", "GET", &Api::down},
    {"/v1/items", "POST", &Api::items},
    {"/v1/customers", "POST", &Api::customers},
    {"/v1/feed/horizon", "POST", &Api::horizon},
};

Api::Api(Database& database, ports::Clock& clock, ports::Recorder& recorder, Rules rules,
         base::Mutants mutants, Secrets secrets)
    : database_(database),
      clock_(clock),
      recorder_(recorder),
      secrets_(std::move(secrets)),
      mutants_(mutants),
      ingest_(database, recorder, std::move(rules), mutants, secrets_),
      feed_(database, recorder, std::move(mutants)),
      ledgers_(database, clock, mutants_),
      attempts_(database),
      days_(database, mutants_) {}

HttpResponse Api::handle(const HttpRequest& request) {
  if (!kSumUnchecked.on(mutants_) && wire::damaged(request.fields, request.body)) {
    return problem(400, wire::kDamaged,
                   "the body is not the one that was sent: its sum is another; send it again");
  }
  Target target(request.target);
  for (const Route& route : kRoutes) {
    if (!target.matches(route.path)) continue;
    const bool last = &route + 1 == std::end(kRoutes) || (&route + 1)->path != route.path;
    if (request.method != route.method && !last) continue;
    if (const auto usable = database_.usable(); !usable) return problem_of(usable.error());
    if (request.method == route.method) return (this->*route.handler)(request, target);
    auto refused_method =
        problem(405, "bad_method",
                fmt::format("{} takes {}, not {}", route.path, route.method, request.method));
    refused_method.fields.add("Allow", route.method);
    return refused_method;
  }
  return problem(404, "not_found", fmt::format("there is nothing at {}", target.path()));
}

HttpResponse Api::ping(const HttpRequest& /*request*/, const Target& target) {
  wire::Pong pong;
  pong.nonce = target.parameter("nonce");
  if (!is_nonce(pong.nonce)) {
    return problem(400, "bad_nonce", "expected ?nonce= with 1 to 64 of A-Z, a-z, 0-9, - and _");
  }
  pong.server_ms = clock_.wall().ms;
  pong.server_epoch = database_.identity().server_epoch;
  const auto newest = feed_.head();
  if (!newest) return problem_of(newest.error());
  pong.feed = *newest;
  return answer(200, wire::write_json(pong));
}

HttpResponse Api::login(const HttpRequest& request, const Target& target) {
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto asked = body->empty() ? Result<wire::Login>() : wire::read_login_asked(*body);
  if (!asked) return problem_of(asked.error());
  const std::string_view till = target.named();
  if (!base::is_till_name(till)) {
    return problem(400, "bad_till",
                   fmt::format("'{}' cannot be a till's name; expected 1 to 32 of a-z, 0-9 and -",
                               till.substr(0, 64)));
  }
  const std::string_view secret = bearer(request);
  const auto known = secrets_.find(till, secret);
  // Before anything is changed: who cannot prove to be the till does not fence it off.
  if (!known && !secrets_.open_to_all()) {
    recorder_.note({"cloud.login_refused", {}, ports::Severity::warn}, {{"till", till}});
    return problem(401, wire::kBadSecret,
                   fmt::format("{} was not let in: its secret {}; provision the till with one that "
                               "the cloud lists",
                               till, secret.empty() ? "is missing" : "is not one of those listed"));
  }
  bool two = false;
  const auto generation = next_generation(till, asked->home, two);
  if (!generation) return problem_of(generation.error());
  auto highs = database_.states(till, wire::kLoginEpochs);
  if (!highs) return problem_of(highs.error());
  wire::LoggedIn login;
  login.token = make_token(token_key(known), Caller{std::string(till), *generation});
  login.generation = *generation;
  login.server_epoch = database_.identity().server_epoch;
  login.highs = *std::move(highs);
  login.two = two;
  if (two) recorder_.note({"cloud.two_tills", {}, ports::Severity::warn}, {{"till", till}});
  recorder_.note({"cloud.login"}, {{"till", till},
                                   {"generation", static_cast<std::int64_t>(*generation)},
                                   {"version", std::string_view(asked->version)}});
  return answer(200, wire::write_json(login));
}

// Durable before it is told, so that a generation is never given twice.
Result<std::uint64_t> Api::next_generation(std::string_view till, std::string_view home,
                                           bool& two) {
  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return base::Failure(begun.error());
  auto generation = database_.generation(till);
  if (!generation) return generation;
  ++*generation;
  auto done = database_.set_generation(till, *generation);
  if (done && !home.empty()) {
    auto came = database_.homes().came(till, home, *generation);
    if (!came) return base::Failure(came.error());
    two = *came;
  }
  if (done) done = transaction.commit();
  if (!done) return base::Failure(done.error());
  return generation;
}

Result<Caller> Api::caller(const HttpRequest& request) const {
  const std::string_view token = bearer(request);
  if (token.empty()) {
    return base::fail(Code::not_allowed, "the request has no Authorization: Bearer; log in first");
  }
  if (secrets_.open_to_all()) return read_token(token_key({}), token);
  for (const base::Hash256& secret : secrets_.of(claimed_till(token))) {
    if (auto known = read_token(token_key(secret), token)) return known;
  }
  return base::fail(Code::not_allowed,
                    "the token was not made by this cloud, or for a secret that it does not list "
                    "any more; log in again");
}

Bytes Api::token_key(const std::optional<base::Hash256>& secret) const {
  const Bytes& own = database_.identity().secret;
  return secret ? Bytes(base::blake2b(own, secret->view()).view()) : own;
}

std::optional<HttpResponse> Api::stop_strangers(const HttpRequest& request,
                                                std::string_view person) const {
  if (secrets_.open_to_all() || secrets_.find(person, bearer(request))) return std::nullopt;
  return problem(401, wire::kBadSecret,
                 person == Secrets::kAudit
                     ? "the audit was not shown: it asks for the auditors' secret, as "
                       "Authorization: Bearer SECRET"
                 : person == Secrets::kAcquirer
                     ? "nothing was changed: it asks for the acquirer's secret, as Authorization: "
                       "Bearer SECRET"
                     : "nothing was changed: it asks for the office's secret, as Authorization: "
                       "Bearer SECRET");
}

HttpResponse Api::up(const HttpRequest& request, const Target& /*target*/) {
  const auto who = caller(request);
  if (!who) return problem_of(who.error());
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto batch = wire::read_batch(*body);
  if (!batch) return problem_of(batch.error());
  if (batch->till != who->till) {
    return problem(401, "bad_token",
                   fmt::format("the token is {}'s, but the batch is {}'s", who->till, batch->till));
  }
  if (batch->generation != who->generation) {
    return problem(401, "bad_token",
                   fmt::format("the token is of generation {}, but the batch of generation {}",
                               who->generation, batch->generation));
  }
  const auto taken = ingest_.apply(*batch, clock_.wall());
  if (taken) return answer(200, wire::write_json(*taken));
  const bool conflict = taken.error().code == Code::conflict;
  return conflict && !stands(batch->till, batch->generation)
             ? problem(409, "fenced", taken.error().what)
             : problem_of(taken.error());
}

HttpResponse Api::manifest(const HttpRequest& request, const Target& /*target*/) {
  if (auto no = stop_others(request)) return *std::move(no);
  const auto who = caller(request);
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto manifest = wire::read_manifest(*body);
  if (!manifest) return problem_of(manifest.error());
  const auto compared = compare_manifest(database_, who->till, *manifest);
  if (!compared) return problem_of(compared.error());
  return answer(200, wire::write_json(*compared));
}

// Whether the till has not logged in again meanwhile, perhaps another process of it.
bool Api::stands(std::string_view till, std::uint64_t generation) {
  const auto stands = database_.stands(till, generation);
  return stands && *stands;
}

Result<base::EventId> Api::sale_called(const Target& target, std::string_view asking) {
  const auto number = base::parse_receipt_number(target.named());
  if (!number) return base::parse_event_id(target.named());
  const std::string_view said = target.parameter("till");
  const std::string_view till = said.empty() ? asking : said;
  if (!base::is_till_name(till)) {
    return base::fail(Code::bad_input, "'till' is '{}'; expected 1 to 32 of a-z, 0-9 and -",
                      till.substr(0, 64));
  }
  // Looked up within the shop alone, so that what is answered of another one is always the same.
  auto found = secrets_.same_shop(asking, till)
                   ? database_.numbered(till, number->epoch, number->number)
                   : Result<std::optional<base::EventId>>();
  if (!found) return base::Failure(found.error());
  if (*found) return **std::move(found);
  return base::fail(Code::not_found, "the cloud has no sale {} of {} in this shop", number->text(),
                    till);
}

// An order of the asking till's shop whose card payment is not settled.
Result<bool> Api::is_unpaid(std::string_view order, std::string_view asking) {
  const auto known = attempts_.find(order);
  if (!known) return base::Failure(known.error());
  if (!*known || !secrets_.same_shop(asking, (*known)->till)) return false;
  return attempts_.is_unresolved(order);
}

HttpResponse Api::receipt(const HttpRequest& request, const Target& target) {
  const auto who = caller(request);
  if (!who) return problem_of(who.error());
  if (!stands(who->till, who->generation) && !kFencedAnswered.on(mutants_)) {
    return problem(409, "fenced",
                   fmt::format("{} has logged in again since; log in again", who->till));
  }
  const auto open = is_unpaid(target.named(), who->till);
  if (!open) return problem_of(open.error());
  if (*open) {
    return problem(409, wire::kPaymentUnresolved,
                   fmt::format("whether the card paid the order {} is not known yet: it can be "
                               "neither voided nor given back",
                               target.named()));
  }
  const auto sale = sale_called(target, who->till);
  if (!sale && sale.error().code == Code::bad_input) {
    return problem(400, "bad_sale", sale.error().what);
  }
  if (!sale && sale.error().code == Code::not_found) {
    return problem(404, wire::kNoSale, sale.error().what);
  }
  if (!sale) return problem_of(sale.error());
  const auto after = target.count("after", 0);
  if (!after) return problem(400, "bad_after", "after is no count: expected one of 0 or more");
  // That of another shop is answered as one that nobody made.
  std::optional<wire::Receipt> found;
  if (secrets_.same_shop(who->till, sale->till)) {
    auto receipt = find_receipt(database_, *sale, who->till, *after, mutants_);
    if (!receipt) return problem_of(receipt.error());
    found = *std::move(receipt);
  }
  if (!found) {
    return problem(404, wire::kNoSale,
                   fmt::format("the cloud has no sale {} in this shop", sale->text()));
  }
  return answer(200, wire::write_json(*found));
}

std::optional<HttpResponse> Api::stop_others(const HttpRequest& request) {
  const auto who = caller(request);
  if (!who) return problem_of(who.error());
  if (stands(who->till, who->generation)) return std::nullopt;
  return problem(409, "fenced",
                 fmt::format("{} has logged in again since; log in again", who->till));
}

HttpResponse Api::loyalty(const HttpRequest& request, const Target& target) {
  if (auto no = stop_others(request)) return *std::move(no);
  return ledgers_.points(target.named());
}

HttpResponse Api::hold(const HttpRequest& request, const Target& /*target*/) {
  if (auto no = stop_others(request)) return *std::move(no);
  return ledgers_.hold(caller(request)->till, request);
}

HttpResponse Api::stock(const HttpRequest& request, const Target& target) {
  if (auto no = stop_others(request)) return *std::move(no);
  return ledgers_.stock(target.named());
}

HttpResponse Api::deliver(const HttpRequest& request, const Target& /*target*/) {
  if (auto no = stop_strangers(request, Secrets::kOffice)) return *std::move(no);
  return ledgers_.deliver(request);
}

HttpResponse Api::day_reports(const HttpRequest& request, const Target& target) {
  if (auto no = stop_strangers(request, Secrets::kOffice)) return *std::move(no);
  return days_.reports(target);
}

HttpResponse Api::calendar(const HttpRequest& request, const Target& target) {
  if (auto no = stop_strangers(request, Secrets::kOffice)) return *std::move(no);
  return days_.calendar(target);
}

HttpResponse Api::release(const HttpRequest& request, const Target& target) {
  if (auto no = stop_others(request)) return *std::move(no);
  return ledgers_.release(caller(request)->till, target.named());
}

HttpResponse Api::keep(const HttpRequest& request, const Target& target) {
  if (auto no = stop_others(request)) return *std::move(no);
  return ledgers_.keep(caller(request)->till, target.named(), request);
}

// One of another shop is answered as one that nobody made.
HttpResponse Api::attempt(const HttpRequest& request, const Target& target) {
  if (auto no = stop_others(request)) return *std::move(no);
  const auto known = attempts_.find(target.named());
  if (!known) return problem_of(known.error());
  const bool ours = *known && ((*known)->till.empty() ||
                               secrets_.same_shop(caller(request)->till, (*known)->till));
  if (!ours) {
    return problem(404, wire::kNoAttempt,
                   fmt::format("nobody has told of a payment {}", target.named().substr(0, 64)));
  }
  return answer(200, wire::write_json(**known));
}

HttpResponse Api::attempt_said(const HttpRequest& request, const Target& target) {
  if (auto no = stop_strangers(request, Secrets::kAcquirer)) return *std::move(no);
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto word = wire::read_attempt(*body);
  if (!word) return problem_of(word.error());
  if (word->id != target.named() || word->outcome == wire::AttemptOutcome::unknown) {
    return problem(400, "bad_attempt",
                   fmt::format("expected what became of {}", target.named().substr(0, 64)));
  }
  const auto done = attempts_.said({word->id, word->outcome, word->amount, word->currency, {}, {}});
  if (!done && done.error().code == Code::conflict) {
    return problem(409, "other_outcome", done.error().what);
  }
  if (!done) return problem_of(done.error());
  recorder_.note({"cloud.attempt", word->id}, {{"outcome", name(word->outcome)}});
  const auto known = attempts_.find(word->id);
  if (!known) return problem_of(known.error());
  return answer(200, wire::write_json(known->value_or(*word)));
}

HttpResponse Api::account(const HttpRequest& request, const Target& /*target*/) {
  if (auto no = stop_strangers(request, Secrets::kOffice)) return *std::move(no);
  return ledgers_.limit(request);
}

HttpResponse Api::purse(const HttpRequest& request, const Target& target) {
  if (auto no = stop_others(request)) return *std::move(no);
  return ledgers_.purse(target.named());
}

HttpResponse Api::down(const HttpRequest& request, const Target& target) {
  if (auto no = stop_others(request)) return *std::move(no);
  constexpr auto kMostV = static_cast<std::uint64_t>(INT64_MAX);
  const std::string_view collection = target.parameter("collection");
  const auto cursor = target.count("cursor", 0);
  const auto limit = target.count("limit", wire::kFeedRows);
  const auto begun = target.count("begun", kMostV);
  const bool known = collection == wire::kItems || collection == wire::kCustomers ||
                     collection == wire::kBalances || collection == wire::kAttempts;
  if (!known || !cursor || *cursor > kMostV || !limit || *limit == 0 || *limit > wire::kFeedRows ||
      !begun || *begun > kMostV) {
    return problem(
        400, "bad_page",
        fmt::format("expected ?collection={}, {}, {} or {} and &cursor=V&epoch=E&limit=N with "
                    "whole numbers, N from 1 to {}, and begun=H of a reading from the "
                    "start",
                    wire::kItems, wire::kCustomers, wire::kBalances, wire::kAttempts,
                    wire::kFeedRows));
  }
  FeedReader reader{*cursor, std::string(target.parameter("epoch"))};
  if (!target.parameter("begun").empty()) reader.begun = *begun;
  reader.compares = target.parameter("sum") == "1";
  std::optional<StartAgain> again;
  const auto page = feed_.page(collection, reader, *limit, again);
  if (!page) return problem_of(page.error());
  if (again) return problem(410, again->code, again->what);
  return answer(200, wire::write_json(*page));
}

HttpResponse Api::items(const HttpRequest& request, const Target& /*target*/) {
  return change(request, wire::read_item_changes);
}

HttpResponse Api::customers(const HttpRequest& request, const Target& /*target*/) {
  return change(request, wire::read_customer_changes);
}

// What the office changes of a table.
template <class Changes>
HttpResponse Api::change(const HttpRequest& request, Result<Changes> (*read)(ByteView)) {
  if (auto no = stop_strangers(request, Secrets::kOffice)) return *std::move(no);
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto changes = read(*body);
  if (!changes) return problem_of(changes.error());
  const auto v = feed_.change(*changes);
  if (!v) return problem_of(v.error());
  return answer(200, wire::write_json(wire::Changed{*v}));
}

HttpResponse Api::horizon(const HttpRequest& request, const Target& /*target*/) {
  if (auto no = stop_strangers(request, Secrets::kOffice)) return *std::move(no);
  const auto v = feed_.move_horizon();
  if (!v) return problem_of(v.error());
  return answer(200, wire::write_json(wire::Changed{*v}));
}

HttpResponse Api::audit(const HttpRequest& request, const Target& target) {
  if (auto no = stop_strangers(request, Secrets::kAudit)) return *std::move(no);
  const auto after = target.count("after", 0);
  const auto limit = target.count("limit", kMostAudited);
  constexpr auto kMostV = static_cast<std::uint64_t>(INT64_MAX);
  if (!after || !limit || *after > kMostV || *limit == 0 || *limit > kMostAudited) {
    return problem(
        400, "bad_page",
        fmt::format("expected ?after=V&limit=N with whole numbers, N from 1 to {}", kMostAudited));
  }
  const bool bodies = target.parameter("bodies") == "1";
  if (bodies && *limit > kMostBodies) {
    return problem(400, "bad_page",
                   fmt::format("with bodies=1 expected limit=N, N from 1 to {}", kMostBodies));
  }
  const auto rows = database_.audit(*after, *limit, bodies);
  if (!rows) return problem_of(rows.error());
  return answer(200, write_audit(*rows, *after));
}

HttpResponse Api::postings(const HttpRequest& request, const Target& target) {
  if (auto no = stop_strangers(request, Secrets::kAudit)) return *std::move(no);
  return ledgers_.postings(target);
}

HttpResponse Api::audit_holds(const HttpRequest& request, const Target& target) {
  if (auto no = stop_strangers(request, Secrets::kAudit)) return *std::move(no);
  return ledgers_.holds(target);
}

HttpResponse Api::refused(const HttpRequest& request, const Target& target) {
  if (auto no = stop_strangers(request, Secrets::kAudit)) return *std::move(no);
  base::EventId after;
  if (const std::string_view text = target.parameter("after"); !text.empty()) {
    const auto id = base::parse_event_id(text);
    if (!id) return problem(400, "bad_page", id.error().what);
    after = *id;
  }
  const auto limit = target.count("limit", kMostAudited);
  if (!limit || *limit == 0 || *limit > kMostAudited) {
    return problem(
        400, "bad_page",
        fmt::format("expected ?after=TILL.EPOCH.SEQ&limit=N, N from 1 to {}", kMostAudited));
  }
  const auto refusals = database_.refusals(after, *limit);
  if (!refusals) return problem_of(refusals.error());
  return answer(200, write_refusals(*refusals, target.parameter("after")));
}

}  // namespace tillrig::oms
