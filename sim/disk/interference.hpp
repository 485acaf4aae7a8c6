#pragma once

#include "pos/base/result.hpp"
#include "pos/base/time.hpp"
#include "sim/disk/op.hpp"

#include <cstdint>
#include <optional>

namespace tillrig::disk {

// What the faults of a volume make of one call.
struct Answer {
  std::optional<base::Code> error;  // the call fails with it
  bool lie = false;                 // a sync says OK and settles nothing
  bool damage = false;              // a write says OK and writes a bit of it otherwise
  std::uint64_t room = UINT64_MAX;  // bytes the volume can still take
  base::Duration delay{};           // on top of the profile's latency
};

// One armed fault. It is asked before each call, in the order of fault ids, and changes the answer.
class Interference {
 public:
  virtual ~Interference() = default;
  // `used`: bytes in all files. True if the fault made a difference to this call.
  virtual bool judge(const Op& op, std::uint64_t used, Answer& answer) = 0;
};

}  // namespace tillrig::disk
