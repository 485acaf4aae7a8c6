#pragma once

#include "sim/scenario/read/problem.hpp"
#include "sim/scenario/read/values.hpp"
#include "sim/words/args.hpp"
#include "sim/words/fault.hpp"
#include "sim/world/setup.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::scenario {

struct Step;
struct Expectation;
class Document;
struct Variant;

// One line of a `do` list.
struct Action {
  enum class Kind { step, fault, heal };
  Kind kind = Kind::step;
  const Step* step = nullptr;
  const words::Fault* fault = nullptr;
  words::Args args;
  std::string till = "*";        // whom a fault hits
  std::optional<Duration> for_;  // a fault heals by itself after this
  bool optional = false;         // a fault may find nothing to do
  Where where;
};

// One line of an `expect` list.
struct Expected {
  const Expectation* row = nullptr;
  words::Args args;
  Duration within{};     // it comes true in that time: eventually
  Duration holds_for{};  // it is true all the while: always
  Where where;
};

struct Phase {
  std::string name;
  std::string from;  // the file that it is shared in, as the scenario names it; empty: none
  std::vector<Action> doing;
  std::vector<Expected> expects;
  Where where;
};

// Background trade: one cashier's sales, one after the other.
struct Flow {
  std::string till;
  Spread every;
  Range items;                     // how many a sale has
  std::vector<std::string> goods;  // which; empty: the whole catalogue
  base::Rate discounts{0};         // of 100 sales
  base::Rate refunds{0};
  std::map<std::string, std::string> answers;  // the button to press, by the prompt
  Duration from{};
  std::optional<Duration> until;
  std::optional<std::int64_t> count;
  bool optional = false;  // the till may be unable to sell
  Where where;
};

// Something that happens at a time of the calendar, and `every` so much later again.
struct At {
  Duration time{};
  Duration every{};
  std::int64_t times = 1;
  std::vector<Action> doing;
  Where where;
};

// Something that happens at a mark.
struct When {
  MarkPoint mark;
  std::vector<Action> doing;
  bool optional = false;
  Where where;
};

struct Waiver {
  std::string invariant;
  std::string reason;
};

// One run of a scenario, checked whole: plain values, nothing left to look up.
struct Plan {
  std::string file;
  std::string variant;  // "cause=dns, seed=3"; empty for a file of one run
  std::string title;
  std::string story;
  std::vector<std::string> covers;
  std::vector<std::string> kills;
  std::vector<std::string> tags;
  std::vector<std::string> beds;  // "virtual", "live"
  Duration limit{};
  world::Setup setup;
  bool start_tills = true;
  std::vector<Phase> phases;
  std::vector<Flow> flows;
  std::vector<At> ats;
  std::vector<When> whens;
  std::vector<Waiver> waivers;

  // A sweep's probing run: play it, then for each n up to the port calls it met play
  // at_call(plan, n). Empty: no sweep.
  std::string sweep;
  std::shared_ptr<const Variant> variant_values;  // what case and matrix gave
  std::shared_ptr<const Document> document;       // what it was made from
};

// A scenario file: its runs, or what is wrong with it.
struct Scenario {
  std::string file;
  std::vector<Plan> plans;
  std::vector<Problem> problems;
  std::vector<Problem> warnings;  // what may be meant, but is seldom: it is played all the same
};

// Reads and checks a file. Nothing is played of a file with problems.
Scenario load(const std::string& path);
// As load, for a text that stands in no file; `near` is a path in the folder it would stand in.
Scenario load_text(std::string_view text, const std::string& near);
// The run of a sweep that dies before its n-th port call.
Plan at_call(const Plan& probe, std::uint64_t n);

}  // namespace tillrig::scenario
