// The business day, at a till and by the cloud.
#include "sim/scenario/play/expectations/seen.hpp"

#include <fmt/format.h>

namespace tillrig::scenario::day {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<Seen>> day_at(Stage& stage, const Args& args) {
  const std::string till = args.text("day");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const std::string now = state->day.empty() ? "closed" : state->day;
  const std::string wanted = args.has("is") ? args.text("is") : "closed";
  co_return saw(now == wanted, fmt::format("the day at {}: {}", till, wanted), now);
}

Awaitable<Result<Seen>> day_report(Stage& stage, const Args& args) {
  std::string till = args.text("report");
  const std::string of = args.text("date", stage.plan().setup.day);
  std::string day = of;
  auto asking = stage.bed().office().day_reports(std::move(day), std::move(till));
  auto reports = co_await std::move(asking);
  if (!reports) co_return base::Failure(reports.error());
  if (reports->empty()) co_return saw(false, "a report of " + of, "none");
  const oracle::ReportLook& report = reports->front();
  const auto same = [&](std::string_view key, std::int64_t is) {
    return !args.has(key) || args.number(key) == is;
  };
  const bool holds = same("outstanding", static_cast<std::int64_t>(report.outstanding)) &&
                     same("closed", static_cast<std::int64_t>(report.closes.size())) &&
                     same("late", static_cast<std::int64_t>(report.late)) &&
                     same("documents", static_cast<std::int64_t>(report.sales + report.refunds)) &&
                     same("total", report.sold + report.given_back);
  std::string expected;
  for (const std::string_view key : {"documents", "total", "closed", "late", "outstanding"}) {
    if (args.has(key)) expected += fmt::format("{} {}, ", key, args.number(key));
  }
  co_return saw(holds, expected + "in the report of " + of,
                fmt::format("documents {}, total {}, closed {}, late {}, outstanding {}",
                            report.sales + report.refunds, report.sold + report.given_back,
                            report.closes.size(), report.late, report.outstanding));
}

const auto kDay = expectation(
    "day", "Which business day is open at a till, or that none is.",
    {{"day", Kind::till, "at which till", true}, {"is", Kind::date, "the day; closed if left out"}},
    R"({ day = "till-1", is = "2026-03-02" })", day_at, "the day at {day} is {is}");
const auto kReport = expectation(
    "report",
    "What the cloud says of a business day at a till. As long as a closed day has anything "
    "outstanding, its totals are not yet those of the day.",
    {{"report", Kind::till, "of which till", true},
     {"date", Kind::date, "of which day; the first of the run if left out"},
     {"documents", Kind::integer, "how many sales and refunds"},
     {"total", Kind::money, "what they come to, refunds taken off"},
     {"closed", Kind::integer, "how often the day was closed"},
     {"late", Kind::integer, "how many came after the close that counts them"},
     {"outstanding", Kind::integer, "how many events closes count that the cloud has not got"}},
    R"({ report = "till-1", closed = 1, outstanding = 0, within = "25s" })", day_report,
    "the cloud's report of the day at {report}",
    {{"report", "", "documents total closed late outstanding", ""}}, {.falls = true});

}  // namespace
}  // namespace tillrig::scenario::day
