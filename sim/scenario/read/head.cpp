#include "pos/base/mutant.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/scenario/read/reading.hpp"
#include "sim/scenario/read/store_table.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace tillrig::scenario {
namespace {

// What stands above the phases: the story, the shop, the words about the file itself.
class Head {
 public:
  Head(Reading& reading, Plan& plan, Surroundings& around)
      : reading_(reading), root_(reading.document.root()), plan_(plan), around_(around) {}

  void read() {
    read_story();
    read_limit();
    read_store();
    read_kills();
    read_beds();
    read_waivers();
  }

 private:
  void read_story() {
    plan_.title = reading_.text(root_, "title", true);
    plan_.story = reading_.text(root_, "story", false);
    for (auto& [tag, where] : reading_.texts(root_, "tags")) plan_.tags.push_back(tag);
    for (auto& [id, where] : reading_.texts(root_, "covers")) {
      const std::size_t dash = id.find('-');
      static constexpr std::string_view kFamilies[] = {"CE", "OUT", "MP", "SM", "X"};
      const std::string_view family = std::string_view(id).substr(0, dash);
      if (dash == std::string::npos || id.size() != dash + 3 ||
          std::find(std::begin(kFamilies), std::end(kFamilies), family) == std::end(kFamilies)) {
        reading_.problems.add(where, fmt::format("\"{}\" is no requirement", id),
                              "an id such as \"OUT-04\", \"CE-02\" or \"X-04\"");
      }
      plan_.covers.push_back(id);
    }
  }

  void read_limit() {
    plan_.limit = std::chrono::hours(1);
    const auto limit = reading_.entry(root_, "limit");
    if (!limit) return;
    const auto parsed = parse_duration(limit->value.text);
    if (limit->value.type != Node::Type::text || !parsed || *parsed <= Duration{}) {
      return reading_.wrong(*limit, "a duration with its unit, such as \"30m\" or \"73h\"");
    }
    plan_.limit = *parsed;
  }

  void read_store() {
    const auto store = reading_.entry(root_, "store");
    StoreTable read =
        read_store_table(store ? &*store : nullptr, reading_.document, reading_.problems);
    plan_.setup = std::move(read.setup);
    plan_.start_tills = read.start;
    simulated_ = read.simulated;
    plan_.setup.scenario = reading_.document.file();
    if (const auto seed = reading_.entry(root_, "seed")) take_seed(seed->value);
    if (const auto at = reading_.variant.bindings.find("seed");
        at != reading_.variant.bindings.end()) {
      take_seed(at->second);
    }
    around_.calendar = read.calendar;
    for (const std::string& till : plan_.setup.tills) around_.tills.push_back(till);
    around_.shop = &plan_.setup.shop;
    if (const auto currency = base::find_currency(plan_.setup.shop.currency)) {
      around_.currency = *currency;
    }
  }

  void take_seed(const Node& value) {
    if (value.type != Node::Type::integer || value.number < 0) {
      return reading_.problems.add(value.where, fmt::format("seed is {}", as_found(value)),
                                   "a whole number, 0 or more");
    }
    plan_.setup.seed = static_cast<std::uint64_t>(value.number);
  }

  void read_kills() {
    std::vector<std::string_view> mutants;
    for (const base::Mutant* row : base::all_mutants()) mutants.push_back(row->name);
    for (auto& [mutant, where] : reading_.texts(root_, "kills")) {
      if (base::find_mutant(mutant) == nullptr)
        reading_.problems.unknown(where, "mutant", mutant, mutants);
      plan_.kills.push_back(mutant);
    }
  }

  void read_beds() {
    plan_.beds = {"virtual"};
    if (!simulated_) plan_.beds.emplace_back("live");
    const auto beds = reading_.entry(root_, "beds");
    if (!beds) return;
    static constexpr std::string_view kKeys[] = {"suits"};
    static constexpr std::string_view kBeds[] = {"virtual", "live", "hardware"};
    if (beds->value.type != Node::Type::table) {
      return reading_.wrong(*beds, "a table such as beds = { suits = [\"virtual\"] }");
    }
    reading_.known_keys(beds->value, "[beds] table", kKeys);
    plan_.beds.clear();
    const Entry* suits = beds->value.find("suits");
    const bool none =
        suits == nullptr || (suits->value.type == Node::Type::list && suits->value.list.empty());
    if (none) {
      reading_.problems.add(suits != nullptr ? suits->value.where : beds->where,
                            "[beds] suits no bed, so nothing would be played",
                            fmt::format("suits = a list of: {}", fmt::join(kBeds, ", ")));
    }
    for (auto& [bed, where] : reading_.texts(beds->value, "suits")) {
      if (std::find(std::begin(kBeds), std::end(kBeds), bed) == std::end(kBeds)) {
        reading_.problems.unknown(where, "bed", bed, kBeds);
      } else if (bed != "virtual" && simulated_) {
        reading_.problems.add(
            where,
            fmt::format("the {} bed has real lines and disks: it cannot make them as [store] says",
                        bed),
            "suits = [\"virtual\"], or no line and disk in [store]");
      }
      plan_.beds.push_back(bed);
    }
  }

  void read_waivers() {
    const auto waive = reading_.entry(root_, "waive");
    if (!waive) return;
    if (waive->value.type != Node::Type::table) {
      return reading_.wrong(*waive, "[waive] with a line such as INV-09 = \"why it is waived\"");
    }
    std::vector<std::string_view> invariants;
    for (const auto* row : words::Table<oracle::Invariant>::all()) invariants.push_back(row->name);
    for (const Entry& each : waive->value.table) {
      if (words::Table<oracle::Invariant>::find(each.key) == nullptr) {
        reading_.problems.unknown(each.where, "invariant", each.key, invariants);
      }
      if (each.value.type != Node::Type::text || each.value.text.empty()) {
        reading_.wrong(each, "the reason why it is waived");
      }
      plan_.waivers.push_back({each.key, each.value.text});
    }
  }

  Reading& reading_;
  const Node& root_;
  Plan& plan_;
  Surroundings& around_;
  std::optional<Where> simulated_;  // as StoreTable
};

}  // namespace

void read_head(Reading& reading, Plan& plan, Surroundings& around) {
  Head(reading, plan, around).read();
}

}  // namespace tillrig::scenario
