#pragma once

#include "pos/base/names.hpp"

#include <string_view>

namespace tillrig::store {

// What opening found (reference: storage 3.4).
enum class Verdict {
  fresh,      // there was no store: one was made
  clean,      // closed properly last time
  recovered,  // stopped uncleanly; at most a torn, never acknowledged tail was dropped, or one copy
              // was caught up from the other. Silent, logged.
  degraded,   // one copy was lost and has been rebuilt from the other; or files of a store are
              // there in which nothing can be read at all
  critical,   // something acknowledged cannot be found, or both copies are unusable: no sale is
              // taken
};
constexpr auto names_of(Verdict) {
  return base::named<Verdict>({
      {Verdict::fresh, "fresh"},
      {Verdict::clean, "clean"},
      {Verdict::recovered, "recovered"},
      {Verdict::degraded, "degraded"},
      {Verdict::critical, "critical"},
  });
}
using base::name;

// Whether the next sale may be taken. degraded: one copy is dead, one sale, the one in hand,
// finishes on the other, and the next waits for rebuild().
enum class Health { sound, degraded, critical };
constexpr auto names_of(Health) {
  return base::named<Health>({
      {Health::sound, "sound"},
      {Health::degraded, "degraded"},
      {Health::critical, "critical"},
  });
}

}  // namespace tillrig::store
