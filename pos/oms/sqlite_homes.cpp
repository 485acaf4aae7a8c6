#include "pos/oms/sqlite_homes.hpp"

#include "pos/sqlite/statement.hpp"

#include <optional>
#include <utility>

namespace tillrig::oms {
namespace {

using sqlite::Statement;

// `two`: 1, another one was heard of since; 2, it was told so.
constexpr const char* kHomeTable = R"sql(
CREATE TABLE IF NOT EXISTS homes(
  till TEXT NOT NULL, home TEXT NOT NULL, generation INTEGER NOT NULL, two INTEGER NOT NULL,
  PRIMARY KEY(till, home)) STRICT, WITHOUT ROWID;
)sql";

struct HomeStatements {
  Statement last, others, mark, put, trim, stands, doubled;
};

struct HomeRow {
  Statement HomeStatements::*which;
  std::string_view sql;
};

constexpr HomeRow kHomeRows[] = {
    {&HomeStatements::last, "SELECT generation FROM homes WHERE till=? AND home=?"},
    {&HomeStatements::others, "SELECT 1 FROM homes WHERE till=? AND generation>? LIMIT 1"},
    {&HomeStatements::mark, "UPDATE homes SET two=1 WHERE till=? AND generation>? AND two=0"},
    {&HomeStatements::put, "INSERT OR REPLACE INTO homes VALUES(?,?,?,?)"},
    {&HomeStatements::trim,
     "DELETE FROM homes WHERE till=?1 AND generation <= (SELECT generation FROM homes WHERE "
     "till=?1 "
     "ORDER BY generation DESC LIMIT 1 OFFSET 16)"},
    {&HomeStatements::stands, "SELECT 1 FROM homes WHERE till=? AND generation=? AND two=2"},
    {&HomeStatements::doubled, "SELECT DISTINCT till FROM homes WHERE two>0 ORDER BY till"},
};

class SqliteHomes final : public Homes {
 public:
  explicit SqliteHomes(HomeStatements statements) : do_(std::move(statements)) {}

  Result<bool> came(std::string_view till, std::string_view home,
                    std::uint64_t generation) override {
    std::optional<std::uint64_t> last;
    auto done = do_.last.bind(till, home).each([&](const Statement& row) { last = row.count(0); });
    if (!done) return base::Failure(done.error());
    bool two = false;
    if (last) {
      done = do_.others.bind(till, *last).each([&](const Statement&) { two = true; });
      if (done && two) done = do_.mark.bind(till, *last).run();
    }
    if (done) done = do_.put.bind(till, home, generation, two ? 2 : 0).run();
    if (done) done = do_.trim.bind(till).run();
    if (!done) return base::Failure(done.error());
    return two;
  }

  Result<bool> stands(std::string_view till, std::uint64_t generation) override {
    bool found = false;
    auto done = do_.stands.bind(till, generation).each([&](const Statement&) { found = true; });
    if (!done) return base::Failure(done.error());
    return found;
  }

  Result<std::vector<std::string>> doubled() override {
    std::vector<std::string> tills;
    auto done = do_.doubled.each([&](const Statement& row) { tills.push_back(row.text(0)); });
    if (!done) return base::Failure(done.error());
    return tills;
  }

 private:
  HomeStatements do_;
};

}  // namespace

Result<std::unique_ptr<Homes>> open_homes(sqlite::Connection& connection) {
  if (auto made = connection.run(kHomeTable); !made) return base::Failure(made.error());
  HomeStatements statements;
  for (const HomeRow& row : kHomeRows) {
    auto prepared = connection.prepare(row.sql);
    if (!prepared) return base::Failure(prepared.error());
    statements.*row.which = *std::move(prepared);
  }
  return std::make_unique<SqliteHomes>(std::move(statements));
}

}  // namespace tillrig::oms
