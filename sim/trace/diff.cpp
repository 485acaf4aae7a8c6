#include "sim/trace/diff.hpp"

#include "sim/trace/reader.hpp"
#include "sim/trace/text.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace tillrig::trace {
namespace {

constexpr std::uint64_t kContext = 5;  // events shown before the one that differs

template <class... Args>
void add_line(std::string& out, fmt::format_string<Args...> text, Args&&... args) {
  fmt::format_to(std::back_inserter(out), text, std::forward<Args>(args)...);
  out += '\n';
}

std::vector<const Chunk*> hashed_chunks(const Reader& reader) {
  std::vector<const Chunk*> chunks;
  for (const Chunk& chunk : reader.chunks()) {
    if (is_hashed(chunk.header.type)) chunks.push_back(&chunk);
  }
  return chunks;
}

// How many events certainly stand alike in both: equal chains mean that all chunks before are
// equal, so this is a binary search.
std::uint64_t events_alike(const Reader& a, const Reader& b) {
  const auto left = hashed_chunks(a);
  const auto right = hashed_chunks(b);
  std::size_t low = 0;
  std::size_t high = std::min(left.size(), right.size());
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (left[middle]->header.chain == right[middle]->header.chain) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::uint64_t alike = 0;
  for (std::size_t i = 0; i + 1 < low; ++i) {
    if (left[i]->header.type == ChunkType::events) alike += left[i]->header.rows;
  }
  return alike;
}

// One file's events as lines that mean the same in every file.
class Lines {
 public:
  Lines(const Reader& reader, std::uint64_t from) : reader_(reader), cursor_(reader.from(from)) {}

  bool next() {
    text.clear();
    if (!cursor_.next(event_)) return false;
    append_json(text, reader_, event_);
    return true;
  }
  [[nodiscard]] const std::optional<base::Error>& error() const { return cursor_.error(); }

  std::string text;

 private:
  const Reader& reader_;
  EventCursor cursor_;
  Event event_;
};

void mention_runs(std::string& out, const Reader& a, const Reader& b) {
  for (const Reader* reader : {&a, &b}) {
    add_line(out, "{}  {}: \"{}\", seed {}, build {}, {} events", reader == &a ? 'A' : 'B',
             reader->called(), reader->run().scenario, reader->run().seed, reader->run().build,
             reader->events());
    if (!reader->torn().empty()) add_line(out, "   {}", reader->torn());
  }
  if (a.run().scenario_text != b.run().scenario_text) {
    add_line(out, "   The scenario texts differ.");
  }
}

base::Result<std::vector<std::string>> record_lines(const Reader& reader) {
  const auto records = reader.records();
  if (!records) return base::Failure(records.error());
  std::vector<std::string> lines;
  for (const Record& record : *records) append_json(lines.emplace_back(), reader, record);
  return lines;
}

// All events are the same: are the snapshots, faults and violations?
base::Result<void> compare_records(const Reader& a, const Reader& b, DiffReport& report) {
  const auto left = record_lines(a);
  if (!left) return base::Failure(left.error());
  const auto right = record_lines(b);
  if (!right) return base::Failure(right.error());
  const auto [in_a, in_b] = std::mismatch(left->begin(), left->end(), right->begin(), right->end());
  if (in_a == left->end() && in_b == right->end()) {
    report.same = true;
    add_line(report.text, "The same: {} events and {} records.", a.events(), left->size());
    return {};
  }
  add_line(report.text, "All {} events are the same; the first record that differs:", a.events());
  add_line(report.text, "A> {}", in_a == left->end() ? "(no more records)" : *in_a);
  add_line(report.text, "B> {}", in_b == right->end() ? "(no more records)" : *in_b);
  return {};
}

base::Result<DiffReport> compare(const Reader& a, const Reader& b) {
  DiffReport report;
  report.damage = !a.torn().empty() ? a.torn() : b.torn();
  mention_runs(report.text, a, b);
  const std::uint64_t alike = events_alike(a, b);
  const std::uint64_t start = alike > kContext ? alike - kContext + 1 : 1;
  Lines left(a, start);
  Lines right(b, start);
  std::vector<std::string> shared;
  for (std::uint64_t number = start;; ++number) {
    const bool in_a = left.next();
    const bool in_b = right.next();
    if (left.error()) return base::Failure(*left.error());
    if (right.error()) return base::Failure(*right.error());
    if (!in_a && !in_b) break;
    if (left.text == right.text) {
      if (shared.size() == kContext) shared.erase(shared.begin());
      shared.push_back(left.text);
      continue;
    }
    report.first_difference = number;
    add_line(report.text, "First difference: event {}.", number);
    for (const std::string& line : shared) add_line(report.text, "   {}", line);
    add_line(report.text, "A> {}", in_a ? left.text : "(no more events)");
    add_line(report.text, "B> {}", in_b ? right.text : "(no more events)");
    return report;
  }
  const auto compared = compare_records(a, b, report);
  if (!compared) return base::Failure(compared.error());
  return report;
}

}  // namespace

base::Result<DiffReport> diff(const std::string& a, const std::string& b) {
  const auto left = Reader::open_file(a);
  if (!left) return base::Failure(left.error());
  const auto right = Reader::open_file(b);
  if (!right) return base::Failure(right.error());
  return compare(*left, *right);
}

}  // namespace tillrig::trace
