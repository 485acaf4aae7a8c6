#pragma once

#include "sim/app/line_file.hpp"
#include "sim/app/progress.hpp"
#include "sim/explore/suite_player.hpp"
#include "sim/report/text.hpp"

namespace tillrig::app {

// Follows a suite on the console: prints what fails as it fails, and how far it is.
class ConsoleAudience final : public explore::Audience {
 public:
  // `verbose`: a line for each run that held, too.
  // `json`: where each run goes as an object of JSON.
  ConsoleAudience(bool verbose, report::Paint paint, LineFile& json)
      : verbose_(verbose), paint_(paint), json_(json) {}

  void over(const explore::RunReport& run, const explore::SuiteReport& suite) override;
  void at(std::size_t done, std::size_t failed, std::size_t total,
          const explore::RunName* latest) override;
  // Nothing more is played: takes the progress away, and says what was not shown.
  void end();

 private:
  static constexpr std::size_t kMostShown = 20;  // failures that are printed whole

  bool verbose_;
  report::Paint paint_;
  LineFile& json_;
  Progress progress_;
  std::size_t failed_ = 0;
};

}  // namespace tillrig::app
