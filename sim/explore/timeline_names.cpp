#include "sim/explore/timeline_names.hpp"

#include <fmt/format.h>

namespace tillrig::explore {
namespace {

std::string plain_name(const RunName& run) {
  std::string name;
  for (const char c : fmt::format("{} {} seed {}", run.scenario, run.variant, run.seed)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    if (plain) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  return name;
}

}  // namespace

TimelineNames::Name TimelineNames::take(const RunName& run, unsigned number) {
  const std::string plain = plain_name(run);
  for (;; ++number) {
    const std::string name = number < 2 ? plain : fmt::format("{}-{}", plain, number);
    if (taken_.insert(name).second) return {fmt::format("{}/{}.tlog", folder_, name), number};
  }
}

}  // namespace tillrig::explore
