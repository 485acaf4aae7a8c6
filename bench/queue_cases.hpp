#pragma once

#include "bench/queue_rig.hpp"
#include "pos/sqlite/connection.hpp"
#include "pos/sqlite/transaction.hpp"
#include "pos/store/ledger.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

// What the queue's cases share: their figures, the records they write, and the peer.
namespace tillrig::bench {

using store::Ledger;
using store::LedgerEntry;

// Rates of one case, slice by slice.
class Slices {
 public:
  void add(double subject, double limit, double sqlite, std::size_t records) {
    subject_.push_back(static_cast<double>(records) / subject);
    limit_.push_back(static_cast<double>(records) / limit);
    of_limit_.push_back(limit / subject);
    if (sqlite > 0) sqlite_.push_back(limit / sqlite);
  }
  void report(benchmark::State& state) const {
    state.counters["of_limit"] = median(of_limit_);
    if (!sqlite_.empty()) state.counters["sqlite_of_limit"] = median(sqlite_);
    state.counters["rec_s"] = median(subject_);
    state.counters["limit_rec_s"] = median(limit_);
  }

 private:
  std::vector<double> subject_, limit_, of_limit_, sqlite_;
};

// The events of one batch, ready to be enqueued.
class Records {
 public:
  explicit Records(std::size_t batch) {
    wire::Event event;
    event.id = {"till-1", 1, 1};
    event.aggregate = event.id.text();
    wire::Document document = sale_of_five();
    document.number = 1;
    event.body = document;
    body_ = wire::encode(event);
    store::Head head;
    head.key.epoch = 1;
    head.kind = 1;
    head.total = document.total;
    head.hash = base::blake2b(body_);
    for (std::size_t i = 0; i < batch; ++i) entries_.push_back({head, body_});
  }
  std::span<const LedgerEntry> next(std::size_t count) {
    while (entries_.size() < count) entries_.push_back(entries_.front());
    for (std::size_t i = 0; i < count; ++i) entries_[i].head.key.seq = ++seq_;
    return std::span(entries_).first(count);
  }
  [[nodiscard]] ByteView body() const { return body_; }
  [[nodiscard]] std::size_t disk_bytes() const { return store::record_bytes(6, body_.size()); }

 private:
  Bytes body_;
  std::vector<LedgerEntry> entries_;
  std::uint64_t seq_ = 0;
};

inline void settle(Ledger& ledger, std::span<const LedgerEntry> entries) {
  for (const LedgerEntry& entry : entries) ledger.settle(entry.head.key);
}

// The peer: a table of blobs with a rowid.
class SqliteOutbox {
 public:
  explicit SqliteOutbox(ports::Disk& disk) : db_(must(sqlite::Connection::open(disk, "peer.db"))) {
    must(db_->run("CREATE TABLE outbox(seq INTEGER PRIMARY KEY, payload BLOB NOT NULL) STRICT"));
    insert_ = must(db_->prepare("INSERT INTO outbox(payload) VALUES(?1)"));
  }
  void enqueue(std::size_t count, ByteView body) {
    sqlite::Transaction transaction(*db_);
    must(transaction.begin());
    for (std::size_t i = 0; i < count; ++i) must(insert_.bind(sqlite::Blob{body}).run());
    must(transaction.commit());
    must(db_->checkpoint_if_due());
  }

 private:
  std::unique_ptr<sqlite::Connection> db_;
  sqlite::Statement insert_;
};

}  // namespace tillrig::bench
