#pragma once

#include "pos/base/result.hpp"
#include "pos/wire/feed.hpp"
#include "pos/wire/table_sum.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillrig::store {

// How far one of the cloud's tables has been read.
struct Reading {
  std::string epoch;          // of the cloud that numbered it; empty: nothing was read yet
  std::uint64_t v = 0;        // all up to here is kept
  bool anew = false;          // from the start, beside the table that is in effect
  std::uint64_t horizon = 0;  // anew: the cloud's, when it began

  bool operator==(const Reading&) const = default;
};

// What the till keeps of the cloud's tables, as the down lane sees it.
class Shelf {
 public:
  virtual ~Shelf() = default;

  // How far it is: that which is read anew, where there is one. Nothing: nothing can be kept now.
  virtual std::optional<Reading> reading(std::string_view table) = 0;
  // Keeps a page that goes on after `asked`, and how far the table has been read with it, in one
  // transaction: after a kill or a power cut there are both or neither. A table that is read anew
  // takes the place of the one in effect with its last page, whole. True: the table in effect is
  // another now. Errors: not_allowed (nothing can be kept), the disk's; then nothing is kept.
  virtual base::Result<bool> keep(std::string_view table, const Reading& asked,
                                  const wire::FeedPage& page) = 0;
  // Of the table in effect, row by row. Errors: the disk's.
  virtual base::Result<wire::TableSum> sum(std::string_view table) = 0;
};

}  // namespace tillrig::store
