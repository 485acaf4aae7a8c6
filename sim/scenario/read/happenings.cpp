#include "sim/scenario/read/frame.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/lines.hpp"
#include "sim/scenario/read/reading.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tillrig::scenario {
namespace {

// What happens: phases, background trade, things at a time and on a mark.
class Happenings {
 public:
  Happenings(Reading& reading, const Surroundings& around, Plan& plan)
      : reading_(reading), around_(around), plan_(plan) {}

  void read() {
    for (const Node& each : reading_.tables("phase")) read_phase(each);
    for (const Node& each : reading_.tables("flow")) read_flow(each);
    for (const Node& each : reading_.tables("at")) read_at(each);
    for (const Node& each : reading_.tables("when")) read_when(each);
  }

 private:
  void read_phase(const Node& from) {
    const words::Args args = keys(from, "phase");
    Phase phase;
    phase.where = from.where;
    phase.name = args.text("name");
    if (from.find("name") == nullptr) {
      reading_.problems.add(from.where, "name is missing", "a text");
    } else if (!phase.name.empty() && !phase_names_.insert(phase.name).second) {
      reading_.problems.add(from.find("name")->value.where,
                            fmt::format("two phases have the name \"{}\"", phase.name));
    }
    if (const Entry* doing = from.find("do")) phase.doing = actions(*doing);
    if (const Entry* expect = from.find("expect")) {
      if (expect->value.type != Node::Type::list) reading_.wrong(*expect, "a list of lines");
      for (const Node& line : expect->value.list) {
        auto expected = read_expected(line, around_, reading_.problems);
        if (!expected) continue;
        within_limit(line, "within", expected->within);
        within_limit(line, "for", expected->holds_for);
        phase.expects.push_back(std::move(*expected));
      }
    }
    if (const PhaseUse* use = reading_.document.use_of(from.where)) settle(phase, *use);
    plan_.phases.push_back(std::move(phase));
  }

  // What a shared phase does is told at the line that uses it: a run is of one file.
  static void settle(Phase& phase, const PhaseUse& use) {
    phase.from = use.file;
    phase.where = use.where;
    for (Action& action : phase.doing) action.where = use.where;
    for (Expected& expected : phase.expects) expected.where = use.where;
  }

  words::Args keys(const Node& from, std::string_view row) {
    return read_keys(from, frame(row), around_, reading_.problems);
  }

  std::vector<Action> actions(const Entry& from) {
    std::vector<Action> all = read_actions(from, around_, reading_.problems);
    for (const Node& line : from.value.list) {
      if (const Entry* wait = line.find("wait")) {
        within_limit(line, "wait", parse_duration(wait->value.text).value_or(Duration{}));
      }
    }
    return all;
  }

  std::vector<Action> needed_actions(const Node& from) {
    const Entry* const doing = from.find("do");
    return doing != nullptr ? actions(*doing) : std::vector<Action>();
  }

  void within_limit(const Node& line, std::string_view key, Duration duration) {
    if (duration <= plan_.limit) return;
    const Entry* at = line.find(key);
    reading_.problems.add(at != nullptr ? at->value.where : line.where,
                          fmt::format("{} is {}, more than the limit of {}", key,
                                      describe(duration), describe(plan_.limit)),
                          "less, or a longer limit");
  }

  void read_flow(const Node& from) {
    const words::Args args = keys(from, "flow");
    Flow flow;
    flow.where = from.where;
    flow.till = args.text("till", "*");
    flow.every = parse_spread(args.text("every")).value_or(Spread());
    if (const auto range = parse_range(args.text("items"))) {
      flow.items = *range;
    } else {
      flow.goods = args.words("items");
    }
    if (args.has("count")) flow.count = args.number("count");
    flow.discounts = base::Rate{args.number("discounts")};
    flow.refunds = base::Rate{args.number("refunds")};
    flow.optional = args.number("optional") != 0;
    flow.from = clock(from, "from", args).value_or(Duration{});
    flow.until = clock(from, "until", args);
    if (flow.until && *flow.until <= flow.from) {
      reading_.problems.add(from.find("until")->value.where, "the flow ends before it begins");
    }
    if (const Entry* answers = from.find("answers")) read_answers(*answers, flow);
    plan_.flows.push_back(std::move(flow));
  }

  // A prompt's button for each key, each as a line of the story would have it.
  void read_answers(const Entry& answers, Flow& flow) {
    static const words::Param kPrompt{"prompt", words::Kind::prompt, ""};
    if (answers.value.type != Node::Type::table || answers.value.table.empty()) {
      return reading_.wrong(answers, "a table such as { no_internet = \"Continue\" }");
    }
    for (const Entry& each : answers.value.table) {
      Node id;
      id.type = Node::Type::text;
      id.where = each.where;
      id.text = each.key;
      words::Args args;
      read_value(kPrompt, id, around_, args, reading_.problems);
      const words::Param button{each.key, words::Kind::button, ""};
      read_value(button, each.value, around_, args, reading_.problems);
      if (!args.has("prompt") || !args.has(each.key)) continue;
      kind_of(button).agrees({button, each.value, around_, reading_.problems}, args);
      flow.answers[each.key] = args.text(each.key);
    }
  }

  void read_at(const Node& from) {
    const words::Args args = keys(from, "at");
    At at;
    at.where = from.where;
    at.time = clock(from, "time", args).value_or(Duration{});
    at.doing = needed_actions(from);
    at.every = args.duration("every");
    at.times = args.number("times", 1);
    for (const auto& [key, other] : {std::pair("every", "times"), std::pair("times", "every")}) {
      if (from.find(key) == nullptr || from.find(other) != nullptr) continue;
      reading_.problems.add(from.find(key)->where, fmt::format("{} alone says nothing", key),
                            fmt::format("{} with it", other));
    }
    const Duration left = std::max(plan_.limit - at.time, Duration{});
    if (at.times > 1 && at.every > left / (at.times - 1)) {
      reading_.problems.add(
          from.find("times") != nullptr ? from.find("times")->value.where : from.where,
          fmt::format("{} more times every {} pass the limit of {}", at.times - 1,
                      describe(at.every), describe(plan_.limit)),
          "fewer times, or a longer limit");
    }
    plan_.ats.push_back(std::move(at));
  }

  void read_when(const Node& from) {
    const words::Args args = keys(from, "when");
    When when;
    when.where = from.where;
    if (const auto point = parse_mark(args.text("mark"))) when.mark = *point;
    when.optional = args.number("optional") != 0;
    when.doing = needed_actions(from);
    plan_.whens.push_back(std::move(when));
  }

  // A time that has been read, within the limit.
  std::optional<Duration> clock(const Node& table, std::string_view key, const words::Args& args) {
    if (!args.has(key)) return {};
    const Duration at = args.duration(key);
    if (at > plan_.limit) {
      reading_.problems.add(table.find(key)->value.where,
                            fmt::format("{} lies {} after the opening, beyond the limit of {}", key,
                                        describe(at), describe(plan_.limit)),
                            "an earlier time, or a longer limit");
    }
    return at;
  }

  Reading& reading_;
  const Surroundings& around_;
  Plan& plan_;
  std::set<std::string> phase_names_;
};

}  // namespace

void read_happenings(Reading& reading, const Surroundings& around, Plan& plan) {
  Happenings(reading, around, plan).read();
}

}  // namespace tillrig::scenario
