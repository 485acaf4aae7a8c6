#pragma once

#include "pos/ports/recorder.hpp"
#include "sim/trace/writer.hpp"
#include "sim/words/mark.hpp"
#include "sim/world/timeline/open_spans.hpp"
#include "sim/world/timeline/past.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// Writes a run down for people: who did what because of what, on a row of the timeline each for a
// till's devices and stores; what took how long; the state of each till now and then; what does not
// hold and what led up to it. Times count from the start of the run.
class Chronicle {
 public:
  explicit Chronicle(trace::Writer& writer);
  ~Chronicle();

  struct Moment {
    base::Instant at;
    std::uint64_t cause = 0;
    std::uint64_t struck = 0;  // see Past::Event
    int line = 0;              // of the scenario file
  };
  // One note of a process, a till's outsides, or the world. Gives the number of its event.
  std::uint64_t note(const Moment& moment, std::string_view whose, const ports::Note& note,
                     std::span<const ports::Arg> args);
  // Bytes to be shown with the next note, under that key; cut off where they are very long.
  void attach(std::string_view key, std::string_view kind, base::ByteView bytes);

  // An edge in the life of a fault.
  struct FaultEdge {
    trace::FaultEdge edge = trace::FaultEdge::armed;
    base::Instant at;
    std::string_view fault;
    std::string_view till;  // whom it hits; "*": everybody
    int line = 0;
  };
  void fault(const FaultEdge& edge);

  // What does not hold, with the events that led up to it.
  struct Broken {
    std::string_view rule;  // "INV-06", or what kind of failure it is
    std::string_view what;
    std::string_view sale;
    std::string_view till;
    base::Instant at;
    int line = 0;
  };
  void broken(const Broken& broken);

  // The state of every till as it is now.
  void snapshot(base::Instant at);

  static constexpr std::size_t kMostAttached = 64 * 1024;
  static constexpr std::uint64_t kBetweenSnapshots = 4096;  // events

 private:
  struct MarkRow;
  struct Whose;

  const MarkRow& mark_row(std::string_view mark);
  Whose& whose(std::string_view name);
  trace::LaneId lane_of(Whose& whose, std::string_view lane);
  trace::Name sale_of(Whose& whose, const MarkRow& row, const ports::Note& note,
                      std::span<const ports::Arg> args);
  void take_args(std::span<const ports::Arg> args);
  std::uint64_t write(const Whose& whose, const Moment& moment, trace::EventIn event,
                      bool disturbance);
  void number_cart(Whose& whose, const Moment& moment, trace::Name sale);
  void end_spans(Whose& whose, const MarkRow& row, const Moment& moment, const ports::Note& note,
                 std::span<const ports::Arg> args, trace::Name sale);

  trace::Writer& writer_;
  std::map<std::string, std::unique_ptr<MarkRow>, std::less<>> marks_;
  std::map<std::string, std::unique_ptr<Whose>, std::less<>> all_;
  std::vector<trace::Arg> args_;      // of the event being written
  std::vector<trace::Arg> attached_;  // to the next one
  Past past_;
  base::Instant last_;       // when anything happened last
  bool told_state_ = false;  // since something was found broken
  std::uint64_t next_snapshot_ = kBetweenSnapshots;
};

}  // namespace tillrig::world
