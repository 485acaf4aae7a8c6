#pragma once

#include "pos/base/mutant.hpp"

namespace tillrig::oms {

extern const base::Mutant kNoDedupe;          // asked where ids are looked up and indexed
extern const base::Mutant kCrashOnKnownUuid;  // asked where a batch comes in

}  // namespace tillrig::oms
