#include "sim/app/command_line.hpp"

#include "pos/base/nearest.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/say.hpp"
#include "sim/explore/version.hpp"
#include "sim/trace/format.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::app {
namespace {

constexpr const char* kFooter =
    "\nExit codes: 0 all held; 1 something failed; 2 wrong use or an invalid scenario;\n"
    "3 blocked (missing hardware or permission); 4 nothing selected; 70 the rig itself broke;\n"
    "130 interrupted.";

#ifdef __clang__
constexpr const char* kCompiler = "clang";
#else
constexpr const char* kCompiler = "g++";
#endif

using Action = std::function<int()>;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || text.empty()) return std::nullopt;
  return value;
}

// "A..B" with A <= B.
std::string read_seeds(const std::string& text, RunOptions& options) {
  const std::size_t dots = text.find("..");
  const auto first = whole_number(std::string_view(text).substr(0, dots));
  const auto last = dots == std::string::npos
                        ? std::nullopt
                        : whole_number(std::string_view(text).substr(dots + 2));
  if (!first || !last || *first > *last) {
    return "\"" + text + "\" are no seeds; expected A..B with A at most B, as in 1..25";
  }
  constexpr std::uint64_t kMostSeeds = 100'000;
  if (*last - *first >= kMostSeeds) {
    return "\"" + text + "\" are too many seeds; expected at most 100000 in one call";
  }
  options.seeds = {*first, *last};
  return "";
}

