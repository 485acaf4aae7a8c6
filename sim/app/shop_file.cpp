#include "sim/app/shop_file.hpp"

#include "sim/scenario/read/fixture.hpp"

#include <filesystem>

namespace tillrig::app {

base::Result<world::Shop> read_shop(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path path = fs::absolute(file, error);
  if (!fs::is_regular_file(path, error) || path.parent_path().filename() != "fixtures" ||
      path.extension() != ".toml") {
    return base::fail(base::Code::bad_input,
                      "{}: no such shop; expected a .toml file in a folder called fixtures", file);
  }
  scenario::Problems problems(file);
  // Looked up by name from beside the folder, as scenarios do.
  const std::string beside = path.parent_path().string();
  auto shop = scenario::load_shop(path.stem().string(), beside, scenario::Where(), problems);
  if (shop && problems.empty()) return *std::move(shop);
  std::string text;
  for (const scenario::Problem& problem : problems.all()) {
    text += (text.empty() ? "" : "\n") + scenario::sentence(problem);
  }
  return base::fail(base::Code::bad_input, "{}", text);
}

}  // namespace tillrig::app
