#pragma once

#include "pos/base/mutant.hpp"

namespace tillrig::oms {

extern const base::Mutant kNoDedupe;          // asked where ids are looked up and indexed
extern const base::Mutant kCrashOnKnownUuid;  // asked where a batch comes in
// Asked where an item is written.
extern const base::Mutant kTaxOff;
extern const base::Mutant kQuantityOne;
extern const base::Mutant kSecondForgotten;
extern const base::Mutant kGivenBackUntold;  // asked where a till asks for a receipt

}  // namespace tillrig::oms
