#pragma once

#include "sim/disk/op.hpp"
#include "sim/disk/volume.hpp"
#include "sim/words/args.hpp"
#include "sim/words/fault.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace tillrig::disk {

// What most disk faults take: whose files they hit, and how often.
inline constexpr words::Param kFileParam{
    "file", words::Kind::text, "whose files: the ledger's, the database's, or any (default)", false,
    "any ledger db"};
inline constexpr words::Param kTimesParam{
    "times", words::Kind::integer, "how many calls it hits; 0 or left out: all until healed"};

// Which calls a fault hits: those on files of a role, `times` of them (0: without end).
class Aim {
 public:
  explicit Aim(const words::Args& args)
      : file_(args.text("file", "any")), times_(args.number("times")), endless_(times_ <= 0) {}

  // True if the fault hits this call; it is counted.
  bool hits(const Op& op) {
    if (file_ != "any" && name(op.role) != file_) return false;
    return endless_ || times_-- > 0;
  }

 private:
  std::string file_;
  std::int64_t times_;
  bool endless_;
};

inline Volume& volume_of(words::Target& target) {
  return static_cast<Volume&>(target);
}

// start and heal of a fault that is an Interference made from its arguments.
template <class T>
void arm(words::Target& target, words::FaultId id, const words::Args& args) {
  volume_of(target).interfere(id, std::make_unique<T>(args));
}

inline void disarm(words::Target& target, words::FaultId id) {
  volume_of(target).relent(id);
}

// The same done to the cloud's own disk.
template <class T>
words::Row<words::Fault> cloud_fault(words::Word word, std::string_view heals) {
  return words::Row<words::Fault>(
      words::Fault{std::move(word), words::Domain::cloud, arm<T>, disarm, heals, true});
}

}  // namespace tillrig::disk