void add_run(CLI::App& app, RunOptions& options, Action& chosen) {
  CLI::App* const run = app.add_subcommand("run", "play scenarios (files or folders)");
  run->add_option("PATH", options.paths, "scenario files and folders (default: scenarios)");
  run->add_option("-k", options.keyword,
                  "only those whose name, title or file has this text; and, or, not and brackets "
                  "join texts")
      ->type_name("EXPR");
  run->add_option("-t,--tags", options.tags, "only those with one of these tags; '!TAG' leaves out")
      ->delimiter(',')
      ->type_name("TAG")
      ->allow_extra_args(false);
  run->add_option("--only", options.only,
                  "only this one of a scenario's runs, as a failure names it")
      ->type_name("RUN");
  run->add_option_function<std::string>(
         "--seed",
         [&options](const std::string& text) {
           options.seed = whole_number(text);
           if (!options.seed) {
             throw CLI::ValidationError("--seed",
                                        "\"" + text + "\" is no seed; expected a whole number");
           }
         },
         "this seed in place of the scenarios' own")
      ->type_name("N");
  run->add_option_function<std::string>(
         "--seeds",
         [&options](const std::string& text) {
           if (const std::string wrong = read_seeds(text, options); !wrong.empty()) {
             throw CLI::ValidationError("--seeds", wrong);
           }
         },
         "each of these seeds")
      ->type_name("A..B")
      ->excludes("--seed");
  run->add_option("-j,--jobs", options.jobs, "processes that play at a time (default: one a core)")
      ->check(CLI::Range(1, 256));
  run->add_option("--mutant", options.mutants, "play with this bug switched on (may be repeated)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  run->add_option("--bed", options.bed, "what the world is made of")
      ->check(CLI::IsMember({"virtual", "live"}));
  const auto named = [](const std::string& path) {
    return std::string(path.empty() ? "expected a path, found an empty word" : "");
  };
  run->add_option("--junit", options.junit, "write a JUnit report")
      ->type_name("FILE")
      ->check(named);
  run->add_option("--json", options.json, "write an object of JSON a line, a run as it ends")
      ->type_name("FILE")
      ->check(named);
  run->add_option("--digests", options.digests, "write the digest of each run")
      ->type_name("FILE")
      ->check(named);
  run->add_option("--trace", options.trace, "write a timeline (.tlog) of each run")
      ->type_name("DIR")
      ->check(named);
  run->add_flag("--once", options.once,
                "play each run once instead of twice; nothing is compared then");
  run->add_flag("-x,--fail-fast", options.fail_fast, "begin nothing more after the first failure");
  run->add_flag("--last-failed", options.last_failed, "only what failed when it was last played");
  run->add_flag("--whole-suite", options.whole_suite,
                "fail unless every invariant had something to judge");
  run->add_flag("--list", options.list, "only say what would be played");
  run->add_flag("-v,--verbose", options.verbose, "a line for each run that held, too");
  run->callback([&] { chosen = [&options] { return app::run(options); }; });
}

void add_mutants(CLI::App& app, MutantsOptions& options, Action& chosen) {
  CLI::App* const mutants = app.add_subcommand(
      "mutants",
      "prove the suite: each bug switched on must be found by the scenarios that say so");
  mutants->add_option("PATH", options.paths, "scenario files and folders (default: scenarios)");
  mutants->add_option("--mutant", options.names, "only this one (may be repeated)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  mutants->add_option("-j,--jobs", options.jobs, "processes that play at a time")
      ->check(CLI::Range(1, 256));
  mutants->callback([&] { chosen = [&options] { return score_mutants(options); }; });
}

void add_texts(CLI::App& app, TextOptions& options, Action& chosen) {
  CLI::App* const list = app.add_subcommand("list", "what there is: steps, faults, marks, ...");
  list->add_option("WHAT", options.what,
                   "scenarios, steps, faults, expectations, marks, invariants, "
                   "mutants, tables, tags");
  list->add_option("PATH", options.paths, "where to look for scenarios (default: scenarios)");
  list->callback([&] { chosen = [&options] { return app::list(options); }; });

  CLI::App* const check = app.add_subcommand("check", "read scenarios and say what is wrong");
  check->add_option("PATH", options.paths, "scenario files and folders (default: scenarios)");
  check->callback([&] { chosen = [&options] { return app::check(options); }; });

  CLI::App* const explain =
      app.add_subcommand("explain", "a word of the language or a scenario, in plain English");
  CLI::Option* const name = explain->add_option(
      "NAME", options.what, "a step, fault, mark, invariant, mutant, table or key, or a file");
  explain
      ->add_flag("--reference", options.reference,
                 "all words of the language as one page in Markdown")
      ->excludes(name);
  explain->callback([&] { chosen = [&options] { return app::explain(options); }; });

  CLI::App* const schema = app.add_subcommand("schema", "the JSON schema of scenario files");
  schema->callback([&] { chosen = [] { return app::schema(); }; });

  CLI::App* const coverage = app.add_subcommand("coverage", "which requirements nothing covers");
  coverage->add_option("PATH", options.paths, "scenario files and folders (default: scenarios)");
  coverage->callback([&] { chosen = [&options] { return app::coverage(options); }; });
}

void add_trace(CLI::App& app, TraceOptions& options, Action& chosen) {
  CLI::App* const trace = app.add_subcommand("trace", "timelines without a window");
  trace->require_subcommand(1);
  const auto add = [&](const char* what, const char* doc) {
    CLI::App* const command = trace->add_subcommand(what, doc);
    command->add_option("FILE", options.files, "timelines (.tlog)")->required();
    command->callback([&options, &chosen, what] {
      options.what = what;
      chosen = [&options] { return app::trace(options); };
    });
    return command;
  };
  add("stat", "whose run, how many events of what, and how it ends");
  CLI::App* const dump = add("dump", "every event as a line of JSON");
  dump->add_flag("--plain", options.plain, "for people instead");
  dump->add_option("--sale", options.sale, "only what is of this sale: till-1.1.3")
      ->type_name("SALE");
  dump->add_option("--lane", options.lane, "only what is on this lane and below: till-1/outbox")
      ->type_name("LANE");
  dump->add_option("--since", options.since, "only from so long after the start on: 10m")
      ->type_name("TIME");
  add("hash", "the hash over all but the wall clock");
  add("diff", "where two runs part");
}

void add_processes(CLI::App& app, OmsOptions& cloud, TillOptions& till, Action& chosen) {
  CLI::App* const oms = app.add_subcommand("oms", "the cloud as an ordinary process");
  oms->add_option("--listen", cloud.listen, "where tills reach it; port 0 is any free one")
      ->type_name("HOST:PORT");
  oms->add_option("--data", cloud.data, "folder of its database")->required()->type_name("DIR");
  oms->add_option("--secrets", cloud.secrets,
                  "who is let in: lines of \"TILL SECRET\" or \"TILL SECRET SHOP\", and \"@audit "
                  "SECRET\"; a till may have two while its secret is being changed. Without it "
                  "everyone is let in, and it listens on this machine only")
      ->type_name("FILE");
  oms->add_option("--reject-sku", cloud.reject_skus, "goods it does not know (may be repeated)")
      ->type_name("SKU")
      ->allow_extra_args(false);
  oms->add_option("--mutant", cloud.mutants, "a bug to switch on")
      ->type_name("NAME")
      ->allow_extra_args(false);
  oms->callback([&] { chosen = [&cloud] { return app::oms(cloud); }; });

  CLI::App* const process = app.add_subcommand(
      "till", "a till as an ordinary process; its control line is standard input and output");
  process->add_option("--name", till.name, "its name");
  process->add_option("--cloud", till.cloud, "the cloud")->required()->type_name("HOST:PORT");
  process
      ->add_option(
          "--secret-file", till.secret_file,
          "holds the secret that it logs in with, one line, as the cloud's --secrets has it")
      ->type_name("FILE");
  process
      ->add_option("--device", till.devices,
                   "where a device answers: ROLE=HOST:PORT, as in scanner=127.0.0.1:4001, or "
                   "ROLE=tls://HOST:PORT")
      ->allow_extra_args(false);
  process
      ->add_option("--trust", till.trust,
                   "certificates of the authorities that it believes on lines with TLS; the "
                   "system's if left out")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  process->add_option("--lan", till.lan, "where the other tills of the shop find it, on its LAN")
      ->type_name("HOST:PORT");
  process
      ->add_option("--lan-peer", till.peers,
                   "another till of the shop: NAME=HOST:PORT, as in till-2=192.168.1.12:7420")
      ->allow_extra_args(false);
  process->add_flag("--lan-wired", till.wired, "it is hub of the LAN before others");
  process->add_option("--data", till.data, "folder of its store")->required()->type_name("DIR");
  process->add_option("--fixture", till.fixture, "file of the shop")->required()->type_name("FILE");
  process->add_option("--day", till.day, "business day that is opened; by the clock if left out")
      ->type_name("YYYY-MM-DD");
  process->add_option("--pace", till.pace, "ask for the connection so many times as often")
      ->check(CLI::Range(1, 1000));
  process->add_option("--mutant", till.mutants, "a bug to switch on")
      ->type_name("NAME")
      ->allow_extra_args(false);
  process->callback([&] { chosen = [&till] { return app::till(till); }; });
}

void add_devices(CLI::App& app, DeviceOptions& options, Action& chosen) {
  CLI::App* const device =
      app.add_subcommand("device", "one simulated device alone, for any point of sale");
  device->add_option("ROLE", options.role, "scanner, printer or terminal")->required();
  CLI::Option* const listen =
      device
          ->add_option("--listen", options.listen,
                       "where it is connected to; its usual port on this machine if left out, any "
                       "free one for port 0")
          ->type_name("HOST:PORT");
  CLI::Option* const zvt = device
                               ->add_option("--zvt-tcp", options.zvt_port,
                                            "a terminal: speak ZVT at this port of this machine")
                               ->check(CLI::Range(0, 65'535))
                               ->type_name("PORT")
                               ->excludes(listen);
  CLI::Option* const nexo =
      device
          ->add_option("--nexo", options.nexo_port,
                       "a terminal: speak nexo over TLS at this port of this machine")
          ->check(CLI::Range(0, 65'535))
          ->type_name("PORT")
          ->excludes(listen)
          ->excludes(zvt);
  device
      ->add_option("--authority", options.authority,
                   "where the certificate is written of who vouches for the terminal's, which is "
                   "made for the run")
      ->type_name("FILE")
      ->needs(nexo);
  device
      ->add_flag("--pty", options.pty,
                 "at the end of a serial line: a pseudo terminal of this machine, whose path it "
                 "says")
      ->excludes(listen)
      ->excludes(zvt)
      ->excludes(nexo);
  device
      ->add_option("--capture", options.capture,
                   "what goes over its connections, as packets for Wireshark and tshark (pcapng)")
      ->type_name("FILE");
  device
      ->add_option("--set", options.settings,
                   "how it is set up, as in lost_ack=keep (may be repeated)")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  device
      ->add_option("--script", options.script,
                   "lines that are taken as if they were typed, with \"wait 5s\" between them")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  device->callback([&options, &chosen, zvt, nexo] {
    options.zvt = zvt->count() > 0;
    options.nexo = nexo->count() > 0;
    chosen = [&options] { return app::device(options); };
  });
}

std::string meant_text(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const std::string_view meant = base::nearest(word, names);
  return meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant);
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  return known;
}

// What is wrong with a command or an option that does not exist; empty when it is something else.
std::string unknown_word(CLI::App& app, int count, char** words) {
  CLI::App* at = &app;
  std::string called = "tillrig";
  const auto sentence = [&called](const std::string& thing, const std::string& meant) {
    return fmt::format("tillrig: there is no {}{}\nRun \"{} --help\" for what there is.\n", thing,
                       meant, called);
  };
  for (int i = 1; i < count; ++i) {
    const std::string word(
        std::string_view(words[i]).substr(0, std::string_view(words[i]).find('=')));
    if (word == "--") return "";
    if (word.starts_with('-')) {
      const std::vector<std::string> known = options_of(*at);
      if (!word.starts_with("--") || std::find(known.begin(), known.end(), word) != known.end()) {
        continue;
      }
      return sentence(fmt::format("option {} of \"{}\"", word, called), meant_text(word, known));
    }
    std::vector<std::string> known;
    CLI::App* next = nullptr;
    for (CLI::App* command : at->get_subcommands([](const CLI::App*) { return true; })) {
      if (command->get_name() == word) next = command;
      if (!command->get_group().empty()) known.push_back(command->get_name());
    }
    if (next == nullptr && !known.empty()) {
      const std::string full = at == &app ? word : called.substr(8) + " " + word;
      return sentence(fmt::format("command \"{}\"", full), meant_text(word, known));
    }
    if (next == nullptr) continue;
    at = next;
    called += " " + word;
  }
  return "";
}

}  // namespace

int main_command(int count, char** words) {
  ::signal(SIGPIPE, SIG_IGN);  // a reader who goes away is told by the write
  CLI::App app{
      "tillrig puts tills through outages in virtual time and proves that no sale is lost "
      "or doubled."};
  app.name("tillrig");
  app.require_subcommand(1);
  app.footer(kFooter);
  app.set_version_flag("--version",
                       fmt::format("{} (timelines of format {}; {} {})", explore::kVersion,
                                   trace::kFormatVersion, kCompiler, __VERSION__));
  app.fallthrough(false);
  Action chosen;
  RunOptions run_options;
  MutantsOptions mutants_options;
  TextOptions text_options;
  TraceOptions trace_options;
  OmsOptions oms_options;
  TillOptions till_options;
  DeviceOptions device_options;
  add_run(app, run_options, chosen);
  add_texts(app, text_options, chosen);
  add_mutants(app, mutants_options, chosen);
  add_trace(app, trace_options, chosen);
  add_processes(app, oms_options, till_options, chosen);
  add_devices(app, device_options, chosen);
  app.add_subcommand("doctor", "what this machine can do, and what mends what it cannot")
      ->callback([&] { chosen = [] { return doctor(); }; });
  app.add_subcommand("worker")->group("")->callback([&] { chosen = [] { return worker(); }; });
  for (CLI::App* const command : app.get_subcommands({})) command->footer(kFooter);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    // Help is an "error" of CLI11 with code 0; everything else is wrong use.
    if (error.get_exit_code() == 0) return app.exit(error);
    if (const std::string unknown = unknown_word(app, count, words); !unknown.empty()) {
      complain(unknown);
      return kBadInput;
    }
    complain(fmt::format("tillrig: {}\nRun \"tillrig --help\" for what there is.\n", error.what()));
    return kBadInput;
  }
  return after_output(chosen());
}

}  // namespace tillrig::app
