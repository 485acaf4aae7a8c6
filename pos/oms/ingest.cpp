#include "pos/oms/ingest.hpp"

#include "pos/oms/document_rules.hpp"
#include "pos/oms/known.hpp"
#include "pos/oms/miswritten.hpp"
#include "pos/oms/mutants.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace tillrig::oms {

using base::Code;
using base::fail;
using wire::ItemStatus;
using wire::UpResult;

const base::Mutant kNoDedupe{
    "no_dedupe", "INV-02",
    "odoo/odoo#40567, odoo/odoo#40600, odoo/odoo#85527, frappe/erpnext#12971",
    "the cloud stores an event again that it has already, so that a retried sale counts twice"};

const base::Mutant kCrashOnKnownUuid{
    "crash_on_known_uuid", "INV-23", "odoo/odoo#258304",
    "a batch with an event that the cloud has already fails with status 500, each time it comes"};

const base::Mutant kSecondForgotten{
    "cloud_second_forgotten", "INV-01", "a fault planted by a reviewer",
    "the cloud acknowledges the second document of a batch and stores nothing of it"};

const base::Mutant kAppliedUncommitted{
    "applied_uncommitted", "INV-03", "a fault planted by a reviewer",
    "the cloud acknowledges a batch although its database could not keep it"};
const base::Mutant kKnownIsDuplicate{
    "known_is_duplicate", "INV-03", "a fault planted by a reviewer",
    "the cloud takes another document under a known id for the one that it has"};

const base::Mutant kFirstLogin{"kept_as_of_first_login", "INV-03", "a fault planted by a reviewer",
                               "each document is kept as of the till's first login"};

const base::Mutant kNotOpenedUnflagged{"not_opened_unflagged", "INV-48",
                                       "a fault planted by a reviewer",
                                       "what comes before its epoch was announced is not flagged"};
const base::Mutant kAmountUnflagged{"refund_amount_unflagged", "INV-48",
                                    "a fault planted by a reviewer",
                                    "a refund of another amount than its share is not flagged"};
const base::Mutant kEarlierUncounted{
    "earlier_refunds_uncounted", "INV-48", "a fault planted by a reviewer",
    "what others gave back does not count when a refund is judged"};
const base::Mutant kConflictUnlisted{"conflict_unlisted", "INV-01", "a fault planted by a reviewer",
                                     "what is refused as a conflict is not kept for a person"};
const base::Mutant kNumberWithoutGaps{"number_without_gaps", "INV-06",
                                      "a fault planted by a reviewer",
                                      "the highest number is kept only while nothing is missing"};
const base::Mutant kLateRefused{"late_sale_refused", "INV-19", "odoo/odoo#137648, #203431, #30902",
                                "a sale that comes after its day was closed is refused"};
const base::Mutant kLateUnflagged{
    "late_sale_unflagged", "INV-19", "domain X-07",
    "a sale that comes after its day was closed is booked, and nobody is told"};
const base::Mutant kUnchecked{"cloud_checks_nothing", "INV-03", "a fault planted by a reviewer",
                              "the cloud takes documents whatever is wrong in them"};
const base::Mutant kReplayPostsAgain{
    "replay_posts_again", "INV-51", "PowerSync and realm-js: one transaction uploaded twice",
    "an event that comes again with another login has its goods leave the shop once more"};
const base::Mutant kReplayFlagsLate{
    "replay_flags_late", "INV-51", "anchors 51, the outbox replayed",
    "a sale that comes again after its day was closed is flagged as late, though it came in time"};
const base::Mutant kLongOutageUnflagged{
    "long_outage_unflagged", "INV-54", "domain X-12",
    "an outage that has to be reported is kept in the cloud, and nobody is told"};
const base::Mutant kLateRefundUnflagged{
    "late_refund_unflagged", "INV-19", "a fault planted by a reviewer",
    "a refund that comes after its day was closed is booked, and nobody is told"};

const base::Mutant kUnresolved{
    "unresolved_reference", "INV-24", "POS-Awesome-V15#135",
    "a refund that is sent before its sale has come is refused for good, not put off"};
const base::Mutant kSwallowPayments{"swallow_line_payments", "INV-05", "POS-Awesome-V15#310",
                                    "of several payments of a sale the cloud books the first"};
const base::Mutant kWeakKey{"weak_key_hash", "INV-03", "POS-Awesome: keys that are too short",
                            "the cloud knows sales by till and number alone: one of a later epoch "
                            "is taken for that of an earlier"};

