#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::trace {

// An interned string of one timeline: event names, keys of arguments, sale ids. 0 is "none".
struct Name {
  std::uint32_t id = 0;
  auto operator<=>(const Name&) const = default;
};

// A row of the timeline, such as "till-1/outbox". 0 is "none".
struct LaneId {
  std::uint32_t id = 0;
  auto operator<=>(const LaneId&) const = default;
};

// Bytes kept once per content: a receipt, a wire frame, a prompt. 0 is "none".
struct BlobId {
  std::uint32_t id = 0;
  auto operator<=>(const BlobId&) const = default;
};

enum class Severity : std::uint8_t { quiet, info, warning, error };
std::string_view name(Severity severity);

// The values are the wire's: even ones are one varint, odd ones a length and bytes, so that a
// reader steps over kinds it does not know.
enum class ArgKind : std::uint8_t { number = 0, text = 1, name = 2, blob = 4, unknown = 7 };

// One typed argument. A text is not copied: it must live until write() returns (when writing) or
// as long as the Reader (when reading). Texts that repeat are cheaper interned.
struct Arg {
  Name key;
  ArgKind kind = ArgKind::number;
  std::int64_t number = 0;  // the number, or the id of the name or blob
  std::string_view text;

  Arg() = default;
  Arg(Name key_, std::int64_t value) : key(key_), number(value) {}
  Arg(Name key_, std::string_view value) : key(key_), kind(ArgKind::text), text(value) {}
  Arg(Name key_, Name value) : key(key_), kind(ArgKind::name), number(value.id) {}
  Arg(Name key_, BlobId value) : key(key_), kind(ArgKind::blob), number(value.id) {}
};

// What happened, as handed to the Writer.
struct EventIn {
  base::Instant time;  // of what takes time (a duration): when it ended
  LaneId lane;
  Name name;
  Name sale;                // of the sale's id, such as "S-000417"
  std::uint64_t cause = 0;  // number of the earlier event that brought this one about
  Severity severity = Severity::info;
  std::uint32_t line = 0;  // of the scenario file, from 1
  base::Duration duration{0};
  std::span<const Arg> args;
};

// The same, as it comes back from a Reader.
struct Event {
  std::uint64_t number = 0;  // from 1
  base::Instant time;
  LaneId lane;
  Name name;
  Name sale;
  std::uint64_t cause = 0;
  Severity severity = Severity::info;
  std::uint32_t line = 0;
  base::Duration duration{0};
  std::vector<Arg> args;
};

// In the records below, `after` is how many events came before; the Writer fills it in.

// The state of one lane at one moment, so that a reader need not replay from the start.
struct Snapshot {
  std::uint64_t after = 0;
  base::Instant time;
  LaneId lane;
  std::vector<Arg> state;
};

// armed: it stands ready; began: it did something for the first time; fired: it did something;
// healed: it can do nothing more.
enum class FaultEdge : std::uint8_t { armed, began, fired, healed };
std::string_view name(FaultEdge edge);

// One edge of a fault's life.
struct Fault {
  std::uint64_t after = 0;
  base::Instant time;
  FaultEdge edge = FaultEdge::armed;
  Name fault;   // "wan.down"
  Name target;  // "till-1"; none when it hits everybody
  std::uint32_t line = 0;
};

// An invariant that did not hold, with the numbers of the events that lead up to it.
struct Violation {
  std::uint64_t after = 0;
  base::Instant time;
  Name invariant;  // "INV-06"
  Name sale;
  std::uint32_t line = 0;
  std::string text;
  std::vector<std::uint64_t> chain;
};

using Record = std::variant<Snapshot, Fault, Violation>;

// Whose run this is: all of it is inside the trace hash, so it holds no path, date or host. `build`
// names the sources, not the compiler's options: builds that must agree must say the same.
struct RunInfo {
  std::string scenario;
  std::string scenario_text;
  std::uint64_t seed = 0;
  std::string build;
};

// Where and when it was recorded: kept outside the trace hash.
struct HostInfo {
  base::WallTime start;
  std::string host;
};

// A further file that the run was made from (a fixture, an included scenario).
struct Source {
  std::string name;
  std::string text;
};

}  // namespace tillrig::trace
