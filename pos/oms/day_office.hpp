#pragma once

#include "pos/base/http.hpp"
#include "pos/oms/database.hpp"
#include "pos/oms/target.hpp"

namespace tillrig::oms {

// The reports of business days, for the office: part of the Api, which lets people in.
class DayOffice {
 public:
  DayOffice(Database& database, base::Mutants mutants)
      : database_(database), mutants_(std::move(mutants)) {}

  base::HttpResponse reports(const Target& target);
  base::HttpResponse calendar(const Target& target);

 private:
  Result<wire::DayReport> report(std::string_view till, std::string_view day);

  Database& database_;
  base::Mutants mutants_;
};

}  // namespace tillrig::oms