struct Ingest::Work {
  const wire::ReadBatch& batch;
  base::WallTime received;
  bool apart = false;  // each item in a savepoint of its own
  bool begin_anew = false;
  Known known = {};
  Database::State state = {};
  bool too_far = false;                             // an epoch that the till cannot have reached
  std::size_t documents = 0;                        // taken of the batch so far, for a mutant
  std::optional<bool> opened = {};                  // the epoch was announced; not looked at yet
  std::set<std::string, std::less<>> held_up = {};  // sales that were not applied
  std::vector<std::pair<base::EventId, std::string_view>> flagged = {};
  wire::UpAnswer answer = {};
};

namespace {

// How far a till's epochs may be ahead of what the cloud knows: each stop without a line is one,
// and one that cannot tell who else has its files takes some thousand. Whoever could jump to the
// last one would leave the till without any.
constexpr std::uint32_t kMostAhead = 100'000;
constexpr std::string_view kNotOpened = "epoch_not_opened";

UpResult answer_with(std::string id, ItemStatus status, std::string_view code) {
  UpResult result;
  result.id = std::move(id);
  result.status = status;
  result.code = code;
  return result;
}

UpResult answer_held(std::string id, ItemStatus status, std::string_view code, const Held& held) {
  UpResult result = answer_with(std::move(id), status, code);
  result.hash = held.hash.hex();
  result.v = held.v;
  return result;
}

// What is held under the item's id already.
UpResult answer_known(const wire::UpItem& item, const Held& held) {
  const std::string id = item.event.id.text();
  return held.hash == item.hash ? answer_held(id, ItemStatus::duplicate, held.flag, held)
                                : answer_held(id, ItemStatus::conflict, "other_content", held);
}

bool is_refused(ItemStatus status) {
  return status == ItemStatus::rejected || status == ItemStatus::conflict;
}

}  // namespace

Ingest::Ingest(Database& database, ports::Recorder& recorder, Rules rules, base::Mutants mutants,
               Secrets secrets)
    : database_(database),
      recorder_(recorder),
      rules_(std::move(rules)),
      secrets_(std::move(secrets)),
      mutants_(std::move(mutants)),
      ledgers_(database, mutants_),
      attempts_(database),
      dedupe_(!kNoDedupe.on(mutants_)),
      crash_on_known_(kCrashOnKnownUuid.on(mutants_)) {}

Result<wire::UpAnswer> Ingest::apply(const wire::ReadBatch& batch, base::WallTime received) {
  std::optional<Work> work(Work{batch, received});
  auto answer = apply_once(*work);
  if (!answer && work->begin_anew) {
    work.emplace(Work{batch, received, true});
    answer = apply_once(*work);
  }
  if (!answer) {
    if (answer.error().code == Code::conflict) {
      recorder_.note(
          {"cloud.fenced", {}, ports::Severity::warn},
          {{"till", batch.till}, {"generation", static_cast<std::int64_t>(batch.generation)}});
    }
    return answer;
  }
  for (const auto& [id, why] : work->flagged) {
    recorder_.note({"cloud.flagged", id.text(), ports::Severity::warn}, {{"why", why}});
  }
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    note(*work, answer->results[i], batch.items[i].seq);
  }
  return answer;
}

Result<wire::UpAnswer> Ingest::apply_once(Work& work) {
  Transaction transaction(database_);
  if (auto begun = transaction.begin(); !begun) return base::Failure(begun.error());
  auto answer = apply_within(work);
  std::optional<wire::UpAnswer> told;  // in a mutant, whatever comes of the commit
  if (answer && kAppliedUncommitted.on(mutants_)) told = *answer;
  if (answer) {
    if (auto committed = transaction.commit(); !committed) {
      answer = base::Failure(committed.error());
    }
  }
  if (told) answer = *std::move(told);
  return answer;
}

// What is known before the first item is looked at.
Result<void> Ingest::set_out(Work& work) {
  const wire::ReadBatch& batch = work.batch;
  const auto stands = database_.stands(batch.till, batch.generation);
  if (!stands) return base::Failure(stands.error());
  if (!*stands) {
    return fail(Code::conflict,
                "{} sent generation {}, but has logged in again since; log in again", batch.till,
                batch.generation);
  }
  if (crash_on_known_) {
    if (auto fine = stumble_over_known(batch); !fine) return fine;
  }
  const auto state = database_.state(batch.till, batch.epoch);
  if (!state) return base::Failure(state.error());
  work.state = *state;
  const auto newest = database_.states(batch.till, 1);
  if (!newest) return base::Failure(newest.error());
  work.too_far = !newest->empty() && batch.epoch > newest->back().epoch + kMostAhead;
  auto known = Known::look(database_, batch);
  if (!known) return base::Failure(known.error());
  work.known = *std::move(known);
  return {};
}

