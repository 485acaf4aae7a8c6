#include "pos/sqlite/connection.hpp"

#include "pos/base/assert.hpp"
#include "pos/sqlite/failure.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace tillrig::sqlite {
namespace {

constexpr int kCheckpointPages = 1'000;

// The locking mode comes before the first access in WAL: then there is no shared memory file. A
// log that one large transaction has made longer than 16 MiB is cut back.
constexpr const char* kPragmas =
    "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA secure_delete = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA journal_size_limit = 16777216;"
    "PRAGMA synchronous = FULL;";

// SQLite counts what memory it has, with a lock at each piece; nobody asks for it.
void count_no_memory() {
  static const int kTooLate = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)kTooLate;
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(ports::Disk& disk, const std::string& path,
                                                     Room room) {
  count_no_memory();
  sqlite3* raw = nullptr;
  const std::string vfs = disk.sqlite_vfs();
  const int code = sqlite3_open_v2(
      disk.sqlite_path(path).c_str(), &raw,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      vfs.empty() ? nullptr : vfs.c_str());
  TILLRIG_ASSERT(raw != nullptr, "SQLite has memory for a handle");
  std::unique_ptr<Connection> opened(new Connection(raw));
  const std::string doing = fmt::format("opening {}", path);
  if (code != SQLITE_OK) return failure(raw, doing);
  if (auto configured = opened->configure(room); !configured) {
    return base::within(doing, configured.error());
  }
  return opened;
}

Result<void> Connection::configure(Room room) {
  sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  int keep = 1;  // a VFS may not know it: then the log grows anew after a clean stop, no more
  sqlite3_file_control(connection_, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  // A hook of our own takes the place of the automatic checkpoint.
  sqlite3_wal_hook(
      connection_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Connection*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  // Before the file has its first page.
  if (room == Room::can_shrink) {
    if (auto set = run("PRAGMA auto_vacuum = INCREMENTAL"); !set) return set;
  }
  return run(kPragmas);
}

Connection::~Connection() {
  sqlite3_close_v2(connection_);
}

Result<Statement> Connection::prepare(std::string_view sql) {
  return Statement::prepare(connection_, sql);
}

Result<void> Connection::run(const char* sql) {
  if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return failure(connection_, sql);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(connection_) == 0;
}

std::uint64_t Connection::last_row() const {
  return static_cast<std::uint64_t>(sqlite3_last_insert_rowid(connection_));
}

Result<void> Connection::checkpoint_if_due() {
  return log_pages_ < kCheckpointPages ? Result<void>() : checkpoint();
}

Result<void> Connection::checkpoint() {
  log_pages_ = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(connection_, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return failure(connection_, "moving its log into the file (checkpoint)");
}

}  // namespace tillrig::sqlite
