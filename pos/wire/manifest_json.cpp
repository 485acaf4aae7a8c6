#include "pos/wire/api.hpp"
#include "pos/wire/fields.hpp"

#include <boost/json/monotonic_resource.hpp>

namespace tillrig::wire {
namespace {

using base::Code;
using base::fail;

constexpr std::size_t kPage = 1'000;  // most entries of one page (reference: domain 3.4)

void append_ids(std::string& out, const std::vector<std::string>& ids) {
  out += '[';
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ',';
    base::append_quoted(out, ids[i]);
  }
  out += ']';
}

Result<std::vector<std::string>> read_ids(const json::array& array, std::string_view key) {
  std::vector<std::string> ids;
  ids.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    const json::string* id = array[i].if_string();
    if (id == nullptr) return fail(Code::bad_input, "{}[{}] is not a text", key, i);
    ids.emplace_back(id->data(), id->size());
  }
  return ids;
}

}  // namespace

Bytes write_json(const std::vector<ManifestEntry>& entries) {
  Bytes out;
  out.reserve(32 + entries.size() * 112);
  out += "{\"entries\":[";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    append_field(out, i == 0 ? "{\"uuid\":" : ",{\"uuid\":", std::string_view(entries[i].id));
    append_field(out, ",\"hash\":", std::string_view(entries[i].hash));
    out += '}';
  }
  out += "]}";
  return out;
}

Bytes write_json(const ManifestAnswer& answer) {
  Bytes out = "{\"missing\":";
  append_ids(out, answer.missing);
  out += ",\"different\":";
  append_ids(out, answer.different);
  append_field(out, ",\"same\":", answer.same);
  out += '}';
  return out;
}

Result<std::vector<ManifestEntry>> read_manifest(ByteView body) {
  json::monotonic_resource arena(kArenaFactor * body.size() + 1);
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "manifest");
  if (!object) return base::Failure(object.error());
  const auto array = base::get_array(**object, "entries", kMostEntries);
  if (!array) return base::Failure(array.error());
  if ((*array)->size() > kPage) {
    return fail(Code::too_large, "the manifest has {} entries; at most {} make a page",
                (*array)->size(), kPage);
  }
  std::vector<ManifestEntry> entries;
  entries.reserve((*array)->size());
  for (std::size_t i = 0; i < (*array)->size(); ++i) {
    const std::string what = fmt::format("entries[{}]", i);
    const auto entry = base::as_object((**array)[i], what);
    if (!entry) return base::Failure(entry.error());
    Fields fields(**entry);
    ManifestEntry read;
    read.id = fields.text("uuid", 64);
    read.hash = fields.text("hash", 64);
    if (auto good = fields.check(); !good) return base::within(what, good.error());
    entries.push_back(std::move(read));
  }
  return entries;
}

Result<ManifestAnswer> read_manifest_answer(ByteView body) {
  json::monotonic_resource arena(kArenaFactor * body.size() + 1);
  const auto value = base::parse_json(body, &arena);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "answer to the manifest");
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  const json::array* missing = fields.array("missing", kPage);
  const json::array* different = fields.array("different", kPage);
  ManifestAnswer answer;
  answer.same = fields.count("same");
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  auto lacks = read_ids(*missing, "missing");
  if (!lacks) return base::Failure(lacks.error());
  auto differs = read_ids(*different, "different");
  if (!differs) return base::Failure(differs.error());
  answer.missing = *std::move(lacks);
  answer.different = *std::move(differs);
  return answer;
}

}  // namespace tillrig::wire