Result<wire::UpAnswer> Ingest::apply_within(Work& work) {
  const wire::ReadBatch& batch = work.batch;
  if (auto ready = set_out(work); !ready) return base::Failure(ready.error());
  const Database::State before = work.state;
  work.answer.results.reserve(batch.items.size());
  for (const wire::ReadItem& item : batch.items) {
    if (auto taken = take(work, item); !taken) return base::Failure(taken.error());
  }
  const auto end = database_.run_end(batch.till, batch.epoch, before.contiguous_through);
  if (!end) return base::Failure(end.error());
  work.state.contiguous_through = *end;
  const bool missing = !batch.items.empty() && *end < batch.items.back().seq;
  if (kNumberWithoutGaps.on(mutants_) && missing) work.state.number = before.number;
  if (*end != before.contiguous_through || work.state.number != before.number) {
    if (auto set = database_.set_state(batch.till, work.state); !set) {
      return base::Failure(set.error());
    }
  }
  work.answer.contiguous_through = *end;
  return std::move(work.answer);
}

// One item to its result; an Error only when the database itself fails.
Result<void> Ingest::take(Work& work, const wire::ReadItem& item) {
  auto result = judge(work, item);
  if (!result) return base::Failure(result.error());
  const bool stands =
      result->status == ItemStatus::applied || result->status == ItemStatus::duplicate;
  if (item.item && item.item->event.aggregate == item.item->event.id.text()) {
    // What came under the id of an event that stands takes nothing away from that event, nor does a
    // refund that is refused from other refunds.
    if (stands || work.known.find(item.seq) != nullptr) {
      work.held_up.erase(item.item->event.aggregate);
    } else {
      work.held_up.insert(item.item->event.aggregate);
    }
  }
  const bool unlisted = result->status == ItemStatus::conflict && kConflictUnlisted.on(mutants_);
  if (is_refused(result->status) && !unlisted) {
    Refusal refusal;
    refusal.till = work.batch.till;
    refusal.epoch = work.batch.epoch;
    refusal.seq = item.seq;
    refusal.id = item.id;
    if (item.item) refusal.aggregate = item.item->event.aggregate;
    refusal.code = result->code;
    refusal.received = work.received;
    if (auto kept = database_.keep_refusal(refusal); !kept) return kept;
    work.known.refuse(item.seq);
  }
  work.answer.results.push_back(*std::move(result));
  return {};
}

Result<UpResult> Ingest::judge(Work& work, const wire::ReadItem& item) {
  if (!item.item) return answer_with(item.id, ItemStatus::rejected, "bad_item");
  const Canonical taken{*item.item, wire::encode(item.item->event)};
  if (base::blake2b(taken.body) != item.item->hash) {
    return answer_with(item.id, ItemStatus::rejected, "hash_mismatch");
  }
  const Held* const held = work.known.find(item.seq);
  if (held != nullptr && dedupe_) {
    if (kKnownIsDuplicate.on(mutants_)) {
      const Held same{item.item->hash, held->v, held->kind};
      return answer_held(item.item->event.id.text(), ItemStatus::duplicate, "", same);
    }
    if (auto booked = ledgers_.book_again(item.item->event); !booked) {
      return base::Failure(booked.error());
    }
    if (auto done = replayed(work, item.item->event, *held); !done) {
      return base::Failure(done.error());
    }
    return answer_known(*item.item, *held);
  }
  return judge_new(work, taken);
}

