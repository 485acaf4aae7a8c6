#pragma once

#include "pos/base/result.hpp"
#include "sim/words/args.hpp"
#include "sim/words/word.hpp"

#include <string>
#include <string_view>
#include <vector>

// Named here without its header, so that what only reads the tables (parser, lists, schema)
// compiles without Asio.
namespace boost::asio {
template <typename T, typename Executor>
class awaitable;
class any_io_executor;
}  // namespace boost::asio

namespace tillrig::scenario {

class Problems;
class Stage;
struct Node;
struct Surroundings;

template <class T>
using Playing = boost::asio::awaitable<T, boost::asio::any_io_executor>;

// What a line needs so that it could fail at all, and which of its keys say nothing together. It
// stands for lines that have `key`, with one of the `values` if there are any.
struct KeyRule {
  std::string_view key;
  std::string_view values;   // as Param::one_of
  std::string_view needs;    // at least one of these keys stands there too
  std::string_view without;  // and none of these
};

// Something that is done in a scenario: a row for each value of `act`, and one for `wait`.
struct Step : words::Word {
  // Carries it out. An Error is the till's own "no", or the rig's.
  Playing<base::Result<void>> (*play)(Stage&, const words::Args&) = nullptr;
  // For what must happen in the very instant of a mark (kill, power cut); null: it waits its turn.
  base::Result<void> (*at_once)(Stage&, const words::Args&) = nullptr;
  // Done with the till's app: it cannot begin at a till that does not run.
  bool needs_app = false;
  // Done when the cashier has finished what is under way at that till.
  bool waits_for_hands = true;
  // How `tillrig explain` says it: "{till} scans {item}".
  std::string_view plain = {};
  std::vector<KeyRule> rules = {};
  // What no rule can say, told where it stands; null: nothing.
  void (*check)(const Node& line, const words::Args&, const Surroundings&, Problems&) = nullptr;
};

// What an expectation saw: nothing if it holds, else the two halves of the failure's sentence.
struct Seen {
  bool holds = false;
  std::string expected;
  std::string seen;
  std::string sale;   // event id, if one is meant
  bool open = false;  // not known yet: to be resolved by evidence at the end
  // That something is not there: true before it came, too.
  bool never_otherwise = false;
};

// Something that must hold: a row for each key that begins one. It is asked again and again until
// `within` has passed.
struct Expectation : words::Word {
  Playing<base::Result<Seen>> (*look)(Stage&, const words::Args&) = nullptr;
  std::string_view plain = {};
  std::vector<KeyRule> rules = {};
  // Whether something must have come home for it to be true; null: never.
  bool (*needs_line)(const words::Args&) = nullptr;
  // How long it waits where the line says nothing of time: for what comes out of a machine.
  base::Duration waits = {};
  bool falls = false;  // its count can become less, so that one can wait for 0
};

}  // namespace tillrig::scenario
