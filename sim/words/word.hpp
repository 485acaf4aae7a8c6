#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::words {

// The kinds of values that rows of several rooms take, by name; what each may be is told where
// scenarios are read (scenario/read/kind.hpp). Money and durations are texts with their unit
// ("4.20", "20s"), never floats.
struct Kind {
  static constexpr std::string_view text = "text";
  static constexpr std::string_view integer = "integer";    // a whole number, 0 or more
  static constexpr std::string_view count = "count";        // a whole number, 1 or more
  static constexpr std::string_view flag = "flag";          // true or false
  static constexpr std::string_view duration = "duration";  // "250ms", "20s", "4h"
  static constexpr std::string_view money = "money";        // "4.20", in the shop's currency
  static constexpr std::string_view quantity = "quantity";  // "2", "0.250"
  static constexpr std::string_view rate = "rate";          // "10" percent
  static constexpr std::string_view till = "till";    // the name of a till of this scenario, or "*"
  static constexpr std::string_view tills = "tills";  // a list of them, as a text with blanks
  static constexpr std::string_view item = "item";    // a SKU of the fixture's catalogue
  static constexpr std::string_view customer = "customer";  // an id of the fixture's customers
  static constexpr std::string_view items =
      "items";                                      // one or a list of them, as a text with blanks
  static constexpr std::string_view name = "name";  // a word that the scenario gives to something
  static constexpr std::string_view sale =
      "sale";  // "last", "last-1", "first", "#n", or a name that was given to one
  static constexpr std::string_view paper = "paper";  // "sale:last", or the name of a till
  static constexpr std::string_view line = "line";    // the n-th line of the cart, from 1
  static constexpr std::string_view lines = "lines";  // a list of them, as a text with blanks
  static constexpr std::string_view quantities = "quantities";  // thousandths, likewise
  static constexpr std::string_view date = "date";              // "2026-03-02"
  static constexpr std::string_view clock = "clock";            // "08:00", "open+2h"
  static constexpr std::string_view mark = "mark";              // "ledger.synced#40@till-1"
  static constexpr std::string_view prompt = "prompt";    // its id; `one_of` has words beside those
  static constexpr std::string_view button = "button";    // of the prompt that the same line names
  static constexpr std::string_view step = "step";        // the name of a step
  static constexpr std::string_view lasting = "lasting";  // a duration above 0
  static constexpr std::string_view whole = "whole";      // a whole number, below 0 too
  static constexpr std::string_view shift = "shift";      // "-3h", "+2d": a duration ahead or back
  static constexpr std::string_view bandwidth = "bandwidth";  // "64kbit/s", as bytes a second
  static constexpr std::string_view books = "books";          // "sale:last", or one of `one_of`
};

struct Param {
  std::string_view name;
  std::string_view kind = Kind::text;
  std::string_view doc;
  bool required = false;
  // For texts with a closed list: "cash card"; "sale:*" is every word that begins with sale:.
  std::string_view one_of = {};
  std::string_view otherwise = {};  // what holds when it is left out
  std::int64_t most = 0;  // numbers and durations: no more than this; 0: as many as you like
};

// A row of the vocabulary. From the rows come the parser's checks, `tillrig list`, `explain` and
// the schema for editors.
struct Word {
  std::string_view name;
  std::string_view doc;  // one sentence
  std::vector<Param> params;
  std::string_view example;  // a line of TOML as it stands in a scenario
};

// The table of all rows of one type. Rows register themselves from their own file with a static
// Row<T>; the table is only read after start-up, and sorted by name, so link order never shows.
template <class T>
class Table {
 public:
  static void add(T row) { rows().push_back(std::move(row)); }
  // For rows that are made from another table, which must stand whole first: `source` is called
  // once, before this table is first read, and adds them.
  static void add_from(void (*source)()) { sources().push_back(source); }

  static std::vector<const T*> all() {
    std::vector<const T*> sorted;
    for (const T& row : filled()) sorted.push_back(&row);
    std::sort(sorted.begin(), sorted.end(),
              [](const T* a, const T* b) { return a->name < b->name; });
    return sorted;
  }

  static const T* find(std::string_view name) {
    for (const T& row : filled()) {
      if (row.name == name) return &row;
    }
    return nullptr;
  }

 private:
  static std::vector<T>& rows() {
    static std::vector<T> table;
    return table;
  }
  static std::vector<void (*)()>& sources() {
    static std::vector<void (*)()> waiting;
    return waiting;
  }
  static const std::vector<T>& filled() {
    const std::vector<void (*)()> waiting = std::exchange(sources(), {});
    for (void (*source)() : waiting) source();
    return rows();
  }
};

template <class T>
struct Row {
  explicit Row(T row) { Table<T>::add(std::move(row)); }
};

}  // namespace tillrig::words
