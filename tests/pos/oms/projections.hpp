#pragma once

#include "pos/oms/database.hpp"

namespace tillrig::oms {

inline constexpr std::size_t kProjectionPage = 1'000;

inline Result<void> project_all(Database& database) {
  if (auto cleared = database.clear_projections(); !cleared) return cleared;
  std::uint64_t after = 0;
  for (;;) {
    const auto page = database.bodies(after, kProjectionPage);
    if (!page) return base::Failure(page.error());
    if (page->empty()) return {};
    for (const StoredBody& stored : *page) {
      const auto event = wire::decode(stored.body);
      if (!event) return base::within(fmt::format("event v{}", stored.v), event.error());
      if (auto done = database.project(*event, stored.v); !done) return done;
    }
    after = page->back().v;
  }
}

// Throws the projections away and makes them again from the events; the result must equal what was
// there (INV-16).
inline Result<void> rebuild_projections(Database& database) {
  Transaction transaction(database);
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto done = project_all(database); !done) return done;
  return transaction.commit();
}

}  // namespace tillrig::oms