Result<UpResult> Ingest::judge_new(Work& work, const Canonical& taken) {
  const wire::UpItem& item = taken.item;
  const std::string id = item.event.id.text();
  const std::string_view fault = work.too_far ? "bad_epoch" : find_fault(item.event, rules_);
  if (!fault.empty() && !kUnchecked.on(mutants_))
    return answer_with(id, ItemStatus::rejected, fault);
  const auto obstacle = find_obstacle(work, item.event);
  if (!obstacle) return base::Failure(obstacle.error());
  if (*obstacle == "not_a_sale" || *obstacle == "other_shop") {
    return answer_with(id, ItemStatus::rejected, *obstacle);
  }
  if (!obstacle->empty()) {
    const bool for_good = *obstacle == "aggregate_missing" && kUnresolved.on(mutants_);
    return answer_with(id, for_good ? ItemStatus::rejected : ItemStatus::deferred, *obstacle);
  }
  if (kWeakKey.on(mutants_)) {
    const auto same = find_by_weak_key(item.event);
    if (!same) return base::Failure(same.error());
    if (*same) {
      return answer_held(id, ItemStatus::duplicate, "", Held{item.hash, 1, item.event.kind});
    }
  }
  auto against = judge_in_its_place(work, item.event);
  if (!against) return base::Failure(against.error());
  if (!against->fault.empty()) {
    return answer_with(id, ItemStatus::rejected, against->fault);
  }
  if (forgets(work, item.event)) {
    return answer_held(id, ItemStatus::applied, "", Held{item.hash, 1, item.event.kind});
  }
  return store(work, taken, against->flag);
}

// For a mutant.
Result<bool> Ingest::find_by_weak_key(const wire::Event& event) {
  const auto* const document = std::get_if<wire::Document>(&event.body);
  for (std::uint32_t epoch = 1; document != nullptr && epoch < event.id.epoch; ++epoch) {
    const auto taken = database_.numbered(event.id.till, epoch, document->number);
    if (!taken) return base::Failure(taken.error());
    if (*taken) return true;
  }
  return false;
}

// Beside what is there already: its number among those of its epoch, a refund beside its sale.
Result<Ingest::Standing> Ingest::judge_in_its_place(Work& work, const wire::Event& event) {
  Standing standing;
  const auto* const document = std::get_if<wire::Document>(&event.body);
  if (document == nullptr) {
    const bool opens = event.kind == wire::EventKind::epoch_opened;
    const auto open = opens ? Result<bool>(true) : epoch_is_open(work);
    if (!open) return base::Failure(open.error());
    if (!*open) standing.flag = kNotOpened;
    return *open ? judge_late(work, event) : standing;
  }
  if (document->number <= work.state.number) {  // a new one is above all others
    const auto taken = database_.numbered(event.id.till, event.id.epoch, document->number);
    if (!taken) return base::Failure(taken.error());
    if (*taken && dedupe_) standing.fault = "number_twice";
  }
  if (!standing.fault.empty()) return standing;
  if (event.kind == wire::EventKind::refund) {
    auto refund = judge_refund(event);
    if (!refund || !refund->fault.empty() || !refund->flag.empty()) return refund;
  }
  const auto open = epoch_is_open(work);
  if (!open) return base::Failure(open.error());
  if (!*open && !kNotOpenedUnflagged.on(mutants_)) standing.flag = kNotOpened;
  if (!standing.flag.empty()) return standing;
  const auto flag = ledgers_.why_flag(event, work.received);
  if (!flag) return base::Failure(flag.error());
  standing.flag = *flag;
  return standing.flag.empty() &&
                 !(kLateRefundUnflagged.on(mutants_) && event.kind == wire::EventKind::refund)
             ? judge_late(work, event)
             : standing;
}

// What comes after its day was closed is taken all the same, and looked at.
Ingest::Standing Ingest::judge_late(const Work& work, const wire::Event& event) const {
  Standing standing;
  if (std::holds_alternative<wire::Unknown>(event.body)) {
    standing.flag = "unknown_kind";
    return standing;
  }
  const auto* const outage = std::get_if<wire::OutageClosed>(&event.body);
  if (outage != nullptr) {
    const bool told = wire::has_to_be_reported(*outage) && !kLongOutageUnflagged.on(mutants_);
    if (told) standing.flag = "outage_to_report";
    return standing;  // it is of no day
  }
  const bool late = work.known.is_closed(event.id.seq);
  if (late && !kLateUnflagged.on(mutants_)) standing.flag = "late_for_day";
  if (late && kLateRefused.on(mutants_)) standing.fault = "day_closed";
  return standing;
}

Result<bool> Ingest::epoch_is_open(Work& work) {
  if (!work.opened) {
    const auto first = database_.find({work.batch.till, work.batch.epoch, 1});
    if (!first) return base::Failure(first.error());
    work.opened = *first && (*first)->kind == wire::EventKind::epoch_opened;
  }
  return *work.opened;
}

