#include "sim/app/last_failed.hpp"

#include "pos/base/json.hpp"
#include "sim/app/output_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <tuple>

namespace tillrig::app {
namespace {

namespace fs = std::filesystem;

using Key = std::tuple<std::string, std::string, std::uint64_t>;  // file, variant, seed

constexpr std::size_t kLongest = 1 << 16;   // bytes of a path or a variant
constexpr std::size_t kMostKept = 100'000;  // runs

// Empty: there is none.
fs::path memory() {
  const char* const cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / "tillrig" / "last-failed";
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".cache/tillrig/last-failed";
  return {};
}

Key key_of(const explore::RunName& name) {
  std::error_code error;
  const fs::path file = fs::weakly_canonical(name.file, error);
  return {error ? name.file : file.string(), name.variant, name.seed};
}

std::string line_of(const Key& key) {
  std::string line = "{\"file\":";
  base::append_quoted(line, std::get<0>(key));
  line += ",\"variant\":";
  base::append_quoted(line, std::get<1>(key));
  return line + ",\"seed\":\"" + std::to_string(std::get<2>(key)) + "\"}\n";
}

}  // namespace

std::vector<explore::RunName> last_failed() {
  std::vector<explore::RunName> names;
  std::ifstream file(memory());
  for (std::string line; names.size() < kMostKept && std::getline(file, line);) {
    const auto value = base::parse_json(line);
    if (!value || !value->is_object()) continue;  // of another version, or cut
    const auto path = base::get_text(value->as_object(), "file", kLongest);
    const auto variant = base::get_text(value->as_object(), "variant", kLongest);
    const auto seed = base::get_text(value->as_object(), "seed");
    if (!path || !variant || !seed) continue;
    explore::RunName name;
    name.file = *path;
    name.variant = *variant;
    name.seed = std::strtoull(seed->c_str(), nullptr, 10);
    names.push_back(std::move(name));
  }
  return names;
}

void remember_failed(const explore::SuiteReport& suite) {
  const fs::path place = memory();
  if (place.empty()) return;
  std::set<Key> failed;
  for (const explore::RunName& name : last_failed()) failed.insert(key_of(name));
  const std::set<Key> before = failed;
  for (const explore::ScenarioReport& scenario : suite.scenarios) {
    for (const explore::RunReport& run : scenario.runs) {
      if (!run.finished) continue;
      if (run.result.failures.empty()) {
        failed.erase(key_of(run.name));
      } else {
        failed.insert(key_of(run.name));
      }
    }
  }
  if (failed == before) return;
  std::string text;
  for (const Key& key : failed) text += line_of(key);
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  // A cache that cannot be written is no reason to fail a suite that held.
  static_cast<void>(write_whole(place.string(), text));
}

}  // namespace tillrig::app
