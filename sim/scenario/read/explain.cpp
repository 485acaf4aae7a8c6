#include "sim/scenario/read/document.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/lines.hpp"
#include "sim/scenario/read/step.hpp"
#include "sim/scenario/read/words_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace tillrig::scenario {
namespace {

std::string shown(const words::Word& row, std::string_view key, const words::Args& args,
                  const base::Currency& currency) {
  const auto at = args.all().find(key);
  if (at == args.all().end()) return {};
  if (const auto* text = std::get_if<std::string>(&at->second)) return *text;
  const std::int64_t number = std::get<std::int64_t>(at->second);
  for (const words::Param& param : row.params) {
    if (param.name == key) return shown_value(param, number, currency);
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

std::string told(const std::vector<Action>& doing, const base::Currency& currency) {
  std::string text;
  for (const Action& action : doing) text += "  - " + told(action, currency) + "\n";
  return text;
}

// A value that stands for itself: "8 and 9", "latency 50ms".
std::string bare(const Node& value) {
  std::vector<std::string> parts;
  for (const Node& each : value.list) parts.push_back(bare(each));
  for (const Entry& each : value.table) parts.push_back(each.key + " " + bare(each.value));
  if (value.type == Node::Type::list || value.type == Node::Type::table) {
    return fmt::format("{}", fmt::join(parts, ", "));
  }
  return value.type == Node::Type::text ? value.text : as_found(value);
}

std::string told_head(const Plan& plan) {
  std::string text = plan.title + "\n";
  if (!plan.variant.empty()) text += fmt::format("({})\n", plan.variant);
  if (!plan.story.empty()) text += "\n" + plan.story + "\n";
  text +=
      fmt::format("\nThe shop {} with {}. At most {} of shop time; by chance as seed {} has it.\n",
                  plan.setup.shop.name, fmt::join(plan.setup.tills, ", "), describe(plan.limit),
                  plan.setup.seed);
  const Entry* const store = plan.document->root().find("store");
  Problems none(plan.file);  // the file was checked
  const Node shop =
      store == nullptr ? Node() : substituted(store->value, plan.variant_values->bindings, none);
  for (const Entry& each : shop.table) {
    if (each.key == "fixture" || each.key == "tills") continue;
    text += fmt::format("Of the shop, {}: {}.\n", each.key, bare(each.value));
  }
  const std::pair<std::string_view, const std::vector<std::string>*> said[] = {
      {"It covers", &plan.covers},
      {"It must find the bugs", &plan.kills},
      {"Its tags are", &plan.tags},
      {"It is played on the beds", &plan.beds}};
  for (const auto& [what, words] : said) {
    if (!words->empty()) text += fmt::format("{} {}.\n", what, fmt::join(*words, ", "));
  }
  return text;
}

// What the cases and the matrix give, beside the run that is told.
std::string told_variants(const Node& root) {
  std::string text;
  const Entry* const cases = root.find("case");
  for (const Node& each : cases != nullptr ? cases->value.list : std::vector<Node>()) {
    Node given = each;
    std::erase_if(given.table, [](const Entry& entry) { return entry.key == "id"; });
    text += fmt::format("Case \"{}\": {}.\n", bare(each.find("id")->value), bare(given));
  }
  const Entry* const matrix = root.find("matrix");
  for (const Entry& axis : matrix != nullptr ? matrix->value.table : std::vector<Entry>()) {
    text += fmt::format("A run for each {} of: {}.\n", axis.key, bare(axis.value));
  }
  return text.empty() ? text : "\n" + text;
}

std::string told_flow(const Flow& flow) {
  std::string text =
      fmt::format("\nAll the while, {} sells ", flow.till == "*" ? "each till" : flow.till);
  text += fmt::format("{} to {} items{}{} about every {}", flow.items.least, flow.items.most,
                      flow.goods.empty() ? "" : " of ", fmt::join(flow.goods, ", "),
                      describe(flow.every.mean));
  if (flow.every.give_or_take > Duration{}) {
    text += ", give or take " + describe(flow.every.give_or_take);
  }
  text += ".\n  It begins " + describe(flow.from) + " after the opening";
  if (flow.until) text += ", and ends " + describe(*flow.until) + " after it";
  if (flow.count) text += fmt::format(", with {} sales", *flow.count);
  text += flow.optional ? "; the till may be unable to sell.\n" : ".\n";
  const auto percent = [](base::Rate rate) {
    return base::format_quantity(base::Quantity{rate.basis_points * 10});
  };
  if (flow.discounts.basis_points > 0) {
    text += fmt::format("  {} of 100 sales are discounted by 5, 10, 15 or 20 %.\n",
                        percent(flow.discounts));
  }
  if (flow.refunds.basis_points > 0) {
    text += fmt::format("  {} of 100 sales are given back at once.\n", percent(flow.refunds));
  }
  for (const auto& [prompt, button] : flow.answers) {
    text += fmt::format("  When the prompt {} stands there, it presses {}.\n", prompt, button);
  }
  return text;
}

std::string told_phase(const Phase& phase, const base::Currency& currency) {
  std::string text = "\n" + phase.name;
  text += (phase.from.empty() ? "" : fmt::format(" (as in {})", phase.from)) + "\n";
  text += told(phase.doing, currency);
  for (const Expected& expected : phase.expects) {
    text += "  then " + whole(expected.row->plain, *expected.row, expected.args, currency);
    if (expected.within > Duration{}) text += ", within " + describe(expected.within);
    if (expected.holds_for > Duration{}) {
      text += ", all the while for " + describe(expected.holds_for);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string explain_plan(const Plan& plan) {
  const base::Currency currency =
      base::find_currency(plan.setup.shop.currency).value_or(base::Currency{"EUR", 2});
  std::string text = told_head(plan) + told_variants(plan.document->root());
  for (const Flow& flow : plan.flows) text += told_flow(flow);
  for (const At& at : plan.ats) {
    text += fmt::format("\n{} after the opening", describe(at.time));
    if (at.times > 1) {
      text +=
          fmt::format(", and every {} from then on, {} times in all", describe(at.every), at.times);
    }
    text += ":\n" + told(at.doing, currency);
  }
  for (const When& when : plan.whens) {
    text += fmt::format("\nAt the mark {}{}{}, number {}{}:\n", when.mark.mark,
                        when.mark.lane.empty() ? "" : " at ", when.mark.lane, when.mark.count,
                        when.optional ? ", if it comes" : "");
    text += told(when.doing, currency);
  }
  for (const Phase& phase : plan.phases) text += told_phase(phase, currency);
  text += "\nAt the end all is healed and started again, and every invariant must hold.\n";
  for (const Waiver& waiver : plan.waivers) {
    text += fmt::format("Not {}: {}\n", waiver.invariant, waiver.reason);
  }
  return text;
}

}  // namespace tillrig::scenario
