#pragma once

#include "pos/store/archive.hpp"
#include "pos/store/journal.hpp"
#include "pos/store/outbox.hpp"
#include "pos/store/queue_cursor.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tillrig::store {

// The queue to the cloud: the journal with a cursor over it, and what is told of it on the screen.
class Queue {
 public:
  Queue(std::string till, Journal& journal, ports::Recorder& recorder, QueueCursor cursor)
      : till_(std::move(till)),
        journal_(journal),
        recorder_(recorder),
        cursor_(std::move(cursor)) {}

  // Events that were written join it.
  void add(std::span<const Draft> drafts);
  // What the counters will be once these are in it.
  [[nodiscard]] Counters counters_with(std::span<const Draft> drafts) const;

  // As Outbox.
  std::vector<wire::UpItem> peek(std::size_t items, std::size_t bytes,
                                 const std::vector<base::EventId>& except);
  Result<void> settle(std::span<const Settled> settled);
  // As Archive.
  Result<void> take_back(std::span<const Found> found);
  [[nodiscard]] std::uint64_t made_up_to(Key key) const;

  [[nodiscard]] const Counters& counters() const { return cursor_.counters(); }
  [[nodiscard]] SyncState state(Key key) const { return cursor_.state(key); }
  [[nodiscard]] bool may_go(Key key) const { return cursor_.may_go(key); }
  [[nodiscard]] std::string_view why(Key key) const { return cursor_.why(key); }
  // Brings a dead copy of the journal back.
  Result<void> rebuild() { return journal_.rebuild(cursor_); }

  // Looks up the wall time of the oldest pending event, if that is another one now.
  void refresh_oldest();

 private:
  void note_settled(Key key, SyncState state);
  std::size_t take_run(Key key, std::size_t items, std::size_t bytes,
                       std::vector<wire::UpItem>& out, std::size_t& taken);

  std::string till_;
  Journal& journal_;
  ports::Recorder& recorder_;
  QueueCursor cursor_;
  std::optional<Key> oldest_;
};

}  // namespace tillrig::store
