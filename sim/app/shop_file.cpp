#include "sim/app/shop_file.hpp"

#include "sim/scenario/read/fixture.hpp"

#include <filesystem>

namespace tillrig::app {

base::Result<world::Shop> read_shop(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    return base::fail(base::Code::bad_input, "{}: no such shop; expected a .toml file", file);
  }
  scenario::Problems problems(file);
  auto shop = scenario::load_shop(file, problems);
  if (shop && problems.empty()) return *std::move(shop);
  std::string text;
  for (const scenario::Problem& problem : problems.all()) {
    text += (text.empty() ? "" : "\n") + scenario::sentence(problem);
  }
  return base::fail(base::Code::bad_input, "{}", text);
}

}  // namespace tillrig::app
