#include "pos/base/version.hpp"

#include <charconv>

namespace tillrig::base {

std::strong_ordering operator<=>(const Version& a, const Version& b) {
  if (const auto numbers = a.numbers <=> b.numbers; numbers != 0) return numbers;
  if (a.before_release != b.before_release) {
    return a.before_release ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.stage <=> b.stage;
}

Result<Version> parse_version(std::string_view text) {
  const auto wrong = [&] {
    return fail(Code::bad_input, "'{}' is no version; expected one such as 1.14.10 or 1.14.10-rc1",
                text.substr(0, 48));
  };
  Version version;
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    version.before_release = true;
    version.stage = text.substr(dash + 1);
    if (version.stage.empty()) return wrong();
  }
  std::string_view rest = text.substr(0, dash);
  for (;;) {
    const std::string_view part = rest.substr(0, rest.find('.'));
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size()) return wrong();
    version.numbers.push_back(number);
    if (part.size() == rest.size()) break;
    rest.remove_prefix(part.size() + 1);
  }
  while (version.numbers.size() > 1 && version.numbers.back() == 0) version.numbers.pop_back();
  return version;
}

}  // namespace tillrig::base
