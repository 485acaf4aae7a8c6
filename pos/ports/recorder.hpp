#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>

namespace tillrig::ports {

enum class Severity : std::uint8_t { debug, info, warn, error };

// A named detail: a whole number (money in minor units, durations in nanoseconds) or a text.
struct Arg {
  std::string_view key;
  std::variant<std::int64_t, std::string_view> value;
};

// Something that happened in the stack. `mark` is a row of the marks table ("ledger.synced"), so
// that scenarios can hang a fault on it; `cause` is the number note() gave for what led to it (0:
// unknown).
struct Note {
  std::string_view mark;
  std::string_view sale = {};
  Severity severity = Severity::info;
  std::uint64_t cause = 0;
};

// Where the stack says what it does: the timeline in a simulation, the log on a host. The views
// need only live for the call.
class Recorder {
 public:
  virtual ~Recorder() = default;

  // Returns the number of the event, from 1, for later notes to name as their cause.
  virtual std::uint64_t note(const Note& note, std::span<const Arg> args) = 0;

  std::uint64_t note(const Note& what, std::initializer_list<Arg> args = {}) {
    return note(what, std::span<const Arg>(args.begin(), args.size()));
  }
};

}  // namespace tillrig::ports
