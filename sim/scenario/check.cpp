#include "pos/base/mutant.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/fixture.hpp"
#include "sim/scenario/lines.hpp"
#include "sim/scenario/store_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace tillrig::scenario {
namespace {

constexpr std::string_view kTop[] = {"title", "story",  "covers", "kills", "tags", "limit",
                                     "seed",  "store",  "phase",  "flow",  "at",   "when",
                                     "case",  "matrix", "beds",   "waive"};

// Turns a document into one run's plan.
class Checker {
 public:
  Checker(const Document& document, const Variant& variant, Problems& problems)
      : document_(document), variant_(variant), problems_(problems) {}

  Plan check() {
    plan_.file = document_.file();
    plan_.variant = variant_.label;
    plan_.sweep = variant_.sweep;
    known_keys(document_.root(), "scenario", kTop);
    read_story();
    read_store();
    read_words();
    for_each("phase", [this](const Node& each) { read_phase(each); });
    for_each("flow", [this](const Node& each) { read_flow(each); });
    for_each("at", [this](const Node& each) { read_at(each); });
    for_each("when", [this](const Node& each) { read_when(each); });
    check_heals();
    if (plan_.phases.empty() && plan_.flows.empty() && plan_.ats.empty()) {
      problems_.add(document_.root().where, "nothing happens in this scenario",
                    "at least one [[phase]]");
    }
    return std::move(plan_);
  }

 private:
  // An entry of the file with the variant's values put in.
  std::optional<Entry> entry(const Node& table, std::string_view key) {
    const Entry* found = table.find(key);
    if (found == nullptr) return {};
    Entry copy = *found;
    copy.value = substituted(found->value, variant_.bindings, problems_);
    return copy;
  }

  void known_keys(const Node& table, std::string_view what,
                  std::span<const std::string_view> valid) {
    for (const Entry& each : table.table) {
      if (std::find(valid.begin(), valid.end(), each.key) == valid.end()) {
        problems_.unknown(each.where, fmt::format("key of a {}", what), each.key, valid);
      }
    }
  }

  void wrong(const Entry& at, std::string_view expected) {
    problems_.add(at.value.where, fmt::format("{} is {}", at.key, as_found(at.value)),
                  std::string(expected));
  }

  template <class Read>
  void for_each(std::string_view key, Read read) {
    const auto list = entry(document_.root(), key);
    if (!list) return;
    if (list->value.type != Node::Type::list) {
      return problems_.add(list->where, fmt::format("{} is {}", key, name(list->value.type)),
                           fmt::format("[[{}]]", key));
    }
    for (const Node& each : list->value.list) {
      if (each.type == Node::Type::table) {
        read(each);
      } else {
        problems_.add(each.where, fmt::format("{} holds {}", key, name(each.type)),
                      fmt::format("[[{}]]", key));
      }
    }
  }

  std::string text(const Node& table, std::string_view key, bool required) {
    const auto found = entry(table, key);
    if (!found) {
      if (required) problems_.add(table.where, fmt::format("{} is missing", key), "a text");
      return {};
    }
    if (found->value.type != Node::Type::text || found->value.text.empty()) wrong(*found, "a text");
    return found->value.text;
  }

  std::vector<std::pair<std::string, Where>> texts(const Node& table, std::string_view key) {
    std::vector<std::pair<std::string, Where>> all;
    const auto found = entry(table, key);
    if (!found) return all;
    if (found->value.type != Node::Type::list) wrong(*found, "a list of texts");
    for (const Node& each : found->value.list) {
      if (each.type != Node::Type::text) {
        problems_.add(each.where, fmt::format("{} holds {}", key, name(each.type)), "texts");
      }
      all.emplace_back(each.text, each.where);
    }
    return all;
  }

  std::optional<Duration> clock(const Node& table, std::string_view key) {
    const auto found = entry(table, key);
    if (!found) return {};
    words::Args args;
    const words::Param param{key, words::Kind::clock, ""};
    read_value(param, found->value, around_, args, problems_);
    const Duration at = args.duration(key);
    if (at > plan_.limit) {
      problems_.add(found->value.where,
                    fmt::format("{} lies {} after the opening, beyond the limit of {}", key,
                                describe(at), describe(plan_.limit)),
                    "an earlier time, or a longer limit");
    }
    return at;
  }

