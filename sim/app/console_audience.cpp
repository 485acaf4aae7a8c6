#include "sim/app/console_audience.hpp"

#include "sim/report/console.hpp"
#include "sim/report/json_lines.hpp"

namespace tillrig::app {

void ConsoleAudience::over(const explore::RunReport& run, const explore::SuiteReport& suite) {
  json_.write(report::json_run(run, suite));
  if (run.result.failures.empty()) {
    if (verbose_) progress_.print(report::result_line(run, paint_));
    return;
  }
  if (++failed_ > kMostShown) return;
  progress_.print(report::failure_text(run, suite, paint_,
                                       verbose_ ? report::Detail::all : report::Detail::first) +
                  "\n");
}

void ConsoleAudience::at(std::size_t done, std::size_t failed, std::size_t total,
                         const explore::RunName* latest) {
  progress_.at(done, failed, total, latest == nullptr ? "" : report::run_label(*latest));
}

void ConsoleAudience::end() {
  progress_.clear();
  if (failed_ <= kMostShown) return;
  progress_.print(fmt::format("{} more runs failed and are not shown; the table has them\n",
                              failed_ - kMostShown));
}

}  // namespace tillrig::app
