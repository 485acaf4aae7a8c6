#pragma once

#include "pos/base/time.hpp"
#include "sim/oracle/facts.hpp"
#include "sim/oracle/shop.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tillrig::oracle {

using base::Instant;

// What an outsider can see of a run, and nothing else: what the cashier saw, what stands on paper,
// what went over the wire, what the cloud holds, what was done to the world. Filled by the world on
// whatever bed it plays; the oracle reads nothing of the stack but these. Amounts are minor units;
// `line` is the line of the scenario file that was being played.

// What the cashier saw at one till, in order.
struct CashierEntry {
  enum class Kind {
    acknowledged,  // "sale completed": sale, number, amount, change
    refused,       // code, text
    prompt,        // code: prompt id; buttons
    pressed,       // code: prompt id; text: button
    connection,    // code: cause; text: link ("online", "offline", ...)
    counters,      // pending, quarantined, uploaded as shown
    stage,         // text: stage
    other,         // code: the till's word for it; the rest are facts
  };
  Instant at;
  std::uint64_t order = 0;  // among cashier and act entries of one moment
  std::string till;
  int line = 0;
  Kind kind = Kind::stage;
  std::string sale;    // event id "till-1.3.42"
  std::string number;  // "3-0000042"
  std::int64_t amount = 0;
  std::int64_t change = 0;
  std::string code;
  std::string text;
  std::vector<std::string> buttons;
  std::uint64_t pending = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t uploaded = 0;
  Facts facts;  // every number and text that was shown and has no field above

  // A number that the till showed under this name.
  [[nodiscard]] std::optional<std::int64_t> fact(std::string_view name) const {
    return facts.number(name);
  }
};

// What a scanner put on its line to a till.
struct ScanEntry {
  Instant at;
  std::uint64_t order = 0;  // see CashierEntry
  std::string till;
  int line = 0;
  std::string bytes;
};

// One thing that a cashier asked a till to do, and what it said to that.
struct OrderEntry {
  enum class Outcome { unknown, done, refused };
  Instant at;
  std::uint64_t order = 0;  // of the asking; see CashierEntry
  std::string till;
  int line = 0;
  std::string what;  // "tender", as the control line has it
  Facts fields;
  std::vector<std::int64_t> lines;       // of a refund
  std::vector<std::int64_t> quantities;  // thousandths, of each of these
  Outcome outcome = Outcome::unknown;
  std::string code;             // of a refusal
  std::uint64_t ended = 0;      // order of the answer, or of the till's death; 0: none came
  std::string sale;             // the document that it says it made
  std::string why;              // it was refused
  std::string open_order = {};  // of park and resume: which one
};

// One receipt as it stands on paper: the text, read by the oracle's own eyes.
struct PaperEntry {
  Instant at;
  std::string till;
  int line = 0;
  bool complete = false;  // cut; a torn-off end is not an acknowledgement
  std::string text;
};

// Something else that a device did where somebody beside it can see it.
struct DeviceEntry {
  Instant at;
  std::string till;
  int line = 0;
  std::string role;  // "drawer"
  std::string what;  // "opened"
  std::string text;
};

// When a till says that it was in step with its cloud for the last time.
struct FreshLook {
  Instant at;
  std::string till;
  std::int64_t in_step_ms = 0;  // so long ago
};

// A row of the settlement file of whoever takes the cards' money for the shop.
struct SettlementEntry {
  Instant at;
  std::string kind;     // "charge", "capture", "reversal"
  std::string attempt;  // the till's word for it; empty: not known
  std::string till;
  std::string terminal;
  std::uint32_t trace = 0;
  std::int64_t amount = 0;
  std::string currency;
  int line = 0;
  std::uint64_t order = 0;  // see CashierEntry
};

