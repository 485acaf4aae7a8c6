#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/scenario/read/words_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tillrig::scenario {
namespace {

std::string shown(const words::Word& row, std::string_view key, const words::Args& args,
                  const base::Currency& currency) {
  const auto at = args.all().find(key);
  if (at == args.all().end()) return {};
  if (const auto* text = std::get_if<std::string>(&at->second)) return *text;
  const std::int64_t number = std::get<std::int64_t>(at->second);
  for (const words::Param& param : row.params) {
    if (param.name != key) continue;
    if (const auto written = kind_of(param).shown) return written(number, currency);
  }
  return fmt::format("{}", number);
}

// The row's sentence with the arguments in it; what was not given leaves no trace.
std::string filled(std::string_view plain, const words::Word& row, const words::Args& args,
                   const base::Currency& currency) {
  std::string text;
  while (!plain.empty()) {
    const std::size_t open = plain.find('{');
    text += plain.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = plain.find('}', open);
    text += shown(row, plain.substr(open + 1, close - open - 1), args, currency);
    plain.remove_prefix(close + 1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == ':')) text.pop_back();
  return text;
}

// Every argument that the row's sentence has no place for: nothing of a line is kept back.
std::string rest(std::string_view plain, const words::Word& row, const words::Args& args,
                 const base::Currency& currency) {
  std::string text;
  for (const auto& [key, value] : args.all()) {
    if (key == "till" || plain.find("{" + key + "}") != std::string_view::npos) continue;
    text += fmt::format(", {} {}", key, shown(row, key, args, currency));
  }
  return text;
}

std::string whole(std::string_view plain, const words::Word& row, const words::Args& args,
                  const base::Currency& currency) {
  return filled(plain, row, args, currency) + rest(plain, row, args, currency);
}

std::string told(const Action& action, const base::Currency& currency) {
  const std::string whom = action.till == "*" ? "" : " at " + action.till;
  if (action.kind == Action::Kind::heal) {
    return fmt::format("{} is healed{}", action.fault->name, whom);
  }
  if (action.kind == Action::Kind::fault) {
    const std::string how_long =
        action.for_ ? fmt::format(" for {}", describe(*action.for_)) : std::string();
    return fmt::format("{} begins{}{}{}{}: {}", action.fault->name, whom, how_long,
                       rest("", *action.fault, action.args, currency),
                       action.optional ? ", if it finds anything to do" : "", action.fault->doc);
  }
  return whole(action.step->plain, *action.step, action.args, currency);
}

}  // namespace

std::string explain_plan(const Plan& plan) {
  const base::Currency currency =
      base::find_currency(plan.setup.shop.currency).value_or(base::Currency{"EUR", 2});
  std::string text = plan.title + "\n";
  if (!plan.variant.empty()) text += fmt::format("({})\n", plan.variant);
  if (!plan.story.empty()) text += "\n" + plan.story + "\n";
  text += fmt::format("\nThe shop {} with {}. At most {} of shop time.\n", plan.setup.shop.name,
                      fmt::join(plan.setup.tills, ", "), describe(plan.limit));
  for (const Flow& flow : plan.flows) {
    text += fmt::format("\nAll the while, {} sells {} to {} items about every {}.\n",
                        flow.till == "*" ? "each till" : flow.till, flow.least_items,
                        flow.most_items, describe(flow.every.mean));
    text += "  It begins " + describe(flow.from) + " after the opening";
    if (flow.every.give_or_take > Duration{}) {
      text += ", give or take " + describe(flow.every.give_or_take);
    }
    if (flow.until) text += ", and ends " + describe(*flow.until) + " after it";
    if (flow.count) text += fmt::format(", with {} sales", *flow.count);
    text += flow.optional ? "; the till may be unable to sell.\n" : ".\n";
  }
  for (const At& at : plan.ats) {
    text += fmt::format("\n{} after the opening:\n", describe(at.time));
    for (const Action& action : at.doing) text += "  - " + told(action, currency) + "\n";
  }
  for (const When& when : plan.whens) {
    text += fmt::format("\nAt the mark {}{}{}, number {}{}:\n", when.mark.mark,
                        when.mark.lane.empty() ? "" : " at ", when.mark.lane, when.mark.count,
                        when.optional ? ", if it comes" : "");
    for (const Action& action : when.doing) text += "  - " + told(action, currency) + "\n";
  }
  for (const Phase& phase : plan.phases) {
    text += "\n" + phase.name + "\n";
    for (const Action& action : phase.doing) text += "  - " + told(action, currency) + "\n";
    for (const Expected& expected : phase.expects) {
      text += "  then " + whole(expected.row->plain, *expected.row, expected.args, currency);
      if (expected.within > Duration{}) text += ", within " + describe(expected.within);
      if (expected.holds_for > Duration{}) {
        text += ", all the while for " + describe(expected.holds_for);
      }
      text += "\n";
    }
  }
  text += "\nAt the end all is healed and started again, and every invariant must hold.\n";
  for (const Waiver& waiver : plan.waivers) {
    text += fmt::format("Not {}: {}\n", waiver.invariant, waiver.reason);
  }
  return text;
}

}  // namespace tillrig::scenario
