#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/entropy.hpp"
#include "pos/store/shelf.hpp"
#include "pos/sync/backoff.hpp"
#include "pos/sync/cloud_client.hpp"
#include "pos/wire/feed.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tillrig::sync {

// A page to ask for.
struct FeedAsk {
  std::string table;
  store::Reading after;
  bool compare = false;  // also what the whole table comes to
};

using FeedOutcome = Reply<wire::FeedPage>;

// The down lane's rules, without I/O, for one of the cloud's tables.
// - The answer to a probe tells how new the cloud's tables are, so nothing is asked while nothing
//   changed.
// - One page is under way at a time; it is kept together with how far it goes, or not at all.
// - 410 (our cursor is too old, or another cloud's): the table is read from the start, beside the
//   one in effect, which it replaces when it is whole.
// - Who asks by hand also compares: the last page tells what the table comes to at the cloud, and
//   one that is other here is read from the start.
// - Whatever else fails is asked for again, later each time.
class DownLane {
 public:
  DownLane(store::Shelf& shelf, ports::Entropy& entropy, std::string_view table,
           base::Mutants mutants = {})
      : shelf_(shelf),
        entropy_(entropy),
        table_(table),
        backoff_(entropy),
        mutants_(std::move(mutants)) {}

  // The cloud says who it is, and the number of its newest change.
  void heard(std::string_view epoch, std::uint64_t head);
  // What to ask for, if there is something and it may be asked for now.
  std::optional<FeedAsk> next(Instant now);
  // When next() may have something again without hearing more; never() if it will not.
  [[nodiscard]] Instant resume_at(Instant now) const;
  // The table is read from the start, beside the one in effect, whatever is kept of it.
  void read_anew() { start_again_ = true; }
  // All that the cloud was heard to have is kept.
  [[nodiscard]] bool level();
  // Takes in what came of it. True: the table in effect is another now. Errors are the store's; the
  // page is asked for again.
  base::Result<bool> finish(const FeedAsk& asked, const FeedOutcome& outcome, Instant now);
  // As UpLane.
  void line_is_back(Instant now);
  // Somebody wants to know whether there is anything new: asked once, whatever was heard, and not
  // answered by a question that is under way already. What is kept is compared with the cloud's.
  void now();
  // The page that came last shows that the table here is another than the cloud's.
  [[nodiscard]] bool drifted() const { return drifted_; }
  [[nodiscard]] std::string_view table() const { return table_; }
  [[nodiscard]] std::uint64_t head() const { return head_; }

 private:
  [[nodiscard]] bool due(const store::Reading& kept) const;
  base::Result<bool> take(const FeedAsk& asked, const wire::FeedPage& page, Instant now);
  [[nodiscard]] bool differs(const wire::FeedPage& page);
  void failed(Duration retry_after, Instant now);
  [[nodiscard]] Instant free_at() const { return std::max(not_before_, asked_until_); }

  store::Shelf& shelf_;
  ports::Entropy& entropy_;
  std::string table_;
  Backoff backoff_;
  base::Mutants mutants_;
  std::string epoch_;       // the cloud's, as heard last; empty: nothing was heard
  std::uint64_t head_ = 0;  // of it
  bool start_again_ = false;
  bool in_flight_ = false;
  bool wanted_ = false;   // asked for by somebody
  bool compare_ = false;  // and not compared yet
  bool drifted_ = false;
  Instant not_before_{0};   // by our own back-off
  Instant asked_until_{0};  // by the cloud: no sign of life lifts it
};

}  // namespace tillrig::sync
