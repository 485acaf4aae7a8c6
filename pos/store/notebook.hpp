#pragma once

#include "pos/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tillrig::store {

// What a till notes for its own next start, beside its events: when it was in step with the cloud,
// until when it works locally. In the database alone: one that is made anew begins without notes.
class Notebook {
 public:
  virtual ~Notebook() = default;

  // Nothing: it was never noted, or cannot be read now.
  virtual std::optional<std::string> noted(std::string_view name) = 0;
  // Takes the place of what was noted under this name; an empty text strikes it out. Errors:
  // not_allowed (nothing can be kept), the disk's.
  virtual base::Result<void> keep_note(std::string_view name, std::string_view text) = 0;
};

}  // namespace tillrig::store
