#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/database.hpp"
#include "pos/ports/recorder.hpp"
#include "pos/wire/customer.hpp"
#include "pos/wire/feed.hpp"
#include "pos/wire/table_sum.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oms {

// Where a reader of a table is.
struct FeedReader {
  std::uint64_t cursor = 0;                 // it has read all up to here
  std::string epoch;                        // of the cloud that numbered that
  std::optional<std::uint64_t> begun = {};  // reading from the start: the horizon at its beginning
  bool compares = false;                    // wants the table's sum
};

// Why a reader has to start again: a code of feed.hpp, and a sentence.
struct StartAgain {
  std::string_view code;
  std::string what;
};

// The cloud's tables as the down lane tells of them: a change gets its number in the transaction
// that stores it, so that nobody ever sees a number before a smaller one. Rows of what was removed
// stay, that a reader of any age learns of it. Not for two callers at once.
class Feed {
 public:
  Feed(Database& database, ports::Recorder& recorder, base::Mutants mutants)
      : database_(database), recorder_(recorder), mutants_(std::move(mutants)) {}

  // All of it in one transaction, or nothing; on stable storage when it returns a value, the number
  // of the last change. Errors: too_large (more ids than a table takes), the database's.
  Result<std::uint64_t> change(const wire::ItemChanges& changes);
  Result<std::uint64_t> change(const wire::CustomerChanges& changes);
  // The number of the newest change.
  Result<std::uint64_t> head();
  // What a reader who is there has to read next, or why it starts again; the last page with the
  // sum of the table, for a reader who wants to compare. Errors: the database's.
  Result<wire::FeedPage> page(std::string_view collection, const FeedReader& reader,
                              std::size_t most, std::optional<StartAgain>& again);
  // From here on whoever has not read all of the tables starts again: for when rows were mended by
  // hand, below the numbers that readers had seen. Gives the horizon.
  Result<std::uint64_t> move_horizon();

 private:
  Result<std::uint64_t> change(std::string_view table, std::vector<wire::FeedRow> rows);
  Result<void> put(FeedHead& head, std::string_view table, wire::FeedRow row);
  Result<std::uint64_t> commit(std::string_view table, const std::vector<wire::FeedRow>& rows);
  [[nodiscard]] std::optional<StartAgain> why_again(const FeedReader& reader,
                                                    const FeedHead& head) const;
  Result<void> commit_late();
  Result<wire::TableSum> sum(std::string_view collection);

  Database& database_;
  ports::Recorder& recorder_;
  base::Mutants mutants_;
  std::vector<wire::FeedRow> late_;  // mutant feed_by_sequence: numbered, and not yet committed
  std::string_view late_table_;      // of those
  bool overtaken_ = false;           // by a change with a higher number
};

}  // namespace tillrig::oms
