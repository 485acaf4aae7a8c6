#pragma once

#include "sim/net/link.hpp"
#include "sim/words/args.hpp"
#include "sim/words/fault.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tillrig::net {

inline constexpr words::Param kPathParam{
    "path", words::Kind::text,
    "which requests: this path, or all that begin so with a * at the end; all if left out"};
inline constexpr words::Param kUploadPathParam{
    "path", words::Kind::text,
    "which requests, as \"/v1/sync/up\" (default), or \"/v1/*\" for all that begin so"};
inline constexpr words::Param kCountParam{
    "count", words::Kind::integer, "how many requests it hits; 0 or left out: all until healed"};

inline constexpr std::string_view kUploadPath = "/v1/sync/up";

// Which requests a fault hits: those of a path, `count` of them (0: without end).
class Aim {
 public:
  explicit Aim(const words::Args& args, std::string_view path = "*")
      : path_(args.text("path", path)), count_(args.number("count")), endless_(count_ <= 0) {}

  // True if the fault hits this request; it is counted.
  bool hits(const base::HttpRequest& request) {
    if (!matches(request.target)) return false;
    return endless_ || count_-- > 0;
  }

 private:
  [[nodiscard]] bool matches(std::string_view target) const {
    const std::string_view path = target.substr(0, target.find('?'));
    if (path_.ends_with('*'))
      return path.starts_with(std::string_view(path_).substr(0, path_.size() - 1));
    return path == path_;
  }

  std::string path_;
  std::int64_t count_;
  bool endless_;
};

// start and heal of a fault that is a LineFault made from its arguments.
template <class T>
void arm(words::Target& target, words::FaultId id, const words::Args& args) {
  static_cast<Link&>(target).start(id, std::make_unique<T>(args));
}

// A fault with chances of its own.
template <class T>
words::Row<words::Fault> wan_fault_by_chance(words::Word word, std::string_view heals) {
  const std::string_view name = word.name;
  const auto start = [name](words::Target& target, words::FaultId id, const words::Args& args) {
    auto& link = static_cast<Link&>(target);
    link.start(id, std::make_unique<T>(args, link.dice(name)));
  };
  return words::Row<words::Fault>(words::Fault{
      std::move(word), words::Domain::wan, start,
      [](words::Target& target, words::FaultId id) { static_cast<Link&>(target).heal(id); },
      heals});
}

inline void disarm(words::Target& target, words::FaultId id) {
  static_cast<Link&>(target).heal(id);
}

// `cuts_off`: as in Fault.
template <class T>
words::Row<words::Fault> wan_fault(words::Word word, std::string_view heals,
                                   bool cuts_off = false) {
  return words::Row<words::Fault>(
      words::Fault{std::move(word), words::Domain::wan, arm<T>, disarm, heals, cuts_off});
}

// An answer as whoever stands between till and cloud gives it.
inline base::HttpResponse stranger(int status, std::string_view type, std::string_view body) {
  base::HttpResponse answer;
  answer.status = status;
  answer.fields.add("Content-Type", type);
  answer.body = body;
  return answer;
}

}  // namespace tillrig::net
