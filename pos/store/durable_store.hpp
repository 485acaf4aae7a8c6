#pragma once

#include "pos/base/hlc.hpp"
#include "pos/store/opening.hpp"
#include "pos/store/series.hpp"
#include "pos/store/store.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tillrig::store {

// The Store over a ledger and a SQLite database (design, rule 3).
class DurableStore final : public Store {
 public:
  DurableStore(ports::Disk& disk, ports::Clock& clock, ports::Recorder& recorder, Config config,
               Copies copies);

  [[nodiscard]] const Opened& opened() const override { return opened_; }
  [[nodiscard]] Health health() const override;
  [[nodiscard]] std::uint32_t epoch() const override { return series_.epoch(); }
  [[nodiscard]] std::uint64_t high_number() const override { return series_.high_number(); }
  Result<void> open_epoch(std::string_view reason, std::uint32_t at_least) override;
  void keep_epoch() override { opened_.new_epoch_due = false; }
  Result<wire::Event> commit(wire::EventKind kind, wire::Document document) override;
  Result<void> rebuild() override;
  std::vector<wire::UpItem> peek(std::size_t items, std::size_t bytes,
                                 const std::vector<base::EventId>& except) override;
  Result<void> settle(std::span<const Settled> settled) override;
  [[nodiscard]] Counters counters() const override { return cursor_.counters(); }
  [[nodiscard]] SyncState sync_state(const base::EventId& id) override;
  std::vector<SaleRow> sales(std::size_t most) override;
  Result<wire::Event> find(const base::EventId& id) override;
  Money refunded(const base::EventId& sale) override;
  Result<std::vector<wire::Event>> refunds_of(const base::EventId& sale) override;
  Result<void> close() override;

  // As commit() for several documents at once, with one sync of each copy for all (group commit).
  // All or none.
  Result<std::vector<wire::Event>> commit_all(wire::EventKind kind,
                                              std::vector<wire::Document> documents);

 private:
  struct Prepared {
    wire::Event event;
    RecordHead head;
    base::Bytes body;
  };
  using Batch = std::vector<Prepared>;

  Prepared prepare(wire::Event event);
  Result<Batch> number(wire::EventKind kind, std::vector<wire::Document> documents);
  [[nodiscard]] Result<void> check_ready() const;
  Result<void> persist(const Batch& batch);
  bool to_ledger(const Batch& batch);
  bool to_book(const Batch& batch);
  Result<void> write_rows(const Batch& batch);
  bool reads_back_from_ledger(const Batch& batch);
  bool reads_back_from_book(const Batch& batch);
  void adopt(const Batch& batch, bool in_ledger);
  void flush_held(bool at_once);

  void note(std::string_view mark, const Batch& batch);
  void note_health(std::string_view copy, std::string_view why);
  void lose_ledger(const base::Error& error);
  void lose_book(const base::Error& error);
  void lose_both(std::string_view why);
  void refresh_oldest();

  Result<void> rebuild_ledger();
  Result<void> rebuild_book();
  Result<void> fill_book(SaleBook& book);

  Result<wire::UpItem> up_item(QueueCursor::Key key);
  std::size_t take_run(QueueCursor::Key key, std::size_t items, std::size_t bytes,
                       std::vector<wire::UpItem>& out, std::size_t& taken);
  Result<base::Bytes> body(QueueCursor::Key key);
  [[nodiscard]] Money total_of(QueueCursor::Key key);
  Money refunded_in_ledger(const std::string& of);

  ports::Disk& disk_;
  ports::Clock& clock_;
  ports::Recorder& recorder_;
  Config config_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<SaleBook> book_;  // null: dead
  std::uint32_t book_number_;
  bool ledger_hurt_;
  bool critical_ = false;
  bool finished_in_hand_ = false;  // since a copy died, a sale was finished on the other
  std::vector<QueueCursor::Key> not_in_ledger_;  // committed while the ledger was hurt
  QueueCursor cursor_;
  Series series_;
  base::HybridClock hlc_;
  Opened opened_;
  std::optional<QueueCursor::Key> oldest_;

  Batch held_;  // mutant debounced_persist: told as committed, not yet written
  base::Instant held_since_;
};

}  // namespace tillrig::store