// One request on the wire between a till and the cloud, as a tap between them sees it.
struct WireEntry {
  std::string till;
  std::uint64_t exchange = 0;  // number of the exchange in the run, from 1
  std::uint64_t connection = 0;
  Instant sent;                              // whole request seen coming from the till
  Instant reached_cloud = Instant::never();  // handed to the cloud (never: it was not)
  Instant ended = Instant::never();  // answer handed to the till, or the till or a fault ended it
  std::string method;
  std::string target;
  std::string body;              // unpacked
  std::string unreadable;        // why it could not be unpacked: then the body is as it was sent
  int status = 0;                // of the answer that the till got; 0: none
  bool from_cloud = false;       // the answer came from the cloud, not from something in between
  std::string answer;            // body of that answer
  base::Duration retry_after{};  // how long it asks the till to wait; zero: it does not
  int cloud_status = 0;          // of the answer the cloud gave, delivered or not
  std::string cloud_answer;
  std::uint64_t order = 0;  // of its end; see CashierEntry
};

// One item that the shop's office changed at the cloud.
struct GoodsChange {
  Instant at;  // of the asking
  int line = 0;
  std::string sku;
  bool sold = true;  // else it was removed
  std::int64_t price = 0;
  std::uint64_t v = 0;  // the cloud's number of it; 0: nobody knows whether it was taken
};

// What a till says that it sells an item for.
struct GoodsLook {
  Instant at;
  std::string till;
  std::string sku;
  bool sold = true;
  std::int64_t price = 0;
};

// What a till found for a text.
struct FindLook {
  Instant at;
  std::uint64_t order = 0;  // see CashierEntry
  std::string till;
  std::string text;
  std::vector<std::string> items;      // SKUs
  std::vector<std::string> customers;  // ids
};

// One customer whom the shop's office changed at the cloud.
struct CustomerChange {
  Instant at;  // of the asking
  int line = 0;
  std::string id;
  bool known = true;  // else removed
  std::string name;
  std::string phone;
  std::uint64_t v = 0;  // the cloud's number of it; 0: nobody knows whether it was taken
};

// What a till knows of a customer.
struct CustomerLook {
  Instant at;
  std::string till;
  std::string id;
  bool known = true;
  std::string name;
  std::string phone;
};

// One event row as the cloud holds it.
struct CloudEntry {
  std::uint64_t v = 0;
  std::string id;
  std::string till;
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;
  std::string kind;  // "sale", "refund", "epoch_opened"
  std::uint64_t number = 0;
  std::string hash;
  std::int64_t total = 0;
  std::int64_t tax = 0;
  std::int64_t lines_total = 0;
  std::int64_t payments_total = 0;
  std::string of;
  Facts facts;  // every number and text that the audit has and no field above

  bool operator==(const CloudEntry&) const = default;
};

// So much more or less in one of the cloud's ledgers, because of an event.
struct PostingEntry {
  std::string event;   // its id
  std::string ledger;  // "points"
  std::string key;     // whose
  std::int64_t amount = 0;

  bool operator==(const PostingEntry&) const = default;
};

// Goods that the shop's office said have come.
struct DeliveryEntry {
  std::string event;  // as the cloud's posting names it
  std::string sku;
  std::int64_t quantity = 0;  // thousandths
};

// What a till knows without asking of a customer's money with the shop.
struct BalanceLook {
  Instant at;
  std::string till;
  std::string ledger;
  std::string key;
  std::int64_t balance = 0;
};

// How much a customer may owe from then on, by the shop's office.
struct LimitEntry {
  Instant at;
  std::string customer;
  std::int64_t limit = 0;
};

// What the cloud keeps of a ledger for a sale in hand, or did.
struct HoldEntry {
  std::string id;
  std::string till;
  std::int64_t amount = 0;
  std::string state;  // "open", "released", "captured", "expired"

  bool operator==(const HoldEntry&) const = default;
};

// A look into the cloud: all rows it held at one moment.
struct CloudLook {
  Instant at;
  std::vector<CloudEntry> rows;
};

// What the cloud holds of what had been sold before the story began, which nobody saw being made.
struct PastLook {
  std::uint64_t held = 0;
  std::int64_t postings = 0;  // number of the last one that came of them
  std::string digest;         // of their ids and hashes, in the cloud's order

