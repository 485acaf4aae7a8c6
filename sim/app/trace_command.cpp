#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/say.hpp"
#include "sim/scenario/read/values.hpp"
#include "sim/trace/diff.hpp"
#include "sim/trace/tools.hpp"

namespace tillrig::app {
namespace {

int cannot_read(const base::Error& error) {
  complain("tillrig trace: " + error.what + "\n");
  return kBadInput;
}

void say_lines(const std::string& text) {
  say(text);
  if (text.empty() || text.back() != '\n') say("\n");
}

// A timeline that is not whole is told as far as it goes, and is no success.
int complain_of(const std::string& damage) {
  if (damage.empty()) return kHeld;
  complain("tillrig trace: " + damage + "\n");
  return kBadInput;
}

int print(const base::Result<trace::Told>& told) {
  if (!told) return cannot_read(told.error());
  say_lines(told->text);
  return complain_of(told->damage);
}

int dump(const std::string& file, const TraceOptions& options) {
  trace::Asked asked;
  asked.sale = options.sale;
  asked.lane = options.lane;
  if (!options.since.empty()) {
    const auto since = scenario::parse_duration(options.since);
    if (!since) {
      complain("tillrig trace dump: --since is \"" + options.since +
               "\"; expected a duration with its unit since the start of the run, such as 10m\n");
      return kBadInput;
    }
    asked.since = base::Instant{0} + *since;
  }
  const auto form = options.plain ? trace::DumpForm::plain : trace::DumpForm::json_lines;
  constexpr std::size_t kPiece = 64 * 1024;
  std::string piece;
  const auto line = [&piece](std::string_view text) {
    piece += text;
    piece += '\n';
    if (piece.size() < kPiece) return true;
    const bool read = say(piece);
    piece.clear();
    return read;
  };
  auto dumped = trace::dump(file, line, form, asked);
  say(piece);
  return dumped ? kHeld : cannot_read(dumped.error());
}

}  // namespace

int trace(const TraceOptions& options) {
  if (options.what == "diff") {
    if (options.files.size() != 2) {
      complain(
          "tillrig trace diff: expected two timelines, as in: tillrig trace diff A.tlog "
          "B.tlog\n");
      return kBadInput;
    }
    const auto report = trace::diff(options.files[0], options.files[1]);
    if (!report) return cannot_read(report.error());
    say_lines(report->text);
    if (const int cut = complain_of(report->damage); cut != kHeld) return cut;
    return report->same ? kHeld : kFailed;
  }
  int worst = kHeld;
  for (const std::string& file : options.files) {
    int code = kHeld;
    if (options.what == "stat") {
      code = print(trace::stat(file));
    } else if (options.what == "hash") {
      code = print(trace::hash_line(file));
    } else {
      code = dump(file, options);
    }
    worst = worst == kHeld ? code : worst;
  }
  return worst;
}

}  // namespace tillrig::app