Result<Ingest::Standing> Ingest::judge_refund(const wire::Event& event) {
  Standing standing;
  const auto* const document = std::get_if<wire::Document>(&event.body);
  const auto sale = document_of(event.aggregate);
  if (!sale) return base::Failure(sale.error());
  standing.fault = find_refund_fault(*document, *sale);
  if (!standing.fault.empty()) return standing;
  const auto bodies = database_.refunds_of(event.aggregate);
  if (!bodies) return base::Failure(bodies.error());
  std::vector<wire::Document> earlier;
  for (const Bytes& body : *bodies) {
    const auto refund = wire::decode(body);
    if (refund) earlier.push_back(std::get<wire::Document>(refund->body));
  }
  if (kEarlierUncounted.on(mutants_)) earlier.clear();
  standing.flag = find_refund_flag(*document, *sale, earlier);
  if (kAmountUnflagged.on(mutants_) && standing.flag == "refund_amount") standing.flag = "";
  return standing;
}

Result<wire::Document> Ingest::document_of(const std::string& id) {
  const auto parsed = base::parse_event_id(id);
  if (!parsed) return base::Failure(parsed.error());
  const auto body = database_.body(*parsed);
  if (!body) return base::Failure(body.error());
  if (!*body) return fail(Code::not_found, "{} is not held", id);
  auto event = wire::decode(**body);
  if (!event) return base::Failure(event.error());
  auto* const document = std::get_if<wire::Document>(&event->body);
  if (document == nullptr) return fail(Code::corrupt, "{} is no document", id);
  return std::move(*document);
}

// What must come before this event and has not: only refunds follow something.
Result<std::string_view> Ingest::find_obstacle(const Work& work, const wire::Event& event) {
  if (event.kind != wire::EventKind::refund) return "";
  if (work.held_up.contains(event.aggregate)) return "aggregate_blocked";
  const auto sale_id = base::parse_event_id(event.aggregate);
  if (!sale_id) return base::Failure(sale_id.error());
  // Before anything is looked up: whether there is such a sale is not told either.
  if (!secrets_.same_shop(event.id.till, sale_id->till)) return "other_shop";
  const auto sale = database_.find(*sale_id);
  if (!sale) return base::Failure(sale.error());
  if (!*sale) return "aggregate_missing";
  if ((*sale)->kind != wire::EventKind::sale) return "not_a_sale";
  const auto blocked = database_.blocked(event.aggregate, event.id);
  if (!blocked) return base::Failure(blocked.error());
  return *blocked ? "aggregate_blocked" : "";
}

Result<UpResult> Ingest::store(Work& work, const Canonical& taken, std::string_view flag) {
  const wire::UpItem& item = taken.item;
  const auto v = work.apart ? keep_apart(work, taken, flag) : write(work, taken, flag);
  const bool unstorable = !v && v.error().code == Code::conflict;
  if (unstorable && work.apart) return judge_unstored(taken);
  if (!v) {
    work.begin_anew = unstorable;
    return base::Failure(v.error());
  }
  const Held held{item.hash, *v, item.event.kind, std::string(flag)};
  if (auto noted = note_stored(work, item.event, held); !noted) {
    return base::Failure(noted.error());
  }
  return answer_held(item.event.id.text(), ItemStatus::applied, flag, held);
}

// What the items that follow are judged by.
Result<void> Ingest::note_stored(Work& work, const wire::Event& event, Held held) {
  work.known.stored(event.id.seq, std::move(held));
  if (const auto* document = std::get_if<wire::Document>(&event.body)) {
    work.state.number = std::max(work.state.number, document->number);
    return {};
  }
  if (event.kind == wire::EventKind::epoch_opened) {
    work.opened = true;
    auto done = database_.unflag(work.batch.till, work.batch.epoch, kNotOpened);
    if (!done) return done;
  }
  auto known = Known::look(database_, work.batch);
  if (!known) return base::Failure(known.error());
  work.known = *std::move(known);
  return {};
}

// With a savepoint around it: what the database would not have takes nothing else away.
Result<std::uint64_t> Ingest::keep_apart(Work& work, const Canonical& taken,
                                         std::string_view flag) {
  if (auto set = database_.savepoint(); !set) return base::Failure(set.error());
  auto v = write(work, taken, flag);
  if (!v && v.error().code != Code::conflict) return v;
  auto closed = v ? database_.keep() : database_.undo();
  if (!closed) return base::Failure(closed.error());
  return v;
}