  void read_story() {
    const Node& root = document_.root();
    plan_.title = text(root, "title", true);
    plan_.story = text(root, "story", false);
    for (auto& [tag, where] : texts(root, "tags")) plan_.tags.push_back(tag);
    for (auto& [id, where] : texts(root, "covers")) {
      const std::size_t dash = id.find('-');
      static constexpr std::string_view kFamilies[] = {"CE", "OUT", "MP", "SM", "X"};
      const std::string_view family = std::string_view(id).substr(0, dash);
      if (dash == std::string::npos || id.size() != dash + 3 ||
          std::find(std::begin(kFamilies), std::end(kFamilies), family) == std::end(kFamilies)) {
        problems_.add(where, fmt::format("\"{}\" is no requirement", id),
                      "an id such as \"OUT-04\", \"CE-02\" or \"X-04\"");
      }
      plan_.covers.push_back(id);
    }
    plan_.limit = std::chrono::hours(1);
    if (const auto limit = entry(root, "limit")) {
      const auto parsed = parse_duration(limit->value.text);
      if (limit->value.type != Node::Type::text || !parsed || *parsed <= Duration{}) {
        wrong(*limit, "a duration with its unit, such as \"30m\" or \"73h\"");
      } else {
        plan_.limit = *parsed;
      }
    }
  }

  void read_store() {
    const auto store = entry(document_.root(), "store");
    StoreTable read = read_store_table(store ? &*store : nullptr, document_, problems_);
    plan_.setup = std::move(read.setup);
    plan_.start_tills = read.start;
    calendar_ = read.calendar;
    plan_.setup.scenario = document_.file();
    if (const auto seed = entry(document_.root(), "seed")) take_seed(seed->value);
    if (const auto at = variant_.bindings.find("seed"); at != variant_.bindings.end()) {
      take_seed(at->second);
    }
    around_.calendar = calendar_;
    for (const std::string& till : plan_.setup.tills) around_.tills.push_back(till);
    for (const till::Item& item : plan_.setup.shop.catalogue.items()) {
      around_.items.push_back(item.sku);
    }
    if (const auto currency = base::find_currency(plan_.setup.shop.currency)) {
      around_.currency = *currency;
    }
  }

  void take_seed(const Node& value) {
    if (value.type != Node::Type::integer || value.number < 0) {
      return problems_.add(value.where, fmt::format("seed is {}", as_found(value)),
                           "a whole number, 0 or more");
    }
    plan_.setup.seed = static_cast<std::uint64_t>(value.number);
  }

  void read_words() {
    const Node& root = document_.root();
    std::vector<std::string_view> mutants;
    for (const base::Mutant* row : base::all_mutants()) mutants.push_back(row->name);
    for (auto& [mutant, where] : texts(root, "kills")) {
      if (base::find_mutant(mutant) == nullptr) problems_.unknown(where, "mutant", mutant, mutants);
      plan_.kills.push_back(mutant);
    }
    plan_.beds = {"virtual", "live"};
    if (const auto beds = entry(root, "beds")) {
      static constexpr std::string_view kKeys[] = {"suits"};
      static constexpr std::string_view kBeds[] = {"virtual", "live", "hardware"};
      known_keys(beds->value, "[beds] table", kKeys);
      plan_.beds.clear();
      for (auto& [bed, where] : texts(beds->value, "suits")) {
        if (std::find(std::begin(kBeds), std::end(kBeds), bed) == std::end(kBeds)) {
          problems_.unknown(where, "bed", bed, kBeds);
        }
        plan_.beds.push_back(bed);
      }
    }
    const auto waive = entry(root, "waive");
    if (!waive) return;
    std::vector<std::string_view> invariants;
    for (const auto* row : words::Table<oracle::Invariant>::all()) invariants.push_back(row->name);
    for (const Entry& each : waive->value.table) {
      if (words::Table<oracle::Invariant>::find(each.key) == nullptr) {
        problems_.unknown(each.where, "invariant", each.key, invariants);
      }
      if (each.value.type != Node::Type::text || each.value.text.empty()) {
        wrong(each, "the reason why it is waived");
      }
      plan_.waivers.push_back({each.key, each.value.text});
    }
  }

