#pragma once

#include "pos/base/http.hpp"
#include "pos/oms/answers.hpp"
#include "pos/oms/attempts.hpp"
#include "pos/oms/day_office.hpp"
#include "pos/oms/feed.hpp"
#include "pos/oms/ingest.hpp"
#include "pos/oms/ledger_desk.hpp"
#include "pos/oms/secrets.hpp"
#include "pos/oms/target.hpp"
#include "pos/oms/token.hpp"
#include "pos/ports/clock.hpp"

#include <optional>
#include <string_view>

namespace tillrig::oms {

// The cloud's HTTP API as a function from request to answer (reference: domain 3.4):
//
//   GET  /v1/ping?nonce=N
//   POST /v1/tills/{till}/login                   with the till's secret, which gives a token
//   POST /v1/sync/up                              with the token, as:
//   POST /v1/sync/manifest                        which of these are missing here, or other
//   GET  /v1/receipts/{sale}[?till=TILL]          what was sold and given back; to its shop's tills
//   GET  /v1/loyalty/{id}                         a customer's points, now
//   GET  /v1/stock/{sku}                          how much of an item is there, now
//   POST /v1/deliveries                           goods that have come; for the office
//   POST /v1/holds                                keeps some of them for a sale in hand
//   POST /v1/holds/{id}/release                   ends that
//   POST /v1/holds/{id}/keep                      keeps it for the sale that is being finished
//   GET  /v1/purses/{gift:CARD}                   what is on a gift card, an account, now
//   GET  /v1/attempts/{id}                        what is known of a payment by card
//   POST /v1/attempts/{id}                        what became of it; for the acquirer
//   POST /v1/accounts                             how much a customer may owe; for the office
//   GET  /v1/sync/down?collection=items&cursor=V&epoch=E&limit=N[&begun=H]
//                                                 what changed of a table: items, customers,
//                                                 balances, attempts
//   POST /v1/items                                changes the goods; for the office
//   POST /v1/customers                            changes the customers; likewise
//   POST /v1/feed/horizon                         who is behind reads its tables anew; likewise
//   GET  /v1/reports/days?day=D[&till=T]          what is held of a business day; for the office
//   GET  /v1/reports/calendar?after=D             the days that there are; likewise
//   GET  /v1/audit/events?after=V&limit=N         what is held, for auditors; reads only; with
//                                                 bodies=1 each document whole, as it is stored
//   GET  /v1/audit/postings?after=N&limit=N       what counts in its ledgers
//   GET  /v1/audit/holds?after=ID&limit=N         what is held of it
//   GET  /v1/audit/refused?after=ID&limit=N       what was refused and waits for a person
//
// A sale is called by its id, or by the number on its receipt (3-0000042) and its till: the asking
// one if none is said.
//
// A till's token is good until its next login or the end of its secret. Secret and token stand in
// the request as "Authorization: Bearer ...", the auditors' secret and the office's too. Every
// answer has our content type; one of 400 and above is {"error":{"code","what"}} and has stored
// nothing; 503 once the database is dead. Not for two callers at once.
class Api {
 public:
  Api(Database& database, ports::Clock& clock, ports::Recorder& recorder, Rules rules,
      base::Mutants mutants = {}, Secrets secrets = {});

  base::HttpResponse handle(const base::HttpRequest& request);

 private:
  using Handler = base::HttpResponse (Api::*)(const base::HttpRequest&, const Target&);
  struct Route;
  static const Route kRoutes[];

  base::HttpResponse ping(const base::HttpRequest& request, const Target& target);
  base::HttpResponse login(const base::HttpRequest& request, const Target& target);
  base::HttpResponse up(const base::HttpRequest& request, const Target& target);
  base::HttpResponse manifest(const base::HttpRequest& request, const Target& target);
  base::HttpResponse receipt(const base::HttpRequest& request, const Target& target);
  base::HttpResponse down(const base::HttpRequest& request, const Target& target);
  base::HttpResponse items(const base::HttpRequest& request, const Target& target);
  base::HttpResponse customers(const base::HttpRequest& request, const Target& target);
  base::HttpResponse horizon(const base::HttpRequest& request, const Target& target);
  base::HttpResponse audit(const base::HttpRequest& request, const Target& target);
  base::HttpResponse postings(const base::HttpRequest& request, const Target& target);
  base::HttpResponse audit_holds(const base::HttpRequest& request, const Target& target);
  base::HttpResponse loyalty(const base::HttpRequest& request, const Target& target);
  base::HttpResponse hold(const base::HttpRequest& request, const Target& target);
  base::HttpResponse stock(const base::HttpRequest& request, const Target& target);
  base::HttpResponse deliver(const base::HttpRequest& request, const Target& target);
  base::HttpResponse keep(const base::HttpRequest& request, const Target& target);
  base::HttpResponse account(const base::HttpRequest& request, const Target& target);
  base::HttpResponse purse(const base::HttpRequest& request, const Target& target);
  base::HttpResponse attempt(const base::HttpRequest& request, const Target& target);
  base::HttpResponse attempt_said(const base::HttpRequest& request, const Target& target);
  base::HttpResponse release(const base::HttpRequest& request, const Target& target);
  base::HttpResponse refused(const base::HttpRequest& request, const Target& target);
  base::HttpResponse day_reports(const base::HttpRequest& request, const Target& target);
  base::HttpResponse calendar(const base::HttpRequest& request, const Target& target);

  template <class Changes>
  base::HttpResponse change(const base::HttpRequest& request, Result<Changes> (*read)(ByteView));
  Result<std::uint64_t> next_generation(std::string_view till, std::string_view home, bool& two);
  // Errors: bad_input; not_found when no document has that number.
  Result<base::EventId> sale_called(const Target& target, std::string_view asking);
  Result<bool> is_unpaid(std::string_view order, std::string_view asking);
  Result<Caller> caller(const base::HttpRequest& request) const;
  // What a till's tokens are made with, when it logs in with this secret.
  [[nodiscard]] Bytes token_key(const std::optional<base::Hash256>& secret) const;
  [[nodiscard]] bool stands(std::string_view till, std::uint64_t generation);
  // An answer that says no to whoever does not have the newest token of a till.
  [[nodiscard]] std::optional<base::HttpResponse> stop_others(const base::HttpRequest& request);
  // An answer that says no to whoever is not that person: Secrets::kAudit, kOffice or kAcquirer.
  [[nodiscard]] std::optional<base::HttpResponse> stop_strangers(const base::HttpRequest& request,
                                                                 std::string_view person) const;

  Database& database_;
  ports::Clock& clock_;
  ports::Recorder& recorder_;
  Secrets secrets_;
  base::Mutants mutants_;
  Ingest ingest_;
  Feed feed_;
  LedgerDesk ledgers_;
  Attempts attempts_;
  DayOffice days_;
};

}  // namespace tillrig::oms
