#include "sim/trace/rows.hpp"

namespace tillrig::trace {
namespace {

// The flag byte of an event; its two low bits are the severity.
constexpr unsigned kHasDuration = 1U << 2;
constexpr unsigned kHasSale = 1U << 3;  // other than the row before
constexpr unsigned kHasCause = 1U << 4;
constexpr unsigned kHasLine = 1U << 5;  // other than the row before
constexpr unsigned kHasArgs = 1U << 6;
constexpr unsigned kHasTime = 1U << 7;  // other than the row before

constexpr std::size_t kEventBytes = 1 + 8 * kVarintBytes;
constexpr std::size_t kArgBytes = 2 * kVarintBytes;
constexpr unsigned kKindBits = 3;

std::uint32_t unfold_id(std::uint32_t from, std::uint64_t step, Cursor& rows) {
  const std::int64_t id = unfold_step(from, step);
  if (id < 0 || id > std::numeric_limits<std::uint32_t>::max()) rows.spoil();
  return rows.ok() ? static_cast<std::uint32_t>(id) : 0;
}

}  // namespace

std::size_t most_bytes(std::span<const Arg> args) {
  std::size_t bytes = kVarintBytes + args.size() * kArgBytes;
  for (const Arg& arg : args) bytes += arg.text.size();
  return bytes;
}

std::size_t most_bytes(const EventIn& event) {
  return kEventBytes + most_bytes(event.args);
}

std::size_t most_bytes(const Violation& violation) {
  return kRecordBytes + violation.text.size() + violation.chain.size() * kVarintBytes;
}

char* put_event(char* to, const EventIn& event, std::uint64_t number, RowState& state) {
  char* const flags_at = to++;
  auto flags = static_cast<unsigned>(event.severity);
  if (event.time.ns != state.time_ns) {
    flags |= kHasTime;
    to = put_varint(to, fold_step(state.time_ns, event.time.ns));
    state.time_ns = event.time.ns;
  }
  to = put_varint(to, event.lane.id);
  to = put_varint(to, event.name.id);
  if (event.sale.id != state.sale) {
    flags |= kHasSale;
    to = put_varint(to, fold_step(state.sale, event.sale.id));
    state.sale = event.sale.id;
  }
  if (event.duration.count() != 0) {
    flags |= kHasDuration;
    to = put_varint(to, base::zigzag(event.duration.count()));
  }
  if (event.cause != 0) {
    flags |= kHasCause;
    to = put_varint(to, number - event.cause);
  }
  if (event.line != state.line) {
    flags |= kHasLine;
    to = put_varint(to, fold_step(state.line, event.line));
    state.line = event.line;
  }
  if (!event.args.empty()) {
    flags |= kHasArgs;
    to = put_args(to, event.args);
  }
  *flags_at = static_cast<char>(static_cast<std::uint8_t>(flags));
  return to;
}

void get_event(Cursor& rows, std::uint64_t number, RowState& state, Event& event) {
  const unsigned flags = rows.byte();
  event.number = number;
  event.severity = static_cast<Severity>(flags & 3);
  if (flags & kHasTime) state.time_ns = unfold_step(state.time_ns, rows.varint());
  event.time = base::Instant{state.time_ns};
  event.lane.id = rows.small();
  event.name.id = rows.small();
  if (flags & kHasSale) state.sale = unfold_id(state.sale, rows.varint(), rows);
  event.sale.id = state.sale;
  event.duration = base::Duration{(flags & kHasDuration) ? base::unzigzag(rows.varint()) : 0};
  event.cause = 0;
  if (flags & kHasCause) {
    const std::uint64_t back = rows.varint();
    if (back == 0 || back >= number) rows.spoil();
    event.cause = rows.ok() ? number - back : 0;
  }
  if (flags & kHasLine) state.line = unfold_id(state.line, rows.varint(), rows);
  event.line = state.line;
  event.args.clear();
  if (flags & kHasArgs) get_args(rows, event.args);
}

char* put_args(char* to, std::span<const Arg> args) {
  to = put_varint(to, args.size());
  for (const Arg& arg : args) {
    const auto kind = static_cast<std::uint64_t>(arg.kind);
    to = put_varint(to, (static_cast<std::uint64_t>(arg.key.id) << kKindBits) | kind);
    if (arg.kind == ArgKind::text) {
      to = put_text(to, arg.text);
    } else if (arg.kind == ArgKind::number) {
      to = put_varint(to, base::zigzag(arg.number));
    } else {
      to = put_varint(to, static_cast<std::uint64_t>(arg.number));
    }
  }
  return to;
}

void get_args(Cursor& rows, std::vector<Arg>& args) {
  for (std::uint64_t left = rows.varint(); left > 0 && rows.ok(); --left) {
    const std::uint64_t head = rows.varint();
    if (head >> kKindBits > std::numeric_limits<std::uint32_t>::max()) rows.spoil();
    Arg arg;
    arg.key.id = static_cast<std::uint32_t>(head >> kKindBits);
    const std::uint64_t kind = head & ((1U << kKindBits) - 1);
    arg.kind = static_cast<ArgKind>(kind);
    if (kind == 0) {
      arg.number = base::unzigzag(rows.varint());
    } else if (kind == 1) {
      arg.text = rows.text();
    } else if (kind == 2 || kind == 4) {
      arg.number = rows.small();
    } else {
      arg.kind = ArgKind::unknown;
      if (kind % 2 == 0) {
        rows.varint();
      } else {
        rows.text();
      }
    }
    if (rows.ok()) args.push_back(arg);
  }
}

char* put_snapshot(char* to, std::uint64_t after, base::Instant time, LaneId lane,
                   std::span<const Arg> state) {
  to = put_varint(to, after);
  to = put_varint(to, base::zigzag(time.ns));
  to = put_varint(to, lane.id);
  return put_args(to, state);
}

char* put_fault(char* to, const Fault& fault) {
  to = put_varint(to, fault.after);
  to = put_varint(to, base::zigzag(fault.time.ns));
  *to++ = static_cast<char>(fault.edge);
  to = put_varint(to, fault.fault.id);
  to = put_varint(to, fault.target.id);
  return put_varint(to, fault.line);
}

char* put_violation(char* to, const Violation& violation) {
  to = put_varint(to, violation.after);
  to = put_varint(to, base::zigzag(violation.time.ns));
  to = put_varint(to, violation.invariant.id);
  to = put_varint(to, violation.sale.id);
  to = put_varint(to, violation.line);
  to = put_text(to, violation.text);
  to = put_varint(to, violation.chain.size());
  for (const std::uint64_t number : violation.chain) to = put_varint(to, number);
  return to;
}

Snapshot get_snapshot(Cursor& rows) {
  Snapshot snapshot;
  snapshot.after = rows.varint();
  snapshot.time.ns = base::unzigzag(rows.varint());
  snapshot.lane.id = rows.small();
  get_args(rows, snapshot.state);
  return snapshot;
}

Fault get_fault(Cursor& rows) {
  Fault fault;
  fault.after = rows.varint();
  fault.time.ns = base::unzigzag(rows.varint());
  const std::uint8_t edge = rows.byte();
  if (edge > static_cast<std::uint8_t>(FaultEdge::healed)) rows.spoil();
  fault.edge = static_cast<FaultEdge>(edge & 3);
  fault.fault.id = rows.small();
  fault.target.id = rows.small();
  fault.line = rows.small();
  return fault;
}

Violation get_violation(Cursor& rows) {
  Violation violation;
  violation.after = rows.varint();
  violation.time.ns = base::unzigzag(rows.varint());
  violation.invariant.id = rows.small();
  violation.sale.id = rows.small();
  violation.line = rows.small();
  violation.text = rows.text();
  for (std::uint64_t left = rows.varint(); left > 0 && rows.ok(); --left) {
    violation.chain.push_back(rows.varint());
  }
  return violation;
}

}  // namespace tillrig::trace
