#include "sim/explore/other_environment.hpp"

#include <filesystem>

namespace tillrig::explore {

std::vector<std::pair<std::string, std::string>> other_environment() {
  namespace fs = std::filesystem;
  // Chatham's rule spelt out, because not every machine has a database of zones.
  std::vector<std::pair<std::string, std::string>> changes = {
      {"TZ", "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45"},
      {"LC_ALL", kOtherLocale},
      {"LANG", kOtherLocale}};
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path built = program.parent_path().parent_path() / "locale";
  if (!error && fs::exists(built / kOtherLocale, error)) {
    changes.emplace_back("LOCPATH", built.string());
  }
  return changes;
}

}  // namespace tillrig::explore