  bool operator==(const PastLook&) const = default;
};

// One event that the cloud held when all was over, sent to it once more as its till would, and what
// it said to that.
struct AgainEntry {
  std::string till;
  std::string id;
  int round = 0;  // from 1
  std::string status;
  std::string code;
};

// All that an auditor can ask of the cloud at one moment.
struct CloudState {
  std::vector<CloudEntry> rows;
  std::vector<PostingEntry> postings;
  std::vector<HoldEntry> holds;
  std::vector<std::string> refused;
};

// The outbox sent once more, all of it and twice, after everybody has gone home.
struct Replay {
  bool tried = false;
  Instant at{0};
  std::string failed;  // why it could not be done
  std::vector<AgainEntry> sent;
  CloudState before;
  CloudState after;
};

// The body of an event as the cloud holds it at the end: JSON.
struct HeldBody {
  std::string id;
  std::string body;
};

// A look at a till's Register Sales: what it says of each document.
struct RegisterEntry {
  std::string id;
  std::string kind;
  std::string number;
  std::int64_t total = 0;
  std::string sync;  // "queued", "acked", "quarantined"
  std::string why;
  std::int64_t wall_ms = 0;  // when it was made, by the till's clock; 0: it does not say
};

// An order that was closed while nobody knew whether its card was charged, as it stands there.
struct UnpaidEntry {
  std::string order;
  std::string attempt;
  std::int64_t amount = 0;
  std::string label;  // "unpaid"
  std::string state;
  std::string text;
  std::int64_t checked_ms = 0;
};

struct RegisterLook {
  Instant at;
  std::string till;
  std::uint64_t pending = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t uploaded = 0;
  std::vector<RegisterEntry> rows;
  std::vector<UnpaidEntry> unpaid = {};
};

// A look into a till's Sync Manager.
struct ManagerUse {
  std::string control;  // "trigger_up"
  std::string outcome;  // "done", or the code of a refusal
};

struct ManagerLook {
  Instant at;
  base::Duration took{};    // until it was there
  std::uint64_t order = 0;  // see CashierEntry
  std::string till;
  bool locked = false;
  std::string advice;
  std::vector<ManagerUse> used;       // newest first
  std::vector<std::string> controls;  // from the top; empty: not told
};

// What a till wrote down of what the cloud has not got: ids of documents.
struct ExportLook {
  Instant at;
  std::string till;
  int line = 0;
  std::vector<std::string> ids;
};

// What a till lists of orders that wait, and whom it takes for the hub of its LAN.
struct OrderLook {
  std::string id;
  std::string state;  // "parked", "in_hand"
  std::string till;   // that holds it
};

struct LanLook {
  Instant at;
  std::string till;
  std::string hub;
  std::uint64_t epoch = 0;
  std::vector<std::string> there;
  std::vector<OrderLook> open;
};

// What a till says that it is at: in local mode, after a forced resync, or when it was not in step
// with its cloud for long.
struct StateLook {
  Instant at;
  std::string till;
  std::int64_t local_ms = 0;  // until local mode ends; -1: when it is ended; 0: off
  std::string resync;         // "running", "interrupted", "done"; empty: there was none
  std::uint64_t done = 0;     // events that it has compared
  std::uint64_t all = 0;      // that there are
  std::string arrows;         // "green", "blue", "amber", "red"; empty: it has none
};

// What was done to the world.
struct ActEntry {
  enum class Kind { fault, heal, kill, power_cut, start, stop, all_healed, quiet };
  Instant at;
  Kind kind = Kind::fault;
  std::string what;  // "wan.down"
  std::string till;  // empty: everybody
  int line = 0;
  std::uint64_t order = 0;  // see CashierEntry
};

// A machine that became a clone of another till: from then on its program works under that name.
struct CloneEntry {
  Instant at;
  std::string till;  // as it is seated
  std::string of;
};

// Another version of the program was put on a till's machine, for its next start.
struct InstallEntry {
  Instant at;
  std::string till;
  std::string version;
};

