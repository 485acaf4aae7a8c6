// What the cashier sees: prompts, refusals, the link, what the till is at.
#include "sim/scenario/play/expectations/seen.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::scenario::screen {
namespace {

using words::Args;
using words::Kind;

constexpr base::Duration kOpensWithin = std::chrono::milliseconds(200);

std::vector<std::string> standing(const world::State& state) {
  std::vector<std::string> ids;
  for (const world::Prompt& prompt : state.prompts) ids.push_back(prompt.id);
  return ids;
}

std::string listed(const std::vector<std::string>& ids) {
  return ids.empty() ? "no prompt" : fmt::format("the prompts: {}", fmt::join(ids, ", "));
}

Awaitable<Result<Seen>> prompt(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string id = args.text("prompt");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const auto& prompts = state->prompts;
  const auto prompt = std::find_if(prompts.begin(), prompts.end(),
                                   [&](const world::Prompt& each) { return each.id == id; });
  if (prompt == prompts.end()) {
    co_return saw(false, fmt::format("the prompt {} at {}", id, till), listed(standing(*state)));
  }
  if (prompt->text.find(args.text("says")) == std::string::npos) {
    co_return saw(false, fmt::format("\"{}\" in the prompt {}", args.text("says"), id),
                  prompt->text);
  }
  if (args.has("answer")) {
    const world::Order press =
        world::Order("press").with("prompt", id).with("button", args.text("answer"));
    auto pressed = co_await stage.bed().command(till, press);
    if (!pressed) co_return base::Failure(pressed.error());
  }
  co_return saw(true, fmt::format("the prompt {} at {}", id, till), {});
}

Awaitable<Result<Seen>> no_prompt(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string id = args.text("no-prompt");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const auto ids = standing(*state);
  const bool stands =
      id == "any" ? !ids.empty() : std::find(ids.begin(), ids.end(), id) != ids.end();
  Seen seen = saw(!stands, fmt::format("no prompt {} at {}", id, till), listed(ids));
  seen.never_otherwise = true;
  co_return seen;
}

Awaitable<Result<Seen>> refused(Stage& stage, const Args& args) {
  const std::string what = args.text("refused");
  const std::string reason = args.text("reason");
  const auto times = static_cast<std::size_t>(args.number("times", 1));
  std::string seen = "nothing was refused in this phase";
  std::vector<Refusal*> meant;
  for (Refusal& each : stage.refusals.all()) {
    if (each.expected) continue;  // by another line
    const bool reasoned =
        reason.empty() || each.code == reason || each.text.find(reason) != std::string::npos;
    seen = fmt::format("{} was refused: {}", each.what, each.text);
    if (each.what == what && reasoned && meant.size() < times) meant.push_back(&each);
  }
  if (meant.size() == times) {
    for (Refusal* each : meant) each->expected = true;
    co_return saw(true, {}, {});
  }
  std::string expected = reason.empty() ? what + " refused" : what + " refused: " + reason;
  if (times > 1) expected += fmt::format(", {} times", times);
  co_return saw(false, expected, seen);
}

Awaitable<Result<Seen>> link(Stage& stage, const Args& args) {
  const std::string till = args.text("link");
  const std::string is = args.text("is");
  const std::string cause = args.text("cause");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const std::string& now = state->link;
  const std::string& why = state->cause;
  const bool holds = (is.empty() || now == is) && (cause.empty() || why == cause);
  co_return saw(holds, fmt::format("{} {} {}", till, is, cause),
                fmt::format("{} {} ({})", till, now, why));
}

Awaitable<Result<Seen>> arrows(Stage& stage, const Args& args) {
  const std::string till = args.text("arrows");
  const std::string are = args.text("are");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  co_return saw(state->arrows == are, fmt::format("the arrows of {} are {}", till, are),
                fmt::format("they are {}: it was in step {} ago", state->arrows,
                            describe(std::chrono::milliseconds(state->in_step_ms))));
}

Awaitable<Result<Seen>> manager(Stage& stage, const Args& args) {
  const std::string till = args.text("manager");
  const Instant asked = stage.now();
  const world::Order look("sync");
  auto reply = co_await stage.bed().command(till, look);
  if (!reply) co_return base::Failure(reply.error());
  if (!reply->manager) co_return saw(false, "the Sync Manager of " + till, "nothing");
  const world::SyncManager& shown = *reply->manager;
  const base::Duration took = stage.now() - asked;
  struct Figure {
    std::string_view name;
    std::uint64_t seen;
  };
  const Figure figures[] = {{"uploaded", shown.counters.uploaded},
                            {"pending", shown.counters.pending},
                            {"quarantined", shown.counters.quarantined},
                            {"under-way", shown.under_way},
                            {"controls", shown.controls.size()}};
  std::string wanted;
  std::string seen;
  bool holds = took <= kOpensWithin;
  if (args.has("controls-are")) {
    const bool locked = args.text("controls-are") == "locked";
    holds = holds && locked == shown.locked;
    wanted += locked ? " locked controls" : " free controls";
    seen += shown.locked ? " locked controls" : " free controls";
  }
  if (args.has("last-used")) {
    const std::string last = shown.used.empty() ? "nothing" : shown.used.front().control;
    holds = holds && last == args.text("last-used");
    wanted += fmt::format(" last used {}", args.text("last-used"));
    seen += fmt::format(" last used {}", last);
  }
  if (args.has("advises")) {
    holds = holds && shown.advice.find(args.text("advises")) != std::string::npos;
    wanted += fmt::format(" the advice \"{}\"", args.text("advises"));
    seen += fmt::format(" the advice \"{}\"", shown.advice);
  }
  for (const Figure& figure : figures) {
    if (!args.has(figure.name)) continue;
    const auto number = static_cast<std::uint64_t>(args.number(figure.name));
    holds = holds && number == figure.seen;
    wanted += fmt::format(" {} {}", figure.name, number);
    seen += fmt::format(" {} {}", figure.name, figure.seen);
  }
  co_return saw(
      holds,
      fmt::format("the Sync Manager of {} with{} within {}", till, wanted, describe(kOpensWithin)),
      fmt::format("{} after {}", seen, describe(took)));
}

Awaitable<Result<Seen>> rehearsal(Stage& stage, const Args& args) {
  const std::string till = args.text("rehearsal");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  const world::RehearsalSeen now = state->rehearsal.value_or(world::RehearsalSeen());
  bool holds = now.on == (args.text("is") == "on");
  std::string wanted = args.text("is");
  if (args.has("passed")) {
    holds = holds && now.passed.size() == static_cast<std::size_t>(args.number("passed"));
    wanted += fmt::format(", {} acts passed", args.number("passed"));
  }
  if (args.has("lacks")) {
    const auto is_it = [&](const std::string& act) {
      return act.find(args.text("lacks")) != std::string::npos;
    };
    holds = holds && std::any_of(now.missing.begin(), now.missing.end(), is_it);
    wanted += fmt::format(", not tried: {}", args.text("lacks"));
  }
  co_return saw(holds, fmt::format("the rehearsal at {} is {}", till, wanted),
                fmt::format("it is {}, passed: {}; not tried: {}", now.on ? "on" : "off",
                            fmt::join(now.passed, ", "), fmt::join(now.missing, ", ")));
}

Awaitable<Result<Seen>> till_is(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  const std::string is = args.text("is");
  std::string now = "dead";
  if (stage.bed().running(till)) {
    auto state = co_await stage.bed().state(till);
    if (state) now = state->stage;
  }
  co_return saw(now == is, fmt::format("{} is {}", till, is), fmt::format("it is {}", now));
}

const auto kPrompt =
    expectation("prompt", "A prompt stands on the till's screen; with `answer` it is pressed.",
                {{"prompt", Kind::prompt, "the prompt's id", true},
                 kAtTill,
                 {"says", Kind::text, "words that stand in it"},
                 {"answer", Kind::button, "the button that the cashier presses"}},
                R"({ prompt = "no_internet", within = "20s", answer = "Continue" })", prompt,
                "{till} shows the prompt {prompt}");
const auto kNoPrompt =
    expectation("no-prompt", "A prompt does not stand on the screen; \"any\": none at all.",
                {{"no-prompt", Kind::prompt, "the prompt's id, or any", true, "any"}, kAtTill},
                R"({ no-prompt = "no_internet", till = "till-1" })", no_prompt,
                "{till} shows no prompt {no-prompt}");
const auto kRefused = expectation(
    "refused", "Something done in this phase was refused by the till.",
    {{"refused", Kind::step, "the step, by its name", true},
     {"reason", Kind::text, "its code, or a part of the till's sentence"},
     {"times", Kind::count, "how often; once if left out"}},
    R"({ refused = "tender", reason = "not set up" })", refused, "{refused} is refused: {reason}");
const auto kLink = expectation(
    "link", "What the till tells the cashier of its connection, and why.",
    {{"link", Kind::till, "which till", true},
     {"is", Kind::text, "the state shown", false, "starting online suspect offline local"},
     {"cause", Kind::text, "the cause shown", false,
      "none link dns refused blackhole reset tls portal slow garbled server busy login local"}},
    R"({ link = "till-1", is = "offline", cause = "dns", within = "20s" })", link,
    "{link} counts itself {is} {cause}", {{"link", "", "is cause", ""}},
    {.needs_line = [](const Args& args) { return args.text("is") == "online"; }});
const auto kArrows = expectation(
    "arrows",
    "The colour of the arrows at the bottom: how long ago the till was in step with its "
    "cloud, both ways. Blue from an hour on, amber from a day, red from two.",
    {{"arrows", Kind::till, "which till", true},
     {"are", Kind::text, "their colour", true, "green blue amber red"}},
    R"({ arrows = "till-1", are = "amber" })", arrows, "the arrows of {arrows} are {are}");
const auto kManager = expectation(
    "manager",
    "What the Sync Manager shows; it opens within 200 ms, whatever the line does and "
    "whatever hangs.",
    {{"manager", Kind::till, "at which till", true},
     {"uploaded", Kind::integer, "sales and other documents that are in the cloud"},
     {"pending", Kind::integer, "those that wait"},
     {"quarantined", Kind::integer, "those that the cloud refused"},
     {"under-way", Kind::integer, "of those that wait: on their way now"},
     {"controls", Kind::integer, "how many controls stand on its right"},
     {"controls-are", Kind::text, "whether they want the PIN first", false, "locked free"},
     {"last-used", Kind::text,
      "the control that was used last, done or not, in the words of the control line"},
     {"advises", Kind::text, "words of its advice about the line"}},
    R"({ manager = "till-1", uploaded = 3, pending = 2, controls = 8 })", manager,
    "the Sync Manager of {manager} shows uploaded {uploaded} pending {pending}");
const auto kRehearsal =
    expectation("rehearsal", "A rehearsal of local mode, and what was tried in it.",
                {{"rehearsal", Kind::till, "at which till", true},
                 {"is", Kind::text, "whether it is under way", true, "on off"},
                 {"passed", Kind::integer, "how many of its acts went well"},
                 {"lacks", Kind::text, "words of an act that was not tried"}},
                R"({ rehearsal = "till-1", is = "off", passed = 6 })", rehearsal,
                "the rehearsal at {rehearsal} is {is}");
const auto kTill = expectation(
    "till", "What the till is at.",
    {{"till", Kind::till, "which till", true},
     {"is", Kind::text, "what it is at", true, "register starting critical closed dead"}},
    R"({ till = "till-1", is = "register" })", till_is, "{till} is {is}");

}  // namespace
}  // namespace tillrig::scenario::screen
