#pragma once

#include "pos/base/http.hpp"
#include "pos/oms/ledgers.hpp"
#include "pos/oms/target.hpp"
#include "pos/ports/clock.hpp"

#include <string_view>

namespace tillrig::oms {

// What the API answers of the cloud's ledgers, to those whom it let in: points and holds to tills,
// all of them to auditors.
class LedgerDesk {
 public:
  LedgerDesk(Database& database, ports::Clock& clock, const base::Mutants& mutants)
      : database_(database), clock_(clock), ledgers_(database, mutants) {}

  base::HttpResponse points(std::string_view member);
  base::HttpResponse hold(std::string_view till, const base::HttpRequest& request);
  base::HttpResponse release(std::string_view till, std::string_view id);
  base::HttpResponse keep(std::string_view till, std::string_view id,
                          const base::HttpRequest& request);
  base::HttpResponse limit(const base::HttpRequest& request);
  base::HttpResponse purse(std::string_view of);
  base::HttpResponse stock(std::string_view sku);
  base::HttpResponse deliver(const base::HttpRequest& request);
  base::HttpResponse postings(const Target& target);
  base::HttpResponse holds(const Target& target);

 private:
  static base::HttpResponse held(const Result<wire::Held>& held);

  Database& database_;
  ports::Clock& clock_;
  Ledgers ledgers_;
};

}  // namespace tillrig::oms
