#include "pos/oms/day_office.hpp"

#include "pos/base/json_fields.hpp"
#include "pos/oms/answers.hpp"

namespace tillrig::oms {
namespace {

const base::Mutant kUndrained{"close_day_without_drain", "INV-19", "odoo/odoo#137648, #203431",
                              "a closed day is reported as whole, whatever of it is still to come"};
const base::Mutant kRefundsLeftOut{"report_without_refunds", "INV-16",
                                   "a projection that knows only sales",
                                   "a day's report says nothing of refunds"};

}  // namespace

Result<wire::DayReport> DayOffice::report(std::string_view till, std::string_view day) {
  auto report = database_.days().report(till, day);
  if (!report) return report;
  if (kRefundsLeftOut.on(mutants_)) {
    report->refunds = 0;
    report->given_back = {};
  }
  if (kUndrained.on(mutants_)) return report;
  auto open = database_.days().outstanding(till, day, wire::kReportOutstanding);
  if (!open) return base::Failure(open.error());
  report->outstanding = open->count;
  report->first_outstanding = std::move(open->first);
  return report;
}

base::HttpResponse DayOffice::reports(const Target& target) {
  const std::string_view day = target.parameter("day");
  const std::string_view till = target.parameter("till");
  if (day.size() != 10 || (!till.empty() && !base::is_till_name(till))) {
    return problem(400, "bad_day",
                   "expected ?day=YYYY-MM-DD, and &till=NAME where one till is meant");
  }
  auto tills = till.empty() ? database_.days().tills(day)
                            : Result<std::vector<std::string>>({std::string(till)});
  if (!tills) return problem_of(tills.error());
  if (tills->size() > wire::kReportTills) tills->resize(wire::kReportTills);
  wire::DayReports all;
  for (const std::string& each : *tills) {
    auto made = report(each, day);
    if (!made) return problem_of(made.error());
    all.reports.push_back(*std::move(made));
  }
  return answer(200, base::write_message(all));
}

base::HttpResponse DayOffice::calendar(const Target& target) {
  constexpr std::size_t kMostDays = 1000;
  auto days = database_.days().days(target.parameter("after"), kMostDays);
  if (!days) return problem_of(days.error());
  return answer(200, base::write_message(wire::DayList{*std::move(days)}));
}

}  // namespace tillrig::oms
