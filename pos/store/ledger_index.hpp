#pragma once

#include "pos/store/entry.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace tillrig::store {

// Where a record stands.
struct Place {
  std::uint32_t segment = 0;  // 0: nowhere
  std::uint16_t sector = 0;   // the first one, from 0
  std::uint16_t sectors = 0;

  bool operator==(const Place&) const = default;
};

// key -> place, for every record that the ledger has. One slot a record; finding one costs the same
// however many there are.
class LedgerIndex {
 public:
  LedgerIndex() = default;
  LedgerIndex(const LedgerIndex&) = delete;
  LedgerIndex& operator=(const LedgerIndex&) = delete;

  struct Slot {
    Place place;
    Money total;
  };

  // The slot of a record, or null.
  [[nodiscard]] const Slot* find(Key key) const;
  // Segments are filled one after the other: an event may be written again, in the same segment or
  // in a newer one. Gives the segment in which it stood before, 0 for none.
  std::uint32_t put(Key key, const Slot& slot);
  // Forgets what stands in a segment.
  void drop(std::uint32_t segment);
  // Forgets one record: it stands in its file and counts for nothing.
  void forget(Key key);
  // All records standing in a segment, each once, in the order in which they came.
  [[nodiscard]] std::vector<Key> in_segment(std::uint32_t segment) const;
  [[nodiscard]] std::vector<std::uint32_t> epochs() const;
  // First and highest seq of an epoch; {1, 0} when it has none.
  struct Span {
    std::uint64_t first = 1;
    std::uint64_t last = 0;
  };
  [[nodiscard]] Span span(std::uint32_t epoch) const;
  // The first event that stands in an older segment than an earlier event: a rewriting that ended
  // half-way leaves one. While there is none, letting go of the oldest segments lets go of the
  // oldest events.
  [[nodiscard]] std::optional<Key> first_out_of_order() const;
  [[nodiscard]] bool empty() const { return epochs_.empty(); }

 private:
  struct Epoch {
    std::uint64_t first = 0;  // seq of slots.front(), which stands somewhere
    std::deque<Slot> slots;

    [[nodiscard]] bool covers(std::uint64_t seq) const {
      return seq >= first && seq - first < slots.size();
    }
  };
  // Runs of records written to a segment, so that dropping one visits only its own. They do not
  // overlap: of a record written again in its segment there is a run already.
  struct Run {
    std::uint32_t epoch = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };

  void forget_in(std::map<std::uint32_t, Epoch>::iterator at, std::uint64_t seq);

  std::map<std::uint32_t, Epoch> epochs_;  // none without a record
  std::map<std::uint32_t, std::vector<Run>> runs_;
  // Where the last put() went, for the next one goes there too.
  std::uint32_t last_epoch_ = 0;
  std::uint32_t last_segment_ = 0;
  Epoch* into_ = nullptr;
  std::vector<Run>* run_ = nullptr;
};

}  // namespace tillrig::store