// What the cloud says of a business day at a till. Amounts are those of the report.
struct ReportSum {
  std::int64_t goods = 0;
  std::int64_t tax = 0;

  bool operator==(const ReportSum&) const = default;
};
struct ReportClose {
  std::string event;
  std::uint64_t documents = 0;
  std::int64_t total = 0;
  std::int64_t expected = 0;
  std::int64_t counted = 0;
};
struct ReportLook {
  Instant at;
  std::string till;
  std::string day;
  std::uint64_t sales = 0;
  std::int64_t sold = 0;
  std::uint64_t refunds = 0;
  std::int64_t given_back = 0;
  std::map<std::int64_t, ReportSum> rates;
  std::map<std::string, std::int64_t> tenders;
  std::int64_t cash_float = 0;
  std::int64_t paid_in = 0;
  std::int64_t paid_out = 0;
  std::vector<ReportClose> closes;
  std::uint64_t late = 0;
  std::uint64_t outstanding = 0;
};

struct Tapes {
  std::string scenario;  // file name, for witnesses
  std::uint64_t seed = 0;
  std::string currency = "EUR";
  int exponent = 2;
  std::string day;                         // the business day of the run; empty: not known
  std::int64_t wall_open_ms = 0;           // of the world at the start; 0: all is that one day
  bool real_time = false;                  // the bed's machine is busy with other things, too
  std::int64_t day_turns_ms = 0;           // so long after midnight a day is still the one before
  std::vector<std::string> printers;       // tills that have one
  std::uint64_t wan_bytes_per_second = 0;  // 0: unlimited; for how long a drain may take
  base::Duration wan_latency{};            // one way
  Shop shop;
  std::vector<CashierEntry> cashier;
  std::vector<ScanEntry> scans;
  std::vector<OrderEntry> orders;
  std::vector<PaperEntry> paper;
  std::vector<DeviceEntry> devices;
  std::vector<SettlementEntry> settlement;
  bool settlement_known = false;  // somebody takes cards here
  std::vector<WireEntry> wire;
  std::vector<CloudLook> cloud;        // in time order; the last one is the end of the run
  std::vector<HeldBody> held;          // of the last look; none where the audit does not tell them
  std::vector<std::string> refused;    // ids that the cloud keeps as refused, at the end
  bool refused_known = false;          // somebody asked for them
  std::vector<PostingEntry> postings;  // that the cloud has, at the end
  std::vector<DeliveryEntry> deliveries;
  std::vector<LimitEntry> limits;                // in time order
  std::vector<HoldEntry> holds;                  // likewise
  std::vector<RegisterLook> registers;           // in time order
  std::vector<StateLook> states;                 // likewise
  std::vector<ExportLook> exports;               // likewise
  std::vector<ReportLook> reports;               // likewise
  std::vector<GoodsChange> goods_changes;        // in time order
  std::vector<GoodsLook> goods_looks;            // in time order
  std::vector<FindLook> finds;                   // likewise
  std::vector<CustomerChange> customer_changes;  // likewise
  std::vector<CustomerLook> customer_looks;
  std::vector<ManagerLook> managers;  // in time order
  std::vector<BalanceLook> balance_looks;
  std::vector<FreshLook> fresh_looks;  // in time order
  std::uint64_t past = 0;              // events that each till had uploaded before the story began
  PastLook past_begin;                 // at the beginning
  PastLook past_end;                   // in the last look
  bool lan = false;                    // the tills of the shop hear each other
  std::vector<LanLook> lan_looks;      // in time order
  Replay replay;
  std::vector<ActEntry> acts;
  std::vector<CloneEntry> clones;       // in time order
  std::vector<InstallEntry> installed;  // likewise
  std::vector<std::string> altered;     // ids of what a cloud that was put back has otherwise
  std::vector<std::string> poisoned;    // ids of sales that the scenario made the cloud refuse
  std::uint64_t digest_first = 0;       // of two runs of the same plan, when both are known
  std::uint64_t digest_second = 0;
  bool digests_known = false;
};

}  // namespace tillrig::oracle
