#include "sim/world/day_reports.hpp"

#include "pos/wire/report.hpp"

namespace tillrig::world {

using base::Result;

namespace {

oracle::ReportLook look_of(const wire::DayReport& report, base::Instant at) {
  oracle::ReportLook look;
  look.at = at;
  look.till = report.till;
  look.day = report.day;
  look.sales = report.sales;
  look.sold = report.sold.minor;
  look.refunds = report.refunds;
  look.given_back = report.given_back.minor;
  for (const wire::RateSum& sum : report.rates) {
    look.rates[sum.rate.basis_points] = {sum.goods.minor, sum.tax.minor};
  }
  for (const wire::TenderSum& sum : report.tenders) look.tenders[sum.kind] = sum.amount.minor;
  look.cash_float = report.cash_float.minor;
  look.paid_in = report.paid_in.minor;
  look.paid_out = report.paid_out.minor;
  for (const wire::DayReport::Close& close : report.closes) {
    look.closes.push_back({close.event, close.documents, close.total.minor, close.expected.minor,
                           close.counted.minor});
  }
  look.late = report.late;
  look.outstanding = report.outstanding;
  return look;
}

}  // namespace

Result<std::vector<oracle::ReportLook>> read_day_reports(base::ByteView body, base::Instant at) {
  const auto said = base::read_message<wire::DayReports>(body, "report");
  if (!said) return base::Failure(said.error());
  std::vector<oracle::ReportLook> looks;
  for (const wire::DayReport& report : said->reports) looks.push_back(look_of(report, at));
  return looks;
}

Result<std::vector<std::string>> read_calendar(base::ByteView body) {
  auto said = base::read_message<wire::DayList>(body, "calendar");
  if (!said) return base::Failure(said.error());
  return std::move(said->days);
}

}  // namespace tillrig::world
