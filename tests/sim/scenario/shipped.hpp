#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace tillrig::scenario {

// The files of all scenarios that are shipped; what they share is none.
inline std::vector<std::string> shipped_scenarios() {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  const fs::path folder = std::string(TILLRIG_SOURCE_DIR) + "/scenarios";
  for (fs::recursive_directory_iterator at(folder), end; at != end; ++at) {
    if (at->path().filename() == "shared") at.disable_recursion_pending();
    if (at->path().extension() == ".toml") files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tillrig::scenario
