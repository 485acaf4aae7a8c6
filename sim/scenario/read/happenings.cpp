#include "sim/scenario/read/lines.hpp"
#include "sim/scenario/read/reading.hpp"

#include <set>

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
    static constexpr std::string_view kKeys[] = {"name", "do", "expect"};
    reading_.known_keys(from, "phase", kKeys);
    Phase phase;
    phase.where = from.where;
    phase.name = reading_.text(from, "name", true);
    if (!phase.name.empty() && !phase_names_.insert(phase.name).second) {
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
    plan_.phases.push_back(std::move(phase));
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
    if (const Entry* doing = from.find("do")) return actions(*doing);
    reading_.problems.add(from.where, "do is missing", "do = [ ... ]: what happens then");
    return {};
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
    static constexpr std::string_view kKeys[] = {"till",  "act",  "every", "items",
                                                 "count", "from", "until", "optional"};
    reading_.known_keys(from, "flow", kKeys);
    Flow flow;
    flow.where = from.where;
    words::Args args;
    if (const Entry* till = from.find("till")) {
      read_value({"till", words::Kind::till, ""}, till->value, around_, args, reading_.problems);
    }
    flow.till = args.text("till", "*");
    if (const Entry* act = from.find("act"); act != nullptr && act->value.text != "sale") {
      reading_.problems.add(act->value.where, fmt::format("a flow cannot {}", act->value.text),
                            "act = \"sale\"");
    }
    const Entry* every = from.find("every");
    const auto spread = every != nullptr ? parse_spread(every->value.text) : std::nullopt;
    if (spread) {
      flow.every = *spread;
    } else {
      reading_.problems.add(every != nullptr ? every->value.where : from.where,
                            "a flow does not say how often", "every = \"45s\" or \"45s ~20s\"");
    }
    if (const Entry* items = from.find("items")) read_range(*items, flow);
    if (const Entry* count = from.find("count")) {
      read_value({"count", words::Kind::count, ""}, count->value, around_, args, reading_.problems);
      flow.count = args.number("count");
    }
    if (const Entry* optional = from.find("optional")) {
      read_value({"optional", words::Kind::flag, ""}, optional->value, around_, args,
                 reading_.problems);
      flow.optional = args.number("optional") != 0;
    }
    flow.from = clock(from, "from").value_or(Duration{});
    flow.until = clock(from, "until");
    if (flow.until && *flow.until <= flow.from) {
      reading_.problems.add(from.find("until")->value.where, "the flow ends before it begins");
    }
    plan_.flows.push_back(std::move(flow));
  }

  void read_range(const Entry& items, Flow& flow) {
    const Node& value = items.value;
    if (value.type == Node::Type::integer && value.number > 0) {
      flow.least_items = flow.most_items = value.number;
      return;
    }
    const std::size_t dots = value.text.find("..");
    if (value.type == Node::Type::text && dots != std::string::npos) {
      const auto least = base::parse_quantity(value.text.substr(0, dots));
      const auto most = base::parse_quantity(value.text.substr(dots + 2));
      constexpr std::int64_t kOne = 1000;
      if (least && most && least->thousandths % kOne == 0 && most->thousandths % kOne == 0 &&
          least->thousandths >= kOne && least->thousandths <= most->thousandths) {
        flow.least_items = least->thousandths / kOne;
        flow.most_items = most->thousandths / kOne;
        return;
      }
    }
    reading_.wrong(items, "how many items a sale has, such as 2 or \"1..3\"");
  }

  void read_at(const Node& from) {
    static constexpr std::string_view kKeys[] = {"time", "do"};
    reading_.known_keys(from, "[[at]] table", kKeys);
    At at;
    at.where = from.where;
    const auto time = clock(from, "time");
    if (!time) reading_.problems.add(from.where, "time is missing", "time = \"open+2h\"");
    at.time = time.value_or(Duration{});
    at.doing = needed_actions(from);
    plan_.ats.push_back(std::move(at));
  }

  void read_when(const Node& from) {
    static constexpr std::string_view kKeys[] = {"mark", "do", "optional"};
    reading_.known_keys(from, "[[when]] table", kKeys);
    When when;
    when.where = from.where;
    words::Args args;
    if (const Entry* mark = from.find("mark")) {
      read_value({"mark", words::Kind::mark, ""}, mark->value, around_, args, reading_.problems);
    } else {
      reading_.problems.add(from.where, "mark is missing", "mark = \"ledger.synced#40@till-1\"");
    }
    if (const auto point = parse_mark(args.text("mark"))) when.mark = *point;
    if (const Entry* optional = from.find("optional")) {
      read_value({"optional", words::Kind::flag, ""}, optional->value, around_, args,
                 reading_.problems);
      when.optional = args.number("optional") != 0;
    }
    when.doing = needed_actions(from);
    plan_.whens.push_back(std::move(when));
  }

  std::optional<Duration> clock(const Node& table, std::string_view key) {
    const auto found = reading_.entry(table, key);
    if (!found) return {};
    words::Args args;
    const words::Param param{key, words::Kind::clock, ""};
    read_value(param, found->value, around_, args, reading_.problems);
    const Duration at = args.duration(key);
    if (at > plan_.limit) {
      reading_.problems.add(found->value.where,
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
