#pragma once

#include "pos/base/result.hpp"
#include "sim/trace/selection.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tillrig::trace {

// What `tillrig trace stat|dump|hash` print. All read a .tlog file, whole or cut; all pass on the
// errors of Reader::open_file.

// What a tool says of a timeline, and of one that is not whole or was changed after it was written,
// one sentence that tells so: whoever relies on the text must know.
struct Told {
  std::string text;
  std::string damage;  // empty: whole
};

// Whose run, how many events of which severity on which lane and with which cause, spans and
// records, how many bytes each, how it ends, and the hash. Several lines.
base::Result<Told> stat(const std::string& path);

enum class DumpForm { json_lines, plain };

// Hands on one line (without its end) after the other: the run, the events that are asked for with
// the snapshots, faults and violations between them, and, of a file that is not whole, a last line
// that says so. Stops early when `line` gives false. Errors: also not_found, see Selection;
// corrupt, after the lines before the damage, and of a file that is not whole, after all that is
// readable.
base::Result<void> dump(const std::string& path, const std::function<bool(std::string_view)>& line,
                        DumpForm form = DumpForm::json_lines, const Asked& asked = {});

// "trace <64 hex digits>", with a remark behind it if the file is not whole. Errors: also corrupt
// if the end mark has another hash than the contents.
base::Result<Told> hash_line(const std::string& path);

}  // namespace tillrig::trace
