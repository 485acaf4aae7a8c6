#include "sim/trace/tools.hpp"

#include "pos/base/json.hpp"
#include "sim/trace/reader.hpp"
#include "sim/trace/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tillrig::trace {
namespace {

struct Took {
  std::uint64_t count = 0;
  base::Duration all{0};
  base::Duration longest{0};
};

struct Tally {
  std::array<std::uint64_t, 4> by_severity{};
  std::vector<std::uint64_t> by_lane;  // [lane id]; whatever the file does not explain is at 0
  std::uint64_t with_cause = 0;
  std::map<std::string_view, Took> spans;  // by name
  std::optional<base::Error> damage;
};

Tally tally(const Reader& reader) {
  Tally counts;
  counts.by_lane.resize(reader.lanes().size() + 1);
  auto cursor = reader.from();
  Event event;
  while (cursor.next(event)) {
    ++counts.by_severity[static_cast<std::size_t>(event.severity)];
    ++counts.by_lane[event.lane.id < counts.by_lane.size() ? event.lane.id : 0];
    if (event.cause != 0) ++counts.with_cause;
    if (event.duration.count() == 0) continue;
    Took& took = counts.spans[reader.text(event.name)];
    ++took.count;
    took.all += event.duration;
    took.longest = std::max(took.longest, event.duration);
  }
  counts.damage = cursor.error();
  return counts;
}

std::string time_text(std::int64_t ns) {
  std::string out;
  append_time(out, base::Instant{ns});
  return out;
}

std::string span_of(const Reader& reader) {
  std::optional<std::pair<std::int64_t, std::int64_t>> span;
  for (const Chunk& chunk : reader.chunks()) {
    const ChunkHeader& header = chunk.header;
    if (header.type != ChunkType::events || header.rows == 0) continue;
    if (!span) span.emplace(header.first_ns, header.last_ns);
    span->first = std::min(span->first, header.first_ns);
    span->second = std::max(span->second, header.last_ns);
  }
  if (!span) return "none";
  return time_text(span->first) + " to " + time_text(span->second);
}

std::map<ChunkType, std::uint64_t> rows_by_type(const Reader& reader) {
  std::map<ChunkType, std::uint64_t> rows;
  for (const Chunk& chunk : reader.chunks()) rows[chunk.header.type] += chunk.header.rows;
  return rows;
}

std::string damage_of(const Reader& reader) {
  if (!reader.torn().empty()) return reader.torn();
  if (reader.recorded_hash() == reader.hash()) return {};
  return reader.called() +
         " was changed after it was written: its hash does not match its contents";
}

// "armed 1, began 1, fired 240, healed 1"
std::string edges_of(const std::vector<Record>& records) {
  std::array<std::uint64_t, 4> counts{};
  for (const Record& record : records) {
    if (const auto* fault = std::get_if<Fault>(&record)) {
      ++counts[static_cast<std::size_t>(fault->edge)];
    }
  }
  std::string text;
  for (std::size_t edge = 0; edge < counts.size(); ++edge) {
    fmt::format_to(std::back_inserter(text), "{}{} {}", edge == 0 ? "" : ", ",
                   name(static_cast<FaultEdge>(edge)), counts[edge]);
  }
  return text;
}

std::string first_line(const Reader& reader, DumpForm form) {
  const RunInfo& run = reader.run();
  if (form == DumpForm::plain) {
    return fmt::format("run of \"{}\", seed {}, build {}", run.scenario, run.seed, run.build);
  }
  std::string line = "{\"scenario\":";
  base::append_quoted(line, run.scenario);
  fmt::format_to(std::back_inserter(line), ",\"seed\":{},\"build\":", run.seed);
  base::append_quoted(line, run.build);
  fmt::format_to(std::back_inserter(line), ",\"text\":\"{}\"}}",
                 base::blake2b(run.scenario_text).hex());
  return line;
}

std::string last_line(const Reader& reader, DumpForm form) {
  if (form == DumpForm::plain) return reader.torn();
  std::string line = "{\"torn\":";
  base::append_quoted(line, reader.torn());
  return line + '}';
}

template <class Item>
bool hand_on(const Reader& reader, const Item& item, DumpForm form, std::string& line,
             const std::function<bool(std::string_view)>& to) {
  line.clear();
  if (form == DumpForm::plain) {
    append_plain(line, reader, item);
  } else {
    append_json(line, reader, item);
  }
  return to(line);
}

}  // namespace

