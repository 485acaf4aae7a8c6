#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/attempts.hpp"
#include "pos/oms/database.hpp"
#include "pos/oms/ledgers.hpp"
#include "pos/oms/rules.hpp"
#include "pos/oms/secrets.hpp"
#include "pos/ports/recorder.hpp"

namespace tillrig::oms {

// Takes a batch in: exactly once by id and hash, one transaction for the batch, and an answer only
// after the commit (reference: domain 3.4). Where the database would not have an item, the batch is
// begun anew with a savepoint for each, and the others are taken. Errors: conflict when the batch's
// generation is fenced, otherwise those of Database; after an Error nothing is stored.
class Ingest {
 public:
  // `secrets` say which tills stand in one shop.
  Ingest(Database& database, ports::Recorder& recorder, Rules rules, base::Mutants mutants = {},
         Secrets secrets = {});

  Result<wire::UpAnswer> apply(const wire::ReadBatch& batch, base::WallTime received);

 private:
  struct Work;
  // An item with its canonical bytes, encoded once: they were hashed, and they are stored.
  struct Canonical {
    const wire::UpItem& item;
    Bytes body;
  };
  Result<wire::UpAnswer> apply_once(Work& work);
  Result<wire::UpAnswer> apply_within(Work& work);
  Result<void> set_out(Work& work);
  Result<void> take(Work& work, const wire::ReadItem& item);
  Result<wire::UpResult> judge(Work& work, const wire::ReadItem& item);
  Result<wire::UpResult> judge_new(Work& work, const Canonical& taken);
  Result<std::string_view> find_obstacle(const Work& work, const wire::Event& event);
  Result<bool> find_by_weak_key(const wire::Event& event);
  // What an event is beside what is held already: why it is refused, or why it is flagged.
  struct Standing {
    std::string_view fault;
    std::string_view flag;
  };
  Result<Standing> judge_in_its_place(Work& work, const wire::Event& event);
  [[nodiscard]] Standing judge_late(const Work& work, const wire::Event& event) const;
  Result<Standing> judge_refund(const wire::Event& event);
  // Whether the batch's epoch was announced by the event that opens it.
  Result<bool> epoch_is_open(Work& work);
  Result<wire::Document> document_of(const std::string& id);
  Result<wire::UpResult> store(Work& work, const Canonical& taken, std::string_view flag);
  Result<std::uint64_t> keep_apart(Work& work, const Canonical& taken, std::string_view flag);
  Result<std::uint64_t> write(Work& work, const Canonical& taken, std::string_view flag);
  Result<void> note_stored(Work& work, const wire::Event& event, Held held);
  [[nodiscard]] bool forgets(Work& work, const wire::Event& event);
  Result<wire::UpResult> judge_unstored(const Canonical& taken);
  void note(const Work& work, const wire::UpResult& result, std::uint64_t seq);
  Result<void> replayed(const Work& work, const wire::Event& event, const Held& held);
  [[nodiscard]] Result<void> stumble_over_known(const wire::ReadBatch& batch);

  Database& database_;
  ports::Recorder& recorder_;
  Rules rules_;
  Secrets secrets_;
  base::Mutants mutants_;
  Ledgers ledgers_;
  Attempts attempts_;
  bool dedupe_ = true;
  bool crash_on_known_ = false;
};

}  // namespace tillrig::oms
