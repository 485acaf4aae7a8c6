#include "sim/trace/text.hpp"

#include "pos/base/hash.hpp"
#include "pos/base/json.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace tillrig::trace {
namespace {

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> text, Args&&... args) {
  fmt::format_to(std::back_inserter(out), text, std::forward<Args>(args)...);
}

void append_field(std::string& out, std::string_view key, std::string_view value) {
  append(out, ",\"{}\":", key);
  base::append_quoted(out, value);
}

void append_json_time(std::string& out, base::Instant time) {
  out += ",\"t\":\"";
  append_time(out, time);
  out += '"';
}

void append_value(std::string& out, const Reader& reader, const Arg& arg) {
  const auto id = static_cast<std::uint32_t>(arg.number);
  switch (arg.kind) {
    case ArgKind::number:
      append(out, "{}", arg.number);
      return;
    case ArgKind::text:
      base::append_quoted(out, arg.text);
      return;
    case ArgKind::name:
      base::append_quoted(out, reader.text(Name{id}));
      return;
    case ArgKind::blob: {
      const Blob blob = reader.blob(BlobId{id});
      append(out, "{{\"blob\":\"{}\",\"bytes\":{}}}", base::blake2b(blob.bytes).hex(),
             blob.bytes.size());
      return;
    }
    case ArgKind::unknown:
      break;
  }
  out += "null";
}

void append_args(std::string& out, const Reader& reader, const std::vector<Arg>& args) {
  out += '{';
  for (const Arg& arg : args) {
    if (&arg != &args.front()) out += ',';
    base::append_quoted(out, reader.text(arg.key));
    out += ':';
    append_value(out, reader, arg);
  }
  out += '}';
}

void append_plain_args(std::string& out, const Reader& reader, const std::vector<Arg>& args) {
  for (const Arg& arg : args) {
    append(out, "  {}=", reader.text(arg.key));
    append_value(out, reader, arg);
  }
}

void append_json_record(std::string& out, const Reader& reader, const Snapshot& snapshot) {
  out += "{\"snapshot\":";
  base::append_quoted(out, reader.text(snapshot.lane));
  append(out, ",\"after\":{}", snapshot.after);
  append_json_time(out, snapshot.time);
  out += ",\"state\":";
  append_args(out, reader, snapshot.state);
  out += '}';
}

void append_json_record(std::string& out, const Reader& reader, const Fault& fault) {
  out += "{\"fault\":";
  base::append_quoted(out, reader.text(fault.fault));
  append_field(out, "edge", name(fault.edge));
  append(out, ",\"after\":{}", fault.after);
  append_json_time(out, fault.time);
  append_field(out, "target", reader.text(fault.target));
  append(out, ",\"line\":{}}}", fault.line);
}

void append_json_record(std::string& out, const Reader& reader, const Violation& violation) {
  out += "{\"violation\":";
  base::append_quoted(out, reader.text(violation.invariant));
  append(out, ",\"after\":{}", violation.after);
  append_json_time(out, violation.time);
  append_field(out, "sale", reader.text(violation.sale));
  append(out, ",\"line\":{}", violation.line);
  append_field(out, "text", violation.text);
  append(out, ",\"chain\":[{}]}}", fmt::join(violation.chain, ","));
}

void append_where(std::string& out, std::string_view sale, std::uint32_t line) {
  if (!sale.empty()) append(out, "  {}", sale);
  if (line != 0) append(out, "  line {}", line);
}

void append_plain_record(std::string& out, const Reader& reader, const Snapshot& snapshot) {
  append(out, "  ===       state of {}", reader.text(snapshot.lane));
  append_plain_args(out, reader, snapshot.state);
}

void append_plain_record(std::string& out, const Reader& reader, const Fault& fault) {
  append(out, "  ~~~       fault {} {}", reader.text(fault.fault), name(fault.edge));
  append_where(out, reader.text(fault.target), fault.line);
}

void append_plain_record(std::string& out, const Reader& reader, const Violation& violation) {
  append(out, "  !!!       {} does not hold: {}", reader.text(violation.invariant), violation.text);
  append_where(out, reader.text(violation.sale), violation.line);
  if (!violation.chain.empty()) append(out, "  from #{}", fmt::join(violation.chain, ", #"));
}

}  // namespace

void append_time(std::string& out, base::Instant time) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  auto ns = static_cast<std::uint64_t>(time.ns);
  if (time.ns < 0) {
    out += '-';
    ns = ~ns + 1;
  }
  append(out, "{}.{:09}s", ns / kSecond, ns % kSecond);
}

void append_json(std::string& out, const Reader& reader, const Event& event) {
  append(out, "{{\"n\":{}", event.number);
  append_json_time(out, event.time);
  append_field(out, "lane", reader.text(event.lane));
  append_field(out, "name", reader.text(event.name));
  append_field(out, "sale", reader.text(event.sale));
  append(out, ",\"cause\":{}", event.cause);
  append_field(out, "severity", name(event.severity));
  append(out, ",\"line\":{}", event.line);
  if (event.duration.count() != 0) {
    out += ",\"duration\":\"";
    append_time(out, base::Instant{event.duration.count()});
    out += '"';
  }
  out += ",\"args\":";
  append_args(out, reader, event.args);
  out += '}';
}

void append_json(std::string& out, const Reader& reader, const Record& record) {
  std::visit([&](const auto& r) { append_json_record(out, reader, r); }, record);
}

void append_plain(std::string& out, const Reader& reader, const Event& event) {
  std::string time;
  append_time(time, event.time);
  append(out, "{:>20}  #{:<7}  {:<20}  {:<20}", time, event.number, reader.text(event.lane),
         reader.text(event.name));
  if (event.severity > Severity::info) append(out, "  {}", name(event.severity));
  append_where(out, reader.text(event.sale), event.line);
  if (event.duration.count() != 0) {
    out += "  took ";
    append_time(out, base::Instant{event.duration.count()});
  }
  append_plain_args(out, reader, event.args);
  if (event.cause != 0) append(out, "  <- #{}", event.cause);
}

void append_plain(std::string& out, const Reader& reader, const Record& record) {
  std::string time;
  append_time(time, std::visit([](const auto& r) { return r.time; }, record));
  append(out, "{:>20}", time);
  std::visit([&](const auto& r) { append_plain_record(out, reader, r); }, record);
}

}  // namespace tillrig::trace
