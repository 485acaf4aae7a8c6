#include "pos/base/visible.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/scenario/read/frame.hpp"
#include "sim/scenario/read/kind.hpp"
#include "sim/scenario/read/reading.hpp"
#include "sim/scenario/read/store_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::scenario {
namespace {

// What stands above the phases: the story, the shop, the words about the file itself.
class Head {
 public:
  Head(Reading& reading, Plan& plan, Surroundings& around)
      : reading_(reading), root_(reading.document.root()), plan_(plan), around_(around) {}

  void read() {
    read_said();
    read_store();
    read_beds();
    read_waivers();
  }

 private:
  // The keys whose values are put in before they are read; the rest of the file is not looked at.
  void read_said() {
    const Frame& row = frame("scenario");
    Node said;
    said.where = root_.where;
    for (const Entry& each : root_.table) {
      const auto param = std::find_if(row.params.begin(), row.params.end(),
                                      [&](const auto& known) { return known.name == each.key; });
      const bool plain = param != row.params.end() && kind_of(*param).read != nullptr;
      said.table.push_back(plain ? *reading_.entry(root_, each.key) : each);
    }
    const words::Args args = read_keys(said, row, around_, reading_.problems);
    plan_.title = args.text("title");
    plan_.story = args.text("story");
    plan_.limit = args.duration("limit", std::chrono::hours(1));
    plan_.setup.seed = static_cast<std::uint64_t>(args.number("seed", 1));
    plan_.covers = args.words("covers");
    plan_.kills = args.words("kills");
    plan_.tags = args.words("tags");
    for (const std::string_view key : {"title", "story"}) {
      if (const Entry* entry = said.find(key)) check_can_be_shown(*entry);
    }
  }

  void check_can_be_shown(const Entry& entry) {
    if (base::visible(entry.value.text) == entry.value.text) return;
    reading_.problems.add(entry.value.where, fmt::format("{} holds a control character", entry.key),
                          "text that a terminal can show");
  }

  void read_store() {
    const auto store = reading_.entry(root_, "store");
    StoreTable read =
        read_store_table(store ? &*store : nullptr, reading_.document, reading_.problems);
    const std::uint64_t seed = plan_.setup.seed;
    plan_.setup = std::move(read.setup);
    plan_.setup.seed = seed;
    plan_.start_tills = read.start;
    simulated_ = read.simulated;
    plan_.setup.scenario = reading_.document.file();
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

  void read_beds() {
    plan_.beds = {"virtual"};
    if (!simulated_) plan_.beds.emplace_back("live");
    const auto beds = reading_.entry(root_, "beds");
    if (!beds) return;
    if (beds->value.type != Node::Type::table) {
      return reading_.wrong(*beds, "a table such as beds = { suits = [\"virtual\"] }");
    }
    const words::Args args = read_keys(beds->value, frame("beds"), around_, reading_.problems);
    plan_.beds = args.words("suits");
    if (!simulated_ || !args.has("suits")) return;
    for (const Node& bed : beds->value.find("suits")->value.list) {
      if (bed.text == "virtual") continue;
      reading_.problems.add(
          bed.where,
          fmt::format("the {} bed has real lines and disks: it cannot make them as [store] says",
                      bed.text),
          "suits = [\"virtual\"], or no line and disk in [store]");
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
