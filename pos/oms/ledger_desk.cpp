#include "pos/oms/ledger_desk.hpp"

#include "pos/oms/answers.hpp"
#include "pos/oms/audit_json.hpp"
#include "pos/oms/request_body.hpp"
#include "pos/wire/points.hpp"

namespace tillrig::oms {

using base::HttpRequest;
using base::HttpResponse;

HttpResponse LedgerDesk::points(std::string_view member) {
  if (!wire::is_customer_id(member)) {
    return problem(400, "bad_member",
                   fmt::format("'{}' cannot be a customer's id; expected 1 to {} of A-Z, a-z, 0-9, "
                               "- and _",
                               member.substr(0, 64), wire::kCustomerId));
  }
  const auto row = database_.feed_row(wire::kCustomers, member);
  if (!row) return problem_of(row.error());
  if (*row && (*row)->deleted) {
    return problem(404, wire::kNoMember, fmt::format("the customer {} was removed", member));
  }
  const auto points = database_.postings().balance(wire::kPointsLedger, member);
  if (!points) return problem_of(points.error());
  return answer(200, wire::write_json(wire::Points{std::string(member), *points}));
}

HttpResponse LedgerDesk::held(const Result<wire::Held>& held) {
  if (held) return answer(200, wire::write_json(*held));
  const base::Error& why = held.error();
  if (why.code == base::Code::not_allowed) return problem(409, wire::kInsufficient, why.what);
  if (why.code == base::Code::conflict) return problem(409, wire::kOtherHold, why.what);
  return problem_of(why);
}

HttpResponse LedgerDesk::hold(std::string_view till, const HttpRequest& request) {
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto asked = wire::read_hold(*body);
  if (!asked) return problem_of(asked.error());
  return held(ledgers_.hold(till, *asked, clock_.wall()));
}

HttpResponse LedgerDesk::release(std::string_view till, std::string_view id) {
  if (!wire::is_customer_id(id)) {
    return problem(400, "bad_hold", "expected the id of a hold, of A-Z, a-z, 0-9, - and _");
  }
  return held(ledgers_.release(till, id));
}

HttpResponse LedgerDesk::keep(std::string_view till, std::string_view id,
                              const HttpRequest& request) {
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto place = wire::read_keep_for(*body);
  if (!place) return problem_of(place.error());
  return held(ledgers_.keep(till, id, *place, clock_.wall()));
}

HttpResponse LedgerDesk::limit(const HttpRequest& request) {
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto limit = wire::read_account_limit(*body);
  if (!limit) return problem_of(limit.error());
  if (auto done = ledgers_.set_limit(*limit); !done) return problem_of(done.error());
  return answer(200, wire::write_json(wire::Changed{1}));
}

HttpResponse LedgerDesk::purse(std::string_view of) {
  const auto key = wire::read_purse_key(of);
  if (!key) {
    return problem(400, "bad_purse",
                   fmt::format("'{}' is no purse; expected such as gift:GC-1001, with 1 to {} of "
                               "A-Z, a-z, 0-9, - and _",
                               of.substr(0, 64), wire::kCustomerId));
  }
  const auto in = ledgers_.in_purse(*key, clock_.wall());
  if (!in) return problem_of(in.error());
  if (!*in) {
    return problem(404, wire::kNoPurse, fmt::format("no gift card {} was sold", key->key));
  }
  return answer(200, wire::write_json(**in));
}

HttpResponse LedgerDesk::stock(std::string_view sku) {
  const auto quantity = database_.postings().balance(wire::kStockLedger, sku);
  if (!quantity) return problem_of(quantity.error());
  return answer(200, wire::write_json(wire::Stock{std::string(sku), base::Quantity{*quantity}}));
}

HttpResponse LedgerDesk::deliver(const HttpRequest& request) {
  const auto body = read_body(request);
  if (!body) return problem(body.error().status, body.error().code, body.error().what);
  const auto delivery = wire::read_delivery(*body);
  if (!delivery) return problem_of(delivery.error());
  if (auto done = ledgers_.deliver(*delivery); !done) return problem_of(done.error());
  return answer(200, wire::write_json(wire::Changed{1}));
}

HttpResponse LedgerDesk::postings(const Target& target) {
  constexpr auto kMostN = static_cast<std::uint64_t>(INT64_MAX);
  const auto after = target.count("after", 0);
  const auto limit = target.count("limit", kMostAudited);
  if (!after || !limit || *after > kMostN || *limit == 0 || *limit > kMostAudited) {
    return problem(
        400, "bad_page",
        fmt::format("expected ?after=N&limit=N with whole numbers, N from 1 to {}", kMostAudited));
  }
  const auto rows = database_.postings().read(*after, *limit);
  if (!rows) return problem_of(rows.error());
  return answer(200, write_postings(*rows));
}

HttpResponse LedgerDesk::holds(const Target& target) {
  const auto limit = target.count("limit", kMostAudited);
  if (!limit || *limit == 0 || *limit > kMostAudited) {
    return problem(400, "bad_page",
                   fmt::format("expected ?after=ID&limit=N, N from 1 to {}", kMostAudited));
  }
  auto rows = database_.postings().holds(target.parameter("after"), *limit);
  if (!rows) return problem_of(rows.error());
  const base::WallTime now = clock_.wall();
  for (HoldRow& row : *rows) {
    if (row.state == "open" && !ledgers_.counts(row, now)) row.state = "expired";
  }
  return answer(200, write_holds(*rows));
}

}  // namespace tillrig::oms
