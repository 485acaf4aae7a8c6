#pragma once

#include "pos/store/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::store {

// One of the till's events as it stands in the database.
struct Filed {
  base::EventId id;
  base::Hash256 hash;
  SyncState state = SyncState::queued;
  base::WallTime wall;  // when it was made
  // Nothing of the queue or of the numbers needs it any more: uploaded with all before it, and not
  // the last of its epoch.
  bool may_go = false;
};

// What a page of a clean-up came to.
struct Cleaned {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  // that the disk has free again
};

// What the cloud said of an event that counted as uploaded.
enum class Finding {
  missing,    // it does not hold it: owed again
  different,  // it holds something else under this id: for a person to look at
};
struct Found {
  base::EventId id;
  Finding what = Finding::missing;
};

// Why an event is in quarantine that was found to be different.
inline constexpr std::string_view kHeldOtherwise = "held_otherwise";

// The store as the Sync Manager's heavy controls see it: all that was ever committed, and what is
// found out about it afterwards.
class Archive {
 public:
  virtual ~Archive() = default;

  // Events after this one (with an empty till: from the first), in the order in which they were
  // made. From the database, for the ledger lets go of what was uploaded. Errors: not_allowed (it
  // is dead), the disk's.
  virtual base::Result<std::vector<Filed>> filed(const base::EventId& after, std::size_t most) = 0;
  // How many events were made up to this one, and in all; those that were cleaned up too.
  [[nodiscard]] virtual std::uint64_t made_up_to(const base::EventId& id) const = 0;
  [[nodiscard]] virtual std::uint64_t made() const = 0;
  // Takes back that these were uploaded; those that are not counted so are passed over. One
  // transaction. A missing one waits for the cloud again and stays counted as uploaded: it was, and
  // is not counted twice. Errors: as filed(); then nothing changed.
  virtual base::Result<void> take_back(std::span<const Found> found) = 0;
  // Deletes these from the database, those that may go; the ledger lets go of them by itself, and
  // what it still has counts as cleaned up too. Ids and numbers are not given again. One
  // transaction. Errors: as take_back().
  virtual base::Result<Cleaned> clean(std::span<const base::EventId> ids) = 0;
};

}  // namespace tillrig::store