  void read_phase(const Node& from) {
    static constexpr std::string_view kKeys[] = {"name", "do", "expect"};
    known_keys(from, "phase", kKeys);
    Phase phase;
    phase.where = from.where;
    phase.name = text(from, "name", true);
    if (!phase.name.empty() && !phase_names_.insert(phase.name).second) {
      problems_.add(from.find("name")->value.where,
                    fmt::format("two phases have the name \"{}\"", phase.name));
    }
    if (const Entry* doing = from.find("do")) phase.doing = actions(*doing);
    if (const Entry* expect = from.find("expect")) {
      if (expect->value.type != Node::Type::list) wrong(*expect, "a list of lines");
      for (const Node& line : expect->value.list) {
        auto expected = read_expected(line, around_, problems_);
        if (!expected) continue;
        within_limit(line, "within", expected->within);
        phase.expects.push_back(std::move(*expected));
      }
    }
    plan_.phases.push_back(std::move(phase));
  }

  std::vector<Action> actions(const Entry& from) {
    std::vector<Action> all = read_actions(from, around_, problems_);
    for (const Node& line : from.value.list) {
      if (const Entry* wait = line.find("wait")) {
        within_limit(line, "wait", parse_duration(wait->value.text).value_or(Duration{}));
      }
    }
    return all;
  }

  void within_limit(const Node& line, std::string_view key, Duration duration) {
    if (duration <= plan_.limit) return;
    const Entry* at = line.find(key);
    problems_.add(at != nullptr ? at->value.where : line.where,
                  fmt::format("{} is {}, more than the limit of {}", key, describe(duration),
                              describe(plan_.limit)),
                  "less, or a longer limit");
  }

