// What stands around the steps, faults and expectations of a file, table by table.
#include "sim/scenario/read/frame.hpp"

#include "pos/base/assert.hpp"
#include "sim/scenario/read/kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace tillrig::scenario {
namespace {

using words::Kind;
using words::Param;
using As = FrameKind;

constexpr std::int64_t kMostTimes = 1'000;
constexpr std::int64_t kMostSales = 1'000'000;
constexpr std::int64_t kLongest = std::chrono::nanoseconds(std::chrono::hours(24 * 3650)).count();

Param key(std::string_view name, std::string_view kind, std::string_view doc,
          std::string_view otherwise = {}, std::int64_t most = 0) {
  return {name, kind, doc, false, {}, otherwise, most};
}
Param needed(std::string_view name, std::string_view kind, std::string_view doc,
             std::int64_t most = 0) {
  return {name, kind, doc, true, {}, {}, most};
}

// In the order in which a reader meets them.
const std::vector<Frame>& rows() {
  static const std::vector<Frame> all = {
      {{"scenario",
        "What stands above all tables: the story, and what is said of the file itself.",
        {needed("title", Kind::text, "one line, which names the scenario everywhere"),
         key("story", Kind::text, "what happens, and why it matters", "none"),
         key("covers", As::requirements, "the requirements that it shows", "none"),
         key("kills", As::mutants, "the bugs that it must find when they are switched on", "none"),
         key("tags", As::tags, "words to select it by: run -t outage", "none"),
         key("limit", Kind::lasting, "the shop's time at most; passing it is a failure", "1h",
             kLongest),
         key("seed", Kind::integer, "what everything by chance is drawn from", "1"),
         key("store", As::table, "the shop"), key("beds", As::table, "where it can be played"),
         key("phase", As::tables, "the story, in its order"),
         key("flow", As::tables, "trade beside the story"),
         key("at", As::tables, "what happens at a time"),
         key("when", As::tables, "what happens at a mark"),
         key("case", As::tables, "named sets of values, a run each"),
         key("matrix", As::table, "lists of values, a run for each combination"),
         key("waive", As::table, "invariants that need not hold")},
        "title = \"The line drops\"\nlimit = \"30m\"\n"},
       "the top of a file",
       "key of a scenario",
       {}},
      {{"phase",
        "A part of the story: what is done, line after line, and then what must hold. With `use` "
        "it stands for the phases of another file, which has nothing but those.",
        {key("name", Kind::text, "a sentence; every phase has its own", "needed, without use"),
         key("do", As::doing, "what is done", "nothing"),
         key("expect", As::expect, "what must hold then", "nothing"),
         key("use", As::file, "in place of all these: a file of phases, from this file's folder",
             "none")},
        "[[phase]]\nname = \"milk is sold\"\ndo = [ { act = \"sale\", items = \"milk\" } ]\n"
        "expect = [ { sale = \"last\", is = \"completed\" } ]\n"},
       "[[phase]]",
       "key of a phase",
       {}},
      {{"flow",
        "Trade beside the story: a cashier who sells again and again, by chance but in every run "
        "of a seed the same. A sale that is late, because the till was down, is made up for. One "
        "that sells nothing fails the run.",
        {key("till", Kind::till, "where; \"*\": a cashier at each", "\"*\""),
         {"act", Kind::text, "what is done", false, "sale", "\"sale\""},
         needed("every", As::spread, "from one sale's time to the next"),
         key("items", As::goods,
             "how many items a sale has, drawn from the whole catalogue; or which: one to three "
             "of these",
             "\"1..3\""),
         key("count", Kind::count, "so many sales, or the run fails", "as many as there is time",
             kMostSales),
         key("from", Kind::clock, "the first sale's time", "\"open\""),
         key("until", Kind::clock, "no sale after this", "the story's end"),
         key("discounts", Kind::rate, "so many of 100 sales get 5, 10, 15 or 20 % off", "\"0\""),
         key("refunds", Kind::rate, "so many of 100 sales are given back whole at once", "\"0\""),
         key("answers", As::answers, "which button of a prompt this cashier presses", "none"),
         key("optional", Kind::flag, "the till may be unable to sell", "false")},
        "[[flow]]\nevery = \"45s ~20s\"\nitems = [\"milk\", \"bread\"]\nrefunds = \"5\"\n"
        "answers = { no_internet = \"Continue\" }\n"},
       "[[flow]]",
       "key of a flow",
       {}},
      {{"at",
        "Things that happen at a time of the calendar, wherever the story is by then; once, or "
        "again and again. The run waits for them.",
        {needed("time", Kind::clock, "when, the first time"), needed("do", As::doing, "what"),
         key("every", Kind::lasting, "and then again, so much later each time", "once", kLongest),
         key("times", Kind::count, "how often in all; stands with every", "once", kMostTimes)},
        "[[at]]\ntime = \"open+10m\"\nevery = \"10m\"\ntimes = 5\n"
        "do = [ { act = \"sale\", items = \"bread\" } ]\n"},
       "[[at]]",
       "key of a [[at]] table",
       {}},
      {{"when",
        "Things that happen at a mark: in its very instant if they can (faults, kill, power-cut), "
        "else as soon as the cashier's hands are free. A mark that never comes fails the run.",
        {needed("mark", Kind::mark, "which, the how manieth and where"),
         needed("do", As::doing, "what"),
         key("optional", Kind::flag, "the mark may never come", "false")},
        "[[when]]\nmark = \"ledger.synced#2@till-1\"\ndo = [ { act = \"kill\" } ]\n"},
       "[[when]]",
       "key of a [[when]] table",
       {}},
      {{"case",
        "A named set of values, and a run of its own with them: \"{cause}\" stands for the case's "
        "`cause`, wherever a value can stand.",
        {needed("id", Kind::text, "its name; every case has its own")},
        "[[case]]\nid = \"names do not resolve\"\nfault = \"wan.dns\"\n[[phase]]\nname = \"it "
        "breaks\"\ndo = [ { fault = \"{fault}\", optional = true } ]\n"},
       "[[case]]",
       "key of a case",
       needed("NAME", As::given, "what \"{NAME}\" stands for in the runs of this case")},
      {{"matrix",
        "Lists of values, and a run for every combination of them (and of the cases). The axis "
        "seed sets the run's seed; \"port-calls:complete\" is every call through the till's ports "
        "while a sale is completed.",
        {},
        "[matrix]\nseed = { from = 1, count = 3 }\ndisk = [\"none\", \"torn\"]\n[[phase]]\nname "
        "= \"the power goes\"\ndo = [ { act = \"power-cut\", disk = \"{disk}\" } ]\n"},
       "[matrix]",
       "axis of the matrix",
       needed("NAME", As::axis, "what \"{NAME}\" stands for, one after the other")},
      {{"waive",
        "Invariants that this scenario lets off, each with its reason. One that was not broken "
        "fails the run: the waiver would hide the next fault.",
        {},
        "[waive]\nINV-25 = \"the prompt's button is what is being changed\"\n"},
       "[waive]",
       "invariant",
       needed("INV-..", Kind::text, "why it need not hold")},
      {{"store",
        "The shop: its fixture, who stands in it, how good its lines and disks are.",
        {key("fixture", Kind::text, "the file fixtures/NAME.toml", "\"corner-shop\""),
         key("tills", As::names, "the tills", "[\"till-1\"]"),
         key("day", As::day,
             "when it opens and closes, after midnight too; the story begins as it opens",
             "\"08:00..18:00\""),
         key("date", Kind::date, "of the first day; the virtual bed only", "\"2026-03-02\""),
         key("start", Kind::flag, "the tills are started before the first phase", "true"),
         key("line", As::table, "the lines to the cloud; the virtual bed only"),
         key("disk", As::table, "the tills' disks; the virtual bed only"),
         key("version", As::version,
             "of the tills, which have the prompts of the articles from 1.14.10 on; the virtual "
             "bed only",
             "the newest"),
         key("poison", Kind::items, "goods that the cloud refuses to know", "none"),
         key("sold", Kind::count,
             "how many sales each till has behind it, of the day before: in its store and, "
             "answered "
             "for, in the cloud; the virtual bed only",
             "none"),
         key("uploads", Kind::count,
             "how many uploads the cloud takes in a second, the others wait for their turn; the "
             "virtual bed only",
             "as many as come")},
        "[store]\ntills = [\"till-1\", \"till-2\"]\nday = \"09:00..17:00\"\nline = { latency = "
        "\"50ms\", bandwidth = \"64kbit/s\" }\n[[flow]]\nevery = \"1m\"\n"},
       "[store]",
       "key of [store]",
       {}},
      {{"line",
        "How good the line from each till to the cloud is.",
        {key("latency", Kind::duration, "one way", "20ms", kLongest),
         key("bandwidth", Kind::bandwidth, "each way", "without limit")},
        "store = { line = { latency = \"50ms\", bandwidth = \"64kbit/s\" } }\n"},
       "line = { ... } in [store]",
       "key of line",
       {}},
      {{"disk",
        "How slow the tills' disks are.",
        {key("write", Kind::duration, "a write takes", "20us", kLongest),
         key("sync", Kind::duration, "a sync takes", "1ms", kLongest),
         key("ledger", Kind::count,
             "KiB that a file of the sale ledger holds: few, and a story of an hour sees files "
             "used "
             "again",
             "1024")},
        "store = { disk = { sync = \"20ms\" } }\n"},
       "disk = { ... } in [store]",
       "key of disk",
       {}},
      {{"beds",
        "Where the scenario can be played: virtual (simulated, virtual time), live (processes, "
        "real time), hardware (real devices).",
        {needed("suits", As::beds, "the beds")},
        "[beds]\nsuits = [\"virtual\"]\n"},
       "[beds]",
       "key of a [beds] table",
       {}},
      {{"fault",
        "A line of `do`: something begins to fail. It lasts until it is healed, or the story "
        "ends; one that finds nothing to do fails the run.",
        {needed("fault", As::fault, "which"), key("till", Kind::till, "whom it hits", "\"*\", all"),
         key("for", Kind::duration, "it heals by itself after this; \"0s\" only with optional",
             "until it is healed", kLongest),
         key("optional", Kind::flag, "it may find nothing to do", "false")},
        "{ fault = \"wan.down\", for = \"10m\", optional = true }"},
       "{ fault = ... }",
       "key of a fault",
       {}},
      {{"heal",
        "A line of `do`: a fault ends, which the file has begun somewhere.",
        {needed("heal", As::fault, "which"), key("till", Kind::till, "where", "\"*\", all")},
        "{ heal = \"wan.down\" }"},
       "{ heal = ... }",
       "key of heal",
       {}},
      {{"expect",
        "What all lines of `expect` have in common. Without either key it must hold at once.",
        {key("within", Kind::lasting,
             "eventually: it comes true in that time. Not with what holds from the first moment "
             "or never (count = 0, absent): that says nothing",
             "at once", kLongest),
         key("for", Kind::lasting, "always: it is true now and stays so all that time",
             "at this moment", kLongest)},
        "{ outbox = \"till-1\", pending = 0, within = \"25s\" },\n"
        "{ link = \"till-1\", is = \"online\", for = \"5m\" }"},
       "a line of expect",
       "key of an expectation",
       {}},
  };
  return all;
}

const Param* param_of(const Frame& frame, std::string_view name) {
  const auto found = std::find_if(frame.params.begin(), frame.params.end(),
                                  [&](const Param& each) { return each.name == name; });
  return found == frame.params.end() ? nullptr : &*found;
}

}  // namespace

