#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"
#include "pos/ports/disk.hpp"
#include "sim/disk/volume.hpp"

#include <map>
#include <string>

namespace tillrig::world {

// The cloud's files as they are read now, by name.
base::Result<std::map<std::string, base::Bytes>> copy_files(disk::Volume& volume);
// The volume has these files and no others from here on; nobody may use it meanwhile.
base::Result<void> write_files(ports::Disk& disk, disk::Volume& volume,
                               const std::map<std::string, base::Bytes>& files);
// The cloud's database has this event with other content: stamped a moment later. Errors:
// not_found, the disk's.
base::Result<void> alter_event(ports::Disk& disk, const std::string& id);

}  // namespace tillrig::world
