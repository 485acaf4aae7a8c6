#pragma once

#include "sim/trace/codec.hpp"
#include "sim/trace/event.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tillrig::trace {

// What a row of an events chunk is written relative to; starts anew in every chunk, so that each
// can be read alone.
struct RowState {
  std::int64_t time_ns = 0;
  std::uint32_t sale = 0;
  std::uint32_t line = 0;
};

// Bytes that put_event and put_args need room for, texts included.
std::size_t most_bytes(std::span<const Arg> args);
std::size_t most_bytes(const EventIn& event);

// flags | time step? | lane | name | sale step? | duration? | events back to the cause? | line
// step? | args?. A field is present when it differs from the row before or from nothing.
char* put_event(char* to, const EventIn& event, std::uint64_t number, RowState& state);

// Leaves `rows` not ok if the bytes are no event; `number` is the event's own.
void get_event(Cursor& rows, std::uint64_t number, RowState& state, Event& event);

// count, then for each argument key and kind, and the value.
char* put_args(char* to, std::span<const Arg> args);
void get_args(Cursor& rows, std::vector<Arg>& args);

std::size_t most_bytes(const Violation& violation);
char* put_snapshot(char* to, std::uint64_t after, base::Instant time, LaneId lane,
                   std::span<const Arg> state);
char* put_fault(char* to, const Fault& fault);
char* put_violation(char* to, const Violation& violation);
inline constexpr std::size_t kRecordBytes = 8 * kVarintBytes;  // beside arguments and texts

Snapshot get_snapshot(Cursor& rows);
Fault get_fault(Cursor& rows);
Violation get_violation(Cursor& rows);

}  // namespace tillrig::trace
