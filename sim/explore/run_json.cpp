#include "sim/explore/run_json.hpp"

#include "pos/base/json.hpp"

#include <boost/json/serialize.hpp>

#include <cstdint>
#include <optional>

namespace tillrig::explore {
namespace {

namespace json = base::json;
using base::Result;

constexpr std::size_t kLongText = 1 << 20;
constexpr std::size_t kManyRows = 1 << 20;

// What a till said or printed need not be UTF-8; the other side reads nothing else.
std::string valid(const std::string& text) {
  std::string quoted;
  base::append_quoted(quoted, text);
  const auto value = base::parse_json(quoted);
  return value ? std::string(value->get_string()) : std::string();
}

json::object to_json(const Failing& failing) {
  return {{"kind", valid(failing.kind)},   {"invariant", valid(failing.invariant)},
          {"phase", valid(failing.phase)}, {"file", valid(failing.file)},
          {"line", failing.line},          {"column", failing.column},
          {"what", valid(failing.what)},   {"expected", valid(failing.expected)},
          {"seen", valid(failing.seen)},   {"sale", valid(failing.sale)},
          {"till", valid(failing.till)},   {"at", failing.at.ns}};
}

// Reads fields one after the other and keeps the first error, so that a row is one list of names.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}

  void read(std::string_view key, std::string& into) {
    if (error_) return;
    auto text = base::get_text(object_, key, kLongText);
    if (text) {
      into = std::move(*text);
    } else {
      error_ = text.error();
    }
  }
  void read(std::string_view key, std::int64_t& into) {
    if (error_) return;
    auto number = base::get_int(object_, key, INT64_MIN, INT64_MAX);
    if (number) {
      into = *number;
    } else {
      error_ = number.error();
    }
  }
  void read(std::string_view key, int& into) {
    std::int64_t wide = 0;
    read(key, wide);
    into = static_cast<int>(wide);
  }
  void read(std::string_view key, std::uint64_t& into) {
    std::int64_t number = 0;
    read(key, number);
    into = static_cast<std::uint64_t>(number);
  }
  void read(std::string_view key, Instant& into) { read(key, into.ns); }
  [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

 private:
  const json::object& object_;
  std::optional<base::Error> error_;
};

Result<Failing> read_row(const json::object& object, const Failing* /*of*/) {
  Failing row;
  Fields fields(object);
  fields.read("kind", row.kind);
  fields.read("invariant", row.invariant);
  fields.read("phase", row.phase);
  fields.read("file", row.file);
  fields.read("line", row.line);
  fields.read("column", row.column);
  fields.read("what", row.what);
  fields.read("expected", row.expected);
  fields.read("seen", row.seen);
  fields.read("sale", row.sale);
  fields.read("till", row.till);
  fields.read("at", row.at);
  if (fields.error()) return base::Failure(*fields.error());
  return row;
}

Result<Judged> read_row(const json::object& object, const Judged* /*of*/) {
  Judged row;
  Fields fields(object);
  fields.read("invariant", row.invariant);
  fields.read("judged", row.judged);
  if (fields.error()) return base::Failure(*fields.error());
  return row;
}

Result<FaultSpan> read_row(const json::object& object, const FaultSpan* /*of*/) {
  FaultSpan row;
  Fields fields(object);
  fields.read("fault", row.fault);
  fields.read("till", row.till);
  fields.read("from", row.from);
  fields.read("until", row.until);
  if (fields.error()) return base::Failure(*fields.error());
  return row;
}

template <class Row>
Result<void> read_rows(const json::object& object, std::string_view key, std::vector<Row>& into) {
  auto rows = base::get_array(object, key, kManyRows);
  if (!rows) return base::Failure(rows.error());
  for (const json::value& value : **rows) {
    auto row_object = base::as_object(value, key);
    if (!row_object) return base::Failure(row_object.error());
    auto row = read_row(**row_object, static_cast<const Row*>(nullptr));
    if (!row) return base::Failure(row.error());
    into.push_back(std::move(*row));
  }
  return {};
}

}  // namespace

std::string write_run(const RunResult& result) {
  json::array failures;
  for (const Failing& failing : result.failures) failures.push_back(to_json(failing));
  json::array judged;
  for (const Judged& row : result.judged) {
    judged.push_back(json::object{{"invariant", row.invariant},
                                  {"judged", static_cast<std::int64_t>(row.judged)}});
  }
  json::array faults;
  for (const FaultSpan& span : result.faults) {
    faults.push_back(json::object{{"fault", valid(span.fault)},
                                  {"till", valid(span.till)},
                                  {"from", span.from.ns},
                                  {"until", span.until.ns}});
  }
  json::object whole;
  whole["failures"] = std::move(failures);
  whole["judged"] = std::move(judged);
  whole["faults"] = std::move(faults);
  whole["digest"] = result.digest;
  whole["virtual_ns"] = result.virtual_time.count();
  whole["sales"] = static_cast<std::int64_t>(result.sales);
  whole["events"] = static_cast<std::int64_t>(result.events);
  whole["port_calls"] = static_cast<std::int64_t>(result.port_calls);
  whole["timeline"] = result.timeline;
  whole["locale"] = result.locale;
  whole["broke"] = result.broke ? 1 : 0;
  return json::serialize(whole);
}

Result<RunResult> read_run(std::string_view line) {
  auto value = base::parse_json(line);
  if (!value) return base::Failure(value.error());
  auto object = base::as_object(*value, "the result of a run");
  if (!object) return base::Failure(object.error());
  RunResult result;
  std::int64_t virtual_ns = 0;
  int broke = 0;
  Fields fields(**object);
  fields.read("digest", result.digest);
  fields.read("virtual_ns", virtual_ns);
  fields.read("sales", result.sales);
  fields.read("events", result.events);
  fields.read("port_calls", result.port_calls);
  fields.read("timeline", result.timeline);
  fields.read("locale", result.locale);
  fields.read("broke", broke);
  if (fields.error()) return base::Failure(*fields.error());
  result.virtual_time = Duration{virtual_ns};
  result.broke = broke != 0;
  if (auto read = read_rows(**object, "failures", result.failures); !read) {
    return base::Failure(read.error());
  }
  if (auto read = read_rows(**object, "judged", result.judged); !read) {
    return base::Failure(read.error());
  }
  if (auto read = read_rows(**object, "faults", result.faults); !read) {
    return base::Failure(read.error());
  }
  return result;
}

}  // namespace tillrig::explore
