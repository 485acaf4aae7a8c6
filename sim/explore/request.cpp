#include "sim/explore/request.hpp"

#include "pos/base/json.hpp"

#include <boost/json/serialize.hpp>

#include <cstdint>

namespace tillrig::explore {
namespace {

namespace json = base::json;
constexpr std::size_t kLongestField = 1 << 16;
constexpr std::size_t kManyMutants = 1000;

}  // namespace

std::string write_request(const Request& request) {
  json::array mutants;
  for (const std::string& mutant : request.mutants) mutants.emplace_back(mutant);
  json::object whole;
  whole["file"] = request.file;
  whole["plan"] = static_cast<std::int64_t>(request.plan);
  whole["call"] = static_cast<std::int64_t>(request.call);
  whole["seed"] = static_cast<std::int64_t>(request.seed);
  whole["mutants"] = std::move(mutants);
  whole["bed"] = request.bed;
  whole["timeline"] = request.timeline;
  whole["scratch"] = request.scratch;
  return json::serialize(whole);
}

base::Result<Request> read_request(std::string_view line) {
  const auto value = base::parse_json(line);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "a request");
  if (!object) return base::Failure(object.error());
  Request request;
  for (auto& [key, into] :
       {std::pair{"file", &request.file}, std::pair{"bed", &request.bed},
        std::pair{"timeline", &request.timeline}, std::pair{"scratch", &request.scratch}}) {
    auto text = base::get_text(**object, key, kLongestField);
    if (!text) return base::Failure(text.error());
    *into = std::move(*text);
  }
  for (auto& [key, into] : {std::pair{"plan", &request.plan}, std::pair{"call", &request.call},
                            std::pair{"seed", &request.seed}}) {
    const auto number = base::get_int(**object, key, INT64_MIN, INT64_MAX);
    if (!number) return base::Failure(number.error());
    *into = static_cast<std::uint64_t>(*number);
  }
  const auto mutants = base::get_array(**object, "mutants", kManyMutants);
  if (!mutants) return base::Failure(mutants.error());
  for (const json::value& mutant : **mutants) {
    if (!mutant.is_string()) {
      return base::fail(base::Code::bad_input, "a mutant is not a text; expected its name");
    }
    request.mutants.emplace_back(mutant.get_string());
  }
  return request;
}

}  // namespace tillrig::explore
