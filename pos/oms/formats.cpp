#include "pos/oms/formats.hpp"

#include "pos/wire/event.hpp"

namespace tillrig::oms {
namespace {

using base::fail;
using sqlite::Connection;

constexpr std::size_t kEventsAtOnce = 1'000;

constexpr const char* kOrdersAway = R"sql(
DROP TABLE IF EXISTS orders;
DROP TABLE IF EXISTS payments;
DROP TABLE IF EXISTS taxes;
DROP INDEX IF EXISTS postings_key;
)sql";
constexpr const char* kPostingsRenamed = R"sql(
ALTER TABLE postings RENAME COLUMN n TO row;
ALTER TABLE postings ADD COLUMN goods BLOB NOT NULL DEFAULT x'';
)sql";

Result<std::int64_t> number(Connection& connection, std::string_view sql) {
  auto asked = connection.prepare(sql);
  if (!asked) return base::Failure(asked.error());
  std::int64_t found = 0;
  auto done = asked->each([&](const sqlite::Statement& row) { found = row.whole(0); });
  if (!done) return base::Failure(done.error());
  return found;
}

}  // namespace

Result<std::int64_t> make_room(Connection& connection, const std::string& path) {
  const auto made = number(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'events'");
  if (!made) return made;
  const auto format = number(connection, "SELECT user_version FROM pragma_user_version");
  if (!format) return format;
  if (*made == 0) {
    auto set = connection.run(fmt::format("PRAGMA user_version = {}", kFormat).c_str());
    if (!set) return base::Failure(set.error());
    return kFormat;
  }
  if (*format == kFormat) return format;
  if (*format != kFirstFormat) {
    return fail(base::Code::not_allowed,
                "{} was made by another version of tillrig: its tables are of format {}, and this "
                "one knows {} and {}. Keep it, start the cloud on a new file, and have each till "
                "force a full resync: that sends what is not there",
                path, *format, kFirstFormat, kFormat);
  }
  if (auto away = connection.run(kOrdersAway); !away) return base::Failure(away.error());
  const auto numbered =
      number(connection, "SELECT count(*) FROM pragma_table_info('postings') WHERE name = 'n'");
  if (!numbered) return numbered;
  if (*numbered > 0) {
    if (auto done = connection.run(kPostingsRenamed); !done) return base::Failure(done.error());
  }
  return format;
}

Result<void> fill_again(Database& database, Connection& connection) {
  Transaction transaction(database);
  if (auto begun = transaction.begin(); !begun) return begun;
  if (auto cleared = database.clear_projections(); !cleared) return cleared;
  std::uint64_t after = 0;
  for (;;) {
    const auto page = database.bodies(after, kEventsAtOnce);
    if (!page) return base::Failure(page.error());
    if (page->empty()) break;
    for (const StoredBody& stored : *page) {
      const auto event = wire::decode(stored.body);
      if (!event) return base::within(fmt::format("event v{}", stored.v), event.error());
      if (auto done = database.project(*event, stored.v); !done) return done;
    }
    after = page->back().v;
  }
  auto set = connection.run(fmt::format("PRAGMA user_version = {}", kFormat).c_str());
  if (!set) return set;
  return transaction.commit();
}

}  // namespace tillrig::oms
