#include "pos/store/database.hpp"

#include "pos/base/assert.hpp"

#include <sqlite3.h>

#include <utility>

namespace tillrig::store {

using base::Code;
using base::fail;

namespace {

constexpr int kCheckpointPages = 1000;

Code code_of(int rc) {
  switch (rc & 0xff) {
    case SQLITE_FULL:
      return Code::no_space;
    case SQLITE_READONLY:
      return Code::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::corrupt;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_CONSTRAINT:
      return Code::internal;
    default:
      return Code::io;
  }
}

base::Failure failure(sqlite3* db, int rc) {
  return fail(code_of(rc), "database: {} ({})", sqlite3_errmsg(db), sqlite3_errstr(rc));
}

}  // namespace

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)), bound_(other.bound_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  if (this == &other) return *this;
  sqlite3_finalize(statement_);
  db_ = other.db_;
  statement_ = std::exchange(other.statement_, nullptr);
  bound_ = other.bound_;
  return *this;
}

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_, ++bound_, value);
  return *this;
}

Statement& Statement::bind_text(std::string_view value) {
  sqlite3_bind_text64(statement_, ++bound_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(ByteView value) {
  sqlite3_bind_blob64(statement_, ++bound_, value.data(), value.size(), SQLITE_STATIC);
  return *this;
}

void Statement::reset() {
  sqlite3_reset(statement_);
  bound_ = 0;
}

Result<bool> Statement::step() {
  const int rc = sqlite3_step(statement_);
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error = failure(db_, rc);
  reset();
  return error;
}

Result<void> Statement::run() {
  const auto stepped = step();
  if (!stepped) return tl::unexpected(stepped.error());
  if (*stepped) reset();
  return {};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_, column);
  const int bytes = sqlite3_column_bytes(statement_, column);
  return text == nullptr ? std::string_view()
                         : std::string_view(reinterpret_cast<const char*>(text),
                                            static_cast<std::size_t>(bytes));
}

ByteView Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr
             ? ByteView()
             : ByteView(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

Result<std::unique_ptr<Database>> Database::open(ports::Disk& disk, const std::string& path) {
  sqlite3* db = nullptr;
  const std::string vfs = disk.sqlite_vfs();
  const int rc = sqlite3_open_v2(
      disk.sqlite_path(path).c_str(), &db,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      vfs.empty() ? nullptr : vfs.c_str());
  TILLRIG_ASSERT(db != nullptr, "SQLite has memory for a handle");
  std::unique_ptr<Database> opened(new Database(db));
  if (rc != SQLITE_OK) return failure(db, rc);
  if (const auto configured = opened->configure(); !configured) {
    return tl::unexpected(configured.error());
  }
  return opened;
}

Result<void> Database::configure() {
  // Nothing is checkpointed when the connection ends: it may end because the file is dead.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  int keep = 1;  // a VFS may not know it: then the WAL grows anew after a clean stop, no more
  sqlite3_file_control(db_, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  sqlite3_wal_hook(
      db_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Database*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  return run(
      "PRAGMA locking_mode = EXCLUSIVE;"
      "PRAGMA mmap_size = 0;"
      "PRAGMA temp_store = MEMORY;"
      "PRAGMA secure_delete = OFF;"
      "PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = FULL;");
}

Database::~Database() {
  sqlite3_close_v2(db_);
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int rc = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (rc != SQLITE_OK) return failure(db_, rc);
  return Statement(db_, statement);
}

Result<void> Database::run(const char* sql) {
  const int rc = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return failure(db_, rc);
  return {};
}

Result<void> Database::checkpoint_if_due() {
  if (wal_pages_ < kCheckpointPages) return {};
  wal_pages_ = 0;
  const int rc =
      sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (rc != SQLITE_OK) return failure(db_, rc);
  return {};
}

}  // namespace tillrig::store
