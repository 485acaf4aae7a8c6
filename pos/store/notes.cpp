#include "pos/store/notes.hpp"

#include "pos/base/assert.hpp"

namespace tillrig::store {
namespace {

constexpr const char* kNoteTable =
    "CREATE TABLE IF NOT EXISTS note(name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT";

Result<bool> has_notes(sqlite::Connection& book) {
  auto look = book.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'note'");
  if (!look) return base::Failure(look.error());
  bool there = false;
  if (auto done = look->each([&](const sqlite::Statement&) { there = true; }); !done) {
    return base::Failure(done.error());
  }
  return there;
}

}  // namespace

Result<std::optional<std::string>> read_note(sqlite::Connection& book, std::string_view name) {
  std::optional<std::string> found;
  const auto there = has_notes(book);
  if (!there) return base::Failure(there.error());
  if (!*there) return found;
  auto look = book.prepare("SELECT text FROM note WHERE name = ?");
  if (!look) return base::Failure(look.error());
  auto done = look->bind(name).each([&](const sqlite::Statement& row) { found = row.text(0); });
  if (!done) return base::Failure(done.error());
  return found;
}

Result<void> write_note(sqlite::Connection& book, std::string_view name, std::string_view text) {
  TILLRIG_ASSERT(book.in_transaction(), "a note is kept whole");
  if (auto made = book.run(kNoteTable); !made) return made;
  auto put = book.prepare(text.empty() ? "DELETE FROM note WHERE name = ?1"
                                       : "INSERT OR REPLACE INTO note VALUES(?1, ?2)");
  if (!put) return base::Failure(put.error());
  return text.empty() ? put->bind(name).run() : put->bind(name, text).run();
}

}  // namespace tillrig::store