// What the database would not have: somebody else stored it in between, or it cannot be stored.
Result<UpResult> Ingest::judge_unstored(const Canonical& taken) {
  const wire::UpItem& item = taken.item;
  const std::string id = item.event.id.text();
  const auto held = database_.find(item.event.id);
  if (!held) return base::Failure(held.error());
  if (!*held) return answer_with(id, ItemStatus::rejected, "not_storable");
  return answer_known(item, **held);
}

Result<std::uint64_t> Ingest::write(Work& work, const Canonical& taken, std::string_view flag) {
  const wire::UpItem& item = taken.item;
  const Bytes other =
      kQuantityOne.on(mutants_) ? wire::encode(with_quantities_of_one(item.event)) : Bytes();
  const auto v = database_.insert(
      NewEvent{item.event, item.hash, other.empty() ? taken.body : other,
               kFirstLogin.on(mutants_) ? 1 : work.batch.generation, work.received});
  if (!v) return v;
  auto booked = kTaxOff.on(mutants_) ? database_.project(with_less_tax(item.event), *v)
                : kSwallowPayments.on(mutants_)
                    ? database_.project(with_first_payment(item.event), *v)
                    : database_.project(item.event, *v);
  if (booked) {
    booked = ledgers_.book(item.event, work.received);
    const bool there = !booked && booked.error().code == Code::conflict;
    if (there && !dedupe_) booked = {};  // the mutant stores an event twice
  }
  if (booked) booked = attempts_.told(item.event);
  if (!booked) return base::Failure(booked.error());
  if (!flag.empty()) {
    if (auto done = database_.flag(*v, flag); !done) return base::Failure(done.error());
    work.flagged.emplace_back(item.event.id, flag);
  }
  // Taken after all, for instance when the goods are known by now.
  if (work.known.refused(item.event.id.seq)) {
    auto done = database_.drop_refusal(item.event.id);
    if (!done) return base::Failure(done.error());
    work.known.taken_after_all(item.event.id.seq);
  }
  return v;
}

void Ingest::note(const Work& work, const UpResult& result, std::uint64_t seq) {
  static constexpr std::pair<ItemStatus, std::string_view> kMarks[] = {
      {ItemStatus::applied, "cloud.applied"},   {ItemStatus::duplicate, "cloud.duplicate"},
      {ItemStatus::conflict, "cloud.conflict"}, {ItemStatus::rejected, "cloud.rejected"},
      {ItemStatus::deferred, "cloud.deferred"},
  };
  const auto* mark = std::find_if(std::begin(kMarks), std::end(kMarks),
                                  [&](const auto& row) { return row.first == result.status; });
  const auto severity = is_refused(result.status) ? ports::Severity::warn : ports::Severity::info;
  recorder_.note({mark->second, result.id, severity},
                 {{"till", work.batch.till},
                  {"v", static_cast<std::int64_t>(result.v)},
                  {"seq", static_cast<std::int64_t>(seq)},
                  {"generation", static_cast<std::int64_t>(work.batch.generation)},
                  {"code", result.code}});
}

// Only in the mutants cloud_second_forgotten and drop_on_serialization_failure.
bool Ingest::forgets(Work& work, const wire::Event& event) {
  if (attempts_.loses(event, mutants_)) return true;
  const bool document = std::holds_alternative<wire::Document>(event.body);
  return document && ++work.documents == 2 && kSecondForgotten.on(mutants_);
}

// Only in the mutants that do not leave alone what they know.
Result<void> Ingest::replayed(const Work& work, const wire::Event& event, const Held& held) {
  if (kReplayPostsAgain.on(mutants_) && work.batch.generation > 1) {
    auto booked = ledgers_.book_replayed(event, work.batch.generation);
    if (!booked) return booked;
  }
  if (!kReplayFlagsLate.on(mutants_) || !held.flag.empty()) return {};
  const Standing late = judge_late(work, event);
  return late.flag.empty() ? Result<void>() : database_.flag(held.v, late.flag);
}

// Only in the mutant crash_on_known_uuid: a known id is an error of the database instead of a
// duplicate.
Result<void> Ingest::stumble_over_known(const wire::ReadBatch& batch) {
  for (const wire::ReadItem& item : batch.items) {
    if (!item.item) continue;
    const auto held = database_.find(item.item->event.id);
    if (!held) return base::Failure(held.error());
    if (*held) return fail(Code::internal, "{} violates the unique key of events", item.id);
  }
  return {};
}

}  // namespace tillrig::oms
