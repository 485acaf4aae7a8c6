#pragma once

#include "pos/ports/disk.hpp"

#include <sqlite3.h>

#include <string>

namespace tillrig::disk {

// A database as a till opens it: one connection, EXCLUSIVE, WAL.
class Db {
 public:
  explicit Db(const ports::Disk& disk, const std::string& synchronous = "FULL") {
    code_ = sqlite3_open_v2(disk.sqlite_path("till.db").c_str(), &db_,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, disk.sqlite_vfs().c_str());
    for (const std::string& sql :
         {std::string("PRAGMA locking_mode=EXCLUSIVE"), std::string("PRAGMA journal_mode=WAL"),
          "PRAGMA synchronous=" + synchronous,
          std::string("CREATE TABLE IF NOT EXISTS sale(id INTEGER PRIMARY KEY, body TEXT)"),
          std::string("CREATE TABLE IF NOT EXISTS line(sale INTEGER, n INTEGER, sku TEXT)"),
          std::string("CREATE TABLE IF NOT EXISTS stock(sku TEXT PRIMARY KEY, n INTEGER)")}) {
      if (code_ == SQLITE_OK) code_ = run(sql);
    }
  }
  ~Db() { sqlite3_close(db_); }
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  [[nodiscard]] int code() const { return code_; }
  int run(const std::string& sql) {
    return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  }
  [[nodiscard]] int extended() const { return sqlite3_extended_errcode(db_); }

  // A sale with three lines and their stock in one transaction: seven statements.
  int sell(int id) {
    const std::string n = std::to_string(id);
    int code = run("BEGIN");
    if (code == SQLITE_OK) code = run("INSERT INTO sale VALUES(" + n + ",'receipt " + n + "')");
    for (int line = 0; line < 3 && code == SQLITE_OK; ++line) {
      code = run("INSERT INTO line VALUES(" + n + "," + std::to_string(line) + ",'milk')");
    }
    if (code == SQLITE_OK) {
      code = run("INSERT INTO stock VALUES('milk',1) ON CONFLICT DO UPDATE SET n=n+3");
    }
    if (code == SQLITE_OK) code = run("COMMIT");
    return code;
  }

  // A number, or -1 if the question fails.
  int ask(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    int answer = -1;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
      answer = sqlite3_column_int(statement, 0);
    }
    sqlite3_finalize(statement);
    return answer;
  }
  int sales() { return ask("SELECT count(*) FROM sale"); }
  // Every sale has its three lines, no line is alone, and SQLite finds no damage.
  bool whole() {
    return ask("SELECT count(*) FROM line") == 3 * sales() &&
           ask("SELECT count(*) FROM line WHERE sale NOT IN (SELECT id FROM sale)") == 0 &&
           ask("SELECT integrity_check='ok' FROM pragma_integrity_check") == 1;
  }

 private:
  sqlite3* db_ = nullptr;
  int code_ = SQLITE_OK;
};

}  // namespace tillrig::disk