base::Result<Told> stat(const std::string& path) {
  const auto reader = Reader::open_file(path);
  if (!reader) return base::Failure(reader.error());
  const RunInfo& run = reader->run();
  const Tally counts = tally(*reader);
  const auto rows = rows_by_type(*reader);
  const auto rows_of = [&](ChunkType type) {
    const auto found = rows.find(type);
    return found == rows.end() ? 0 : found->second;
  };
  std::string out;
  const auto line = [&out](std::string_view what, const std::string& value) {
    fmt::format_to(std::back_inserter(out), "{:<10}  {}\n", what, value);
  };
  line("scenario", fmt::format("\"{}\", seed {}, build {}", run.scenario, run.seed, run.build));
  line("events", fmt::format("{} in {} chunks", reader->events(), reader->chunks().size()));
  line("time", span_of(*reader));
  line("severity",
       fmt::format("quiet {}, info {}, warning {}, error {}", counts.by_severity[0],
                   counts.by_severity[1], counts.by_severity[2], counts.by_severity[3]));
  line("causes", fmt::format("{} events name the one that led to them", counts.with_cause));
  bool first = true;
  for (const auto& [span, took] : counts.spans) {
    line(std::exchange(first, false) ? "spans" : "",
         fmt::format("{:<24} {}, {} on average, {} at most", span, took.count,
                     time_text(took.all.count() / static_cast<std::int64_t>(took.count)),
                     time_text(took.longest.count())));
  }
  if (const auto records = reader->records(); records && rows_of(ChunkType::faults) != 0) {
    line("faults", edges_of(*records));
  }
  line("records", fmt::format("faults {}, violations {}, snapshots {}, blobs {}, names {}",
                              rows_of(ChunkType::faults), rows_of(ChunkType::violations),
                              rows_of(ChunkType::snapshots), rows_of(ChunkType::blobs),
                              rows_of(ChunkType::strings)));
  const std::size_t bytes = reader->bytes().size();
  std::size_t blobs = 0;
  for (const Chunk& chunk : reader->chunks()) {
    if (chunk.header.type == ChunkType::blobs) blobs += chunk.bytes.size();
  }
  const std::uint64_t events = std::max<std::uint64_t>(reader->events(), 1);
  const std::uint64_t tenths = (bytes - blobs) * 10 / events;
  line("bytes", fmt::format("{}, of them {} in blobs; {}.{} an event without", bytes, blobs,
                            tenths / 10, tenths % 10));
  for (std::size_t id = 1; id < counts.by_lane.size(); ++id) {
    line(id == 1 ? "lanes" : "",
         fmt::format("{:<24} {}", reader->lanes()[id - 1], counts.by_lane[id]));
  }
  if (counts.damage) line("damage", counts.damage->what);
  std::string damage = damage_of(*reader);
  line("ending", damage.empty() ? "whole" : damage);
  line("trace", reader->hash().hex());
  if (damage.empty() && counts.damage) damage = counts.damage->what;
  return Told{std::move(out), std::move(damage)};
}

base::Result<void> dump(const std::string& path, const std::function<bool(std::string_view)>& to,
                        DumpForm form, const Asked& asked) {
  const auto reader = Reader::open_file(path);
  if (!reader) return base::Failure(reader.error());
  const auto selection = Selection::of(*reader, asked);
  if (!selection) return base::Failure(selection.error());
  const auto records = reader->records();
  if (!records) return base::Failure(records.error());
  if (!to(first_line(*reader, form))) return {};

  std::string line;
  auto record = records->begin();
  const auto records_after = [&](std::uint64_t events) {
    const auto after = [](const auto& r) { return r.after; };
    for (; record != records->end() && std::visit(after, *record) <= events; ++record) {
      if (!selection->has(*record)) continue;
      if (!hand_on(*reader, *record, form, line, to)) return false;
    }
    return true;
  };
  if (!records_after(0)) return {};
  auto cursor = reader->from();
  Event event;
  while (cursor.next(event)) {
    if (selection->has(event) && !hand_on(*reader, event, form, line, to)) return {};
    if (!records_after(event.number)) return {};
  }
  if (cursor.error()) return base::Failure(*cursor.error());
  if (!records_after(UINT64_MAX)) return {};
  if (reader->torn().empty()) return {};
  to(last_line(*reader, form));
  return base::fail(base::Code::corrupt, "{}", reader->torn());
}

base::Result<Told> hash_line(const std::string& path) {
  const auto reader = Reader::open_file(path);
  if (!reader) return base::Failure(reader.error());
  const base::Hash256 hash = reader->hash();
  const auto& recorded = reader->recorded_hash();
  if (recorded && *recorded != hash) {
    return base::fail(
        base::Code::corrupt,
        "{} was changed after it was written: its end mark says trace {}, its contents "
        "are trace {}; record the run again",
        path, recorded->hex(), hash.hex());
  }
  if (reader->torn().empty()) return Told{"trace " + hash.hex(), {}};
  return Told{fmt::format("trace {} (of what is readable: {})", hash.hex(), reader->torn()),
              reader->torn()};
}

}  // namespace tillrig::trace
