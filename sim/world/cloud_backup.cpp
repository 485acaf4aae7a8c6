#include "sim/world/cloud_backup.hpp"

#include "pos/base/ids.hpp"
#include "pos/oms/cloud.hpp"
#include "pos/sqlite/connection.hpp"
#include "pos/wire/event.hpp"

#include <optional>

namespace tillrig::world {

using base::Code;
using base::fail;
using base::Failure;
using base::Result;

Result<std::map<std::string, base::Bytes>> copy_files(disk::Volume& volume) {
  std::map<std::string, base::Bytes> files;
  for (const std::string& name : volume.list("")) {
    const disk::InodePtr file = volume.find(name);
    if (file == nullptr) continue;
    const auto bytes = volume.read(*file, 0, UINT32_MAX);
    if (!bytes) return Failure(bytes.error());
    files[name] = base::Bytes(*bytes);
  }
  return files;
}

Result<void> write_files(ports::Disk& disk, disk::Volume& volume,
                         const std::map<std::string, base::Bytes>& files) {
  for (const std::string& name : volume.list("")) {
    if (auto gone = disk.remove(name); !gone) return gone;
  }
  for (const auto& [name, bytes] : files) {
    auto file = disk.open(name, ports::Disk::Mode::create);
    if (!file) return Failure(file.error());
    if (auto done = (*file)->write_at(0, bytes); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
  }
  return disk.sync_dir("");
}

Result<void> alter_event(ports::Disk& disk, const std::string& id) {
  const auto which = base::parse_event_id(id);
  if (!which) return Failure(which.error());
  auto database = sqlite::Connection::open(disk, oms::Config().database);
  if (!database) return Failure(database.error());
  auto read = (*database)->prepare("SELECT body FROM events WHERE till=? AND epoch=? AND seq=?");
  if (!read) return Failure(read.error());
  std::optional<base::Bytes> body;
  auto done =
      read->bind(which->till, which->epoch, which->seq).each([&](const sqlite::Statement& row) {
        body = base::Bytes(row.view(0));
      });
  if (!done) return done;
  if (!body) return fail(Code::not_found, "the backup of the cloud has no {}", id);
  auto event = wire::decode(*body);
  if (!event) return Failure(event.error());
  ++event->hlc.count;
  const base::Bytes other = wire::encode(*event);
  auto write =
      (*database)->prepare("UPDATE events SET body=?, hash=? WHERE till=? AND epoch=? AND seq=?");
  if (!write) return Failure(write.error());
  return write
      ->bind(sqlite::Blob{other}, sqlite::Blob{base::blake2b(other).view()}, which->till,
             which->epoch, which->seq)
      .run();
}

}  // namespace tillrig::world