  void read_flow(const Node& from) {
    static constexpr std::string_view kKeys[] = {"till",  "act",  "every", "items",
                                                 "count", "from", "until"};
    known_keys(from, "flow", kKeys);
    Flow flow;
    flow.where = from.where;
    words::Args args;
    if (const Entry* till = from.find("till")) {
      read_value({"till", words::Kind::till, ""}, till->value, around_, args, problems_);
    }
    flow.till = args.text("till", "*");
    if (const Entry* act = from.find("act"); act != nullptr && act->value.text != "sale") {
      problems_.add(act->value.where, fmt::format("a flow cannot {}", act->value.text),
                    "act = \"sale\"");
    }
    const Entry* every = from.find("every");
    const auto spread = every != nullptr ? parse_spread(every->value.text) : std::nullopt;
    if (spread) {
      flow.every = *spread;
    } else {
      problems_.add(every != nullptr ? every->value.where : from.where,
                    "a flow does not say how often", "every = \"45s\" or \"45s ~20s\"");
    }
    if (const Entry* items = from.find("items")) read_range(*items, flow);
    if (const Entry* count = from.find("count")) {
      read_value({"count", words::Kind::integer, ""}, count->value, around_, args, problems_);
      flow.count = args.number("count");
    }
    flow.from = clock(from, "from").value_or(Duration{});
    flow.until = clock(from, "until");
    if (flow.until && *flow.until <= flow.from) {
      problems_.add(from.find("until")->value.where, "the flow ends before it begins");
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
    wrong(items, "how many items a sale has, such as 2 or \"1..3\"");
  }

  void read_at(const Node& from) {
    static constexpr std::string_view kKeys[] = {"time", "do"};
    known_keys(from, "[[at]] table", kKeys);
    At at;
    at.where = from.where;
    const auto time = clock(from, "time");
    if (!time) problems_.add(from.where, "time is missing", "time = \"open+2h\"");
    at.time = time.value_or(Duration{});
    if (const Entry* doing = from.find("do")) at.doing = actions(*doing);
    plan_.ats.push_back(std::move(at));
  }

  void read_when(const Node& from) {
    static constexpr std::string_view kKeys[] = {"mark", "do", "optional"};
    known_keys(from, "[[when]] table", kKeys);
    When when;
    when.where = from.where;
    words::Args args;
    if (const Entry* mark = from.find("mark")) {
      read_value({"mark", words::Kind::mark, ""}, mark->value, around_, args, problems_);
    } else {
      problems_.add(from.where, "mark is missing", "mark = \"ledger.synced#40@till-1\"");
    }
    if (const auto point = parse_mark(args.text("mark"))) when.mark = *point;
    if (const Entry* optional = from.find("optional")) {
      read_value({"optional", words::Kind::flag, ""}, optional->value, around_, args, problems_);
      when.optional = args.number("optional") != 0;
    }
    if (const Entry* doing = from.find("do")) when.doing = actions(*doing);
    plan_.whens.push_back(std::move(when));
  }

  // A heal needs a fault that the file begins somewhere.
  void check_heals() {
    std::set<const words::Fault*> begun;
    std::vector<const Action*> heals;
    const auto note = [&](const std::vector<Action>& doing) {
      for (const Action& action : doing) {
        if (action.kind == Action::Kind::fault) begun.insert(action.fault);
        if (action.kind == Action::Kind::heal) heals.push_back(&action);
      }
    };
    for (const Phase& phase : plan_.phases) note(phase.doing);
    for (const At& at : plan_.ats) note(at.doing);
    for (const When& when : plan_.whens) note(when.doing);
    for (const Action* heal : heals) {
      if (begun.contains(heal->fault)) continue;
      problems_.add(heal->where, fmt::format("{} is healed, but never begins", heal->fault->name),
                    fmt::format("{{ fault = \"{}\" }} before it", heal->fault->name));
    }
  }

  const Document& document_;
  const Variant& variant_;
  Problems& problems_;
  Plan plan_;
  Surroundings around_;
  Calendar calendar_;
  std::set<std::string> phase_names_;
};

Scenario checked(std::shared_ptr<const Document> document, Problems problems) {
  Scenario scenario;
  scenario.file = document->file();
  for (const Variant& variant : read_variants(document->root(), problems)) {
    Plan plan = make_plan(*document, variant, problems);
    plan.document = document;
    scenario.plans.push_back(std::move(plan));
  }
  scenario.problems = problems.all();
  if (!scenario.problems.empty()) scenario.plans.clear();
  return scenario;
}

}  // namespace

const world::Shop* Document::shop(const std::string& name, Where asked, Problems& problems) const {
  auto at = shops_.find(name);
  if (at == shops_.end()) {
    Problems own(file_);
    at = shops_.emplace(name, load_shop(name, file_, asked, own)).first;
    problems.take(own.all());
  }
  return at->second ? &*at->second : nullptr;
}

Plan make_plan(const Document& document, const Variant& variant, Problems& problems) {
  Plan plan = Checker(document, variant, problems).check();
  plan.variant_values = std::make_shared<const Variant>(variant);
  return plan;
}

Scenario load(const std::string& path) {
  Problems problems(path);
  auto root = parse_toml_file(path, problems);
  if (!root) return {path, {}, problems.all()};
  return checked(std::make_shared<const Document>(path, std::move(*root)), std::move(problems));
}

Scenario load_text(std::string_view text, const std::string& near) {
  Problems problems(near);
  auto root = parse_toml(text, problems);
  if (!root) return {near, {}, problems.all()};
  return checked(std::make_shared<const Document>(near, std::move(*root)), std::move(problems));
}

Plan at_call(const Plan& probe, std::uint64_t n) {
  Variant variant = *probe.variant_values;
  Node& value = variant.bindings[probe.sweep];
  value.type = Node::Type::integer;
  value.number = static_cast<std::int64_t>(n);
  variant.label += fmt::format("{}{}={}", variant.label.empty() ? "" : ", ", probe.sweep, n);
  Problems none(probe.file);  // the probe was checked; the number changes no check
  Plan plan = make_plan(*probe.document, variant, none);
  plan.document = probe.document;
  plan.sweep.clear();
  plan.setup.mutants = probe.setup.mutants;
  plan.setup.seed = probe.setup.seed;
  return plan;
}

}  // namespace tillrig::scenario
