#pragma once

#include "pos/till/parts.hpp"
#include "pos/till/sync_commands.hpp"

namespace tillrig::till {

inline constexpr const char* kUnsentFile = "unsent.jsonl";

// Writes down all documents that the cloud has not got, or has refused, in a file of the till's
// folder, for whoever has to carry them by hand (OUT-22): a JSON text a line, oldest first, with
// `sync`, `why`, and the `item` as it would be sent. It takes the place of an earlier one when it
// is whole and on the disk. Changes nothing in the queue. Errors: the store's, the disk's.
base::Result<Exported> export_unsent(const Parts& parts);

}  // namespace tillrig::till
