#pragma once

#include "pos/oms/database.hpp"
#include "pos/ports/disk.hpp"
#include "pos/ports/entropy.hpp"

#include <memory>
#include <string>

namespace tillrig::oms {

// The cloud's database in one SQLite file: WAL, synchronous FULL, locking EXCLUSIVE, reached
// through the Disk port. After a failed sync or checkpoint it is not usable() until it is opened
// anew; SQLite's own automatic checkpoint would hide that failure, so it is off.
struct SqliteOptions {
  std::string path = "cloud.db";
  // The file was put back from an older backup: the cloud is another one from now on, whose
  // logins are newer than all that were ever given, and no old token is good.
  bool put_back = false;
  bool unique_ids = true;  // false only for the mutant no_dedupe
};

// Opens or makes it. Errors: io, corrupt, no_space, read_only.
Result<std::unique_ptr<Database>> open_sqlite(ports::Disk& disk, ports::Entropy& entropy,
                                              const SqliteOptions& options);

}  // namespace tillrig::oms
