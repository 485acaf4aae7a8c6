#include "sim/report/junit.hpp"

#include "pos/base/visible.hpp"
#include "sim/report/console.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

namespace tillrig::report {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : base::visible(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        // XML 1.0, 2.2: of the control characters only tab, line feed and carriage return.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') out += c;
    }
  }
  return out;
}

std::string seconds(Duration time) {
  const std::int64_t ms = time.count() / 1'000'000;
  return fmt::format("{}.{:03}", ms / 1'000, ms % 1'000);
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("        <property name=\"{}\" value=\"{}\"/>\n", name, escape(value));
}

std::string testcase(const ScenarioReport& scenario, const RunReport& run,
                     const SuiteReport& suite) {
  const RunResult& result = run.result;
  RunName name = run.name;
  name.scenario = run.name.file;
  const int line = result.failures.empty() ? 1 : std::max(result.failures.front().line, 1);
  // The name alone tells it apart: two folders may hold files of one name.
  std::string out = fmt::format(
      "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\" time=\"{}\">\n",
      escape(run_label(name)), escape(scenario.name), escape(run.name.file), line,
      seconds(run.wall));
  out += "      <properties>\n";
  out += property("seed", fmt::to_string(run.name.seed));
  out += property("digest", result.digest);
  out += property("virtual time", time_text(result.virtual_time));
  for (const explore::Waived& row : result.waived) {
    out += property("waived " + row.invariant,
                    fmt::format("broken {} times: {}", row.violations, row.reason));
  }
  out += "      </properties>\n";
  if (!run.finished) out += "      <skipped message=\"not run: the suite ended before it\"/>\n";
  if (!result.failures.empty()) {
    const Failing& first = result.failures.front();
    const std::string_view element = result.broke ? "error" : "failure";
    const std::string message = first.what.empty() ? first.kind : first.what;
    const std::string type = first.invariant.empty() ? first.kind : first.invariant;
    out +=
        fmt::format("      <{} message=\"{}\" type=\"{}\">{}</{}>\n", element, escape(message),
                    escape(type), escape(failure_text(run, suite, Paint(), Detail::all)), element);
  }
  return out + "    </testcase>\n";
}

struct Tally {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  Duration time{0};
};

}  // namespace

std::string junit(const SuiteReport& suite) {
  std::map<std::string, Tally> folders;
  for (const ScenarioReport& scenario : suite.scenarios) {
    Tally& tally = folders[scenario.folder];
    for (const RunReport& run : scenario.runs) {
      ++tally.tests;
      if (!run.finished) ++tally.skipped;
      if (!run.result.failures.empty()) ++(run.result.broke ? tally.errors : tally.failures);
      tally.time += run.wall;
      tally.cases += testcase(scenario, run, suite);
    }
  }
  if (!suite.suite_failures.empty()) {
    Tally& tally = folders["the suite"];
    for (const Failing& failing : suite.suite_failures) {
      ++tally.tests;
      ++tally.failures;
      tally.cases += fmt::format(
          "    <testcase name=\"{}\" classname=\"suite\" time=\"0.000\">\n"
          "      <failure message=\"{}\" type=\"{}\"/>\n    </testcase>\n",
          escape(failing.invariant), escape(failing.what), escape(failing.kind));
    }
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const auto& [folder, tally] : folders) {
    out += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{}\">\n{}  </testsuite>\n",
        escape(folder), tally.tests, tally.failures, tally.errors, tally.skipped,
        seconds(tally.time), tally.cases);
  }
  return out + "</testsuites>\n";
}

std::string digests(const SuiteReport& suite) {
  std::set<std::string> lines;
  for (const ScenarioReport& scenario : suite.scenarios) {
    for (const RunReport& run : scenario.runs) {
      if (!run.finished) continue;
      std::string line =
          fmt::format("{}  {}  seed {}", run.result.digest, run.name.scenario, run.name.seed);
      if (!run.name.variant.empty()) line += "  " + run.name.variant;
      // Sorted by scenario, so that two files compare line by line when digests differ.
      lines.insert(line.substr(run.result.digest.size()) + '\n' + run.result.digest);
    }
  }
  std::string out;
  for (const std::string& line : lines) {
    const std::size_t end = line.rfind('\n');
    out += line.substr(end + 1) + line.substr(0, end) + "\n";
  }
  return out;
}

}  // namespace tillrig::report
