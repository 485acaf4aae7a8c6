#include "pos/oms/projections.hpp"

namespace tillrig::oms {
namespace {

constexpr std::size_t kPage = 1'000;

Result<void> project_all(Database& database) {
  if (auto cleared = database.clear_projections(); !cleared) return cleared;
  std::uint64_t after = 0;
  for (;;) {
    const auto page = database.bodies(after, kPage);
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

}  // namespace

Result<void> rebuild_projections(Database& database) {
  if (auto begun = database.begin(); !begun) return begun;
  auto done = project_all(database);
  if (done) done = database.commit();
  if (!done) database.rollback();
  return done;
}

}  // namespace tillrig::oms
