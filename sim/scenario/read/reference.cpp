// Every word and table of a scenario file on one page, from the tables that read it.
#include "sim/scenario/read/frame.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/words_text.hpp"
#include "sim/words/mark.hpp"
#include "sim/world/prompt_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tillrig::scenario {
namespace {

using words::Param;
using words::Table;
using words::Word;

// Text that Markdown shows as it is.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("*_<|").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string key_lines(const std::vector<Param>& params, std::string_view margin) {
  std::string text;
  for (const Param& param : params) {
    text += fmt::format("{}- `{}`: {} ({})", margin, param.name, plain(param.doc),
                        plain(told_kind(param)));
    const std::string list = closed_list(param);
    if (!list.empty()) text += fmt::format("; one of `{}`", fmt::join(split(list), "`, `"));
    text += "\n";
  }
  return text;
}

std::string entry(const Word& row, const std::vector<std::string>& rules) {
  std::string text = fmt::format("- **`{}`** {}\n", row.name, plain(row.doc));
  text += key_lines(row.params, "  ");
  for (const std::string& rule : rules) text += fmt::format("  - {}\n", plain(rule));
  return text + fmt::format("  - as in `{}`\n", row.example);
}

std::string tables_part() {
  std::string text = "### Tables, and the keys that lines share\n";
  for (const Frame* row : frames()) {
    text += fmt::format("\n#### `{}`: {}\n\n{}\n\n", row->name, plain(row->form), plain(row->doc));
    text += key_lines(row->params, "");
    if (!row->others.name.empty()) text += key_lines({row->others}, "");
    text +=
        fmt::format("\n```toml\n{}{}```\n", row->example, row->example.ends_with('\n') ? "" : "\n");
  }
  return text;
}

std::string steps_part() {
  std::string text = "\n### Steps: `act` in a line of `do`\n\n";
  for (const Step* row : Table<Step>::all()) text += entry(*row, told_rules(row->rules));
  return text;
}

std::string faults_part() {
  std::string text =
      "\n### Faults: `fault` and `heal` in a line of `do`\n\nEach takes the keys of `fault` "
      "above, too.\n\n";
  for (const words::Fault* row : Table<words::Fault>::all()) {
    text += entry(
        *row, {"healing: " + (row->heals.empty() ? "nothing to heal" : std::string(row->heals))});
  }
  return text;
}

std::string expectations_part() {
  std::string text =
      "\n### Expectations: lines of `expect`\n\nEach takes the keys of `expect` above, too.\n\n";
  for (const Expectation* row : Table<Expectation>::all()) {
    text += entry(*row, told_rules(row->rules));
  }
  return text;
}

std::string marks_part() {
  std::string text =
      "\n### Marks: moments for `[[when]]`, and for the expectation `mark`\n\n"
      "`ledger.synced#40@till-1` is the 40th at that till; without a number it is the first, "
      "without a place any.\n\n| mark | noted by | when |\n|---|---|---|\n";
  for (const words::Mark* row : Table<words::Mark>::all()) {
    text += fmt::format("| `{}` | {} | {} |\n", row->name, row->who, plain(row->doc));
  }
  return text;
}

std::string prompts_part() {
  std::string text =
      "\n### Prompts, and what stands on their buttons\n\n| prompt | buttons |\n|---|---|\n";
  for (const std::string_view id : split(world::prompt_words())) {
    text += fmt::format("| `{}` | {} |\n", id, fmt::join(world::prompt_buttons(id), ", "));
  }
  return text;
}

}  // namespace

std::string reference() {
  return std::string(kReferenceBegins) + "\n\n## Reference\n\n" + tables_part() + steps_part() +
         faults_part() + expectations_part() + marks_part() + prompts_part();
}

}  // namespace tillrig::scenario