const Frame& frame(std::string_view name) {
  const auto found = std::find_if(rows().begin(), rows().end(),
                                  [&](const Frame& each) { return each.name == name; });
  TILLRIG_ASSERT(found != rows().end(), "the frame has a row for each of its tables");
  return *found;
}

std::vector<const Frame*> frames() {
  std::vector<const Frame*> all;
  for (const Frame& each : rows()) all.push_back(&each);
  return all;
}

words::Args read_common_keys(const Node& line, const Frame& frame, const Surroundings& around,
                             Problems& problems) {
  words::Args args;
  for (const Entry& entry : line.table) {
    const Param* const param = param_of(frame, entry.key);
    if (param != nullptr && kind_of(*param).read != nullptr) {
      read_value(*param, entry.value, around, args, problems);
    }
  }
  return args;
}

words::Args read_keys(const Node& table, const Frame& frame, const Surroundings& around,
                      Problems& problems) {
  std::vector<std::string_view> valid;
  for (const Param& param : frame.params) valid.push_back(param.name);
  for (const Entry& entry : table.table) {
    if (param_of(frame, entry.key) == nullptr && frame.others.name.empty()) {
      problems.unknown(entry.where, frame.what, entry.key, valid);
    }
  }
  for (const Param& param : frame.params) {
    if (!param.required || table.find(param.name) != nullptr) continue;
    problems.add(table.where, fmt::format("{} is missing", param.name),
                 std::string(kind_of(param).wanted));
  }
  return read_common_keys(table, frame, around, problems);
}

}  // namespace tillrig::scenario
