#pragma once

#include "sim/oracle/account/account.hpp"
#include "sim/oracle/days.hpp"
#include "sim/oracle/life.hpp"
#include "sim/oracle/receipt_text.hpp"
#include "sim/oracle/tapes.hpp"
#include "sim/oracle/wire_batch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tillrig::oracle {

struct Violation;

// One POST /v1/sync/up: what was sent, what the cloud said to it, and what of that the till got.
struct Upload {
  const WireEntry* wire = nullptr;
  SentBatch batch;
  std::vector<ItemAnswer> cloud;      // empty: it gave no readable answer
  std::vector<ItemAnswer> delivered;  // empty: the till got none of the cloud's
  Instant ended;  // for the till: as on the tape, or when its process ended before that
};

// A till was told in an answer to a manifest whether the cloud holds an event of its own.
struct Compared {
  enum class As { held, missing, different };
  std::string_view till;
  std::string_view id;
  std::string_view hash;  // that the till has
  As as = As::held;
  Instant at;
};

struct Receipt {
  const PaperEntry* paper = nullptr;
  ReceiptText text;
};

// Everything that the tapes say of one sale or refund.
struct Document {
  std::string_view id;
  const CashierEntry* acked = nullptr;   // first acknowledgement on the screen
  const Receipt* receipt = nullptr;      // first complete one that is not a copy
  std::vector<const Receipt*> papers;    // each complete one, copies too
  const CloudEntry* cloud = nullptr;     // in the last look
  const RegisterEntry* shown = nullptr;  // in its till's last look
  const RegisterLook* look = nullptr;    // that look

  [[nodiscard]] bool acknowledged() const { return acked != nullptr || receipt != nullptr; }
  [[nodiscard]] std::string_view till() const;
  [[nodiscard]] std::string kind() const;  // "sale" or "refund"
  [[nodiscard]] Instant at() const;        // first acknowledged
  [[nodiscard]] int line() const;
};

// What the cloud said of one event in answers that its till got.
struct Told {
  Instant proved = Instant::never();   // first applied or duplicate
  Instant refused = Instant::never();  // first rejected or conflict
  std::string_view last_status;
  std::string_view last_code;
  Instant last_at{0};
  int line = 0;
};

// For how long an answer asks its till to send nothing more of that kind; a till takes an hour for
// the longest. Zero: it does not ask.
base::Duration asked_wait(const WireEntry& wire);

// The tapes, read once and indexed for all invariants. It points into the tapes, which must outlive
// it.
class Evidence {
 public:
  explicit Evidence(const Tapes& tapes);
  Evidence(const Evidence&) = delete;
  Evidence& operator=(const Evidence&) = delete;

  const Tapes& tapes;
  Life life;
  std::vector<std::string_view> tills;  // by name
  std::vector<Receipt> receipts;        // complete ones, in time order
  std::vector<Document> documents;      // in the order in which they are first met
  std::vector<Upload> uploads;          // by the moment they were sent
  std::vector<Compared> compared;       // in the order of the tape
  std::unique_ptr<Account> account;     // what all of it had to be
  std::unique_ptr<Sessions> sessions;   // its business days

  [[nodiscard]] const CloudLook* last_look() const;                     // nullptr: nobody looked
  [[nodiscard]] const CloudEntry* in_cloud(std::string_view id) const;  // in the last look
  // The number of the first look that had this event; nothing if none had.
  [[nodiscard]] std::optional<std::size_t> first_look(std::string_view id) const;
  // The body of what the cloud holds under this id, by its own word, else as it was sent; empty if
  // neither was ever seen.
  [[nodiscard]] std::string_view body_in_cloud(std::string_view id) const;
  [[nodiscard]] const RegisterLook* last_register(std::string_view till) const;
  [[nodiscard]] const Document* document(std::string_view id) const;
  [[nodiscard]] const Told* told(std::string_view id) const;
  // Until when a till has to wait with its uploads at this moment, because an answer that reached
  // this run of it asked for that; `at` or earlier: it has not.
  [[nodiscard]] Instant asked_to_wait(std::string_view till, Instant at) const;
  // Whether anything on the wire gives a till a reason to put this event into quarantine: rejected,
  // conflict, deferred, an answer with another hash, that it holds something else, or 400 or 413
  // for it alone.
  [[nodiscard]] bool quarantine_deserved(std::string_view id) const;
  [[nodiscard]] std::string_view aggregate(std::string_view id) const;  // itself if not known

  // The witness of a violation about this event, as far as it is known: id, till, moment, line.
  [[nodiscard]] Violation witness(std::string_view id) const;
  // "sale till-1.1.3 (receipt 1-0000002)".
  [[nodiscard]] std::string name(std::string_view id) const;
  [[nodiscard]] std::string money(std::int64_t minor) const;  // "12.34 EUR"

 private:
  void check_order() const;
  void read_paper();
  void read_documents();
  void read_cloud();
  void read_wire();
  void read_manifest(const WireEntry& wire);
  void read_upload(const WireEntry& wire);
  void read_told(const Upload& upload);
  void make_account();
  Document& meet(std::string_view id);

  std::unordered_map<std::string_view, std::size_t> document_at_;  // only ever asked by id
  std::unordered_map<std::string_view, std::size_t> first_look_;
  std::unordered_map<std::string_view, const CloudEntry*> in_cloud_;
  std::unordered_map<std::string_view, std::string_view> held_;
  std::unordered_map<std::string_view, Told> told_;
  std::unordered_map<std::string_view, std::string_view> body_by_hash_;
  std::unordered_map<std::string_view, std::string_view> aggregate_;
  std::unordered_set<std::string_view> deserved_;
  std::map<std::string_view, const RegisterLook*> last_register_;
};

// "120.5 s" of a moment since the start of the run.
std::string moment_text(Instant at);

}  // namespace tillrig::oracle
