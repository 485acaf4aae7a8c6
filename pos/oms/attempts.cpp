#include "pos/oms/attempts.hpp"

#include "pos/wire/feed.hpp"

namespace tillrig::oms {

using wire::AttemptKnown;
using wire::AttemptOutcome;

namespace {

const base::Mutant kSerialization{
    "drop_on_serialization_failure", "INV-09", "odoo/odoo#13862 (card slip, no order)",
    "a sale whose payment the acquirer is telling of is lost over it, and answered as taken"};

// The till has not told how it ended.
bool is_open(const AttemptKnown& known) {
  const auto state = base::by_name<wire::AttemptState>(known.state);
  return state && wire::is_unresolved(*state);
}

}  // namespace

Result<std::optional<AttemptKnown>> Attempts::find(std::string_view id) {
  const auto row = database_.feed_row(wire::kAttempts, id);
  if (!row) return base::Failure(row.error());
  if (!*row || (*row)->deleted) return std::optional<AttemptKnown>();
  auto known = wire::read_attempt((*row)->body);
  if (!known) return base::Failure(known.error());
  return std::optional<AttemptKnown>(*std::move(known));
}

Result<void> Attempts::put(const AttemptKnown& known) {
  const auto before = database_.feed_row(wire::kAttempts, known.id);
  if (!before) return base::Failure(before.error());
  auto head = database_.feed_head();
  if (!head) return base::Failure(head.error());
  if (!*before && ++head->ids > wire::kFeedIds) return {};
  const std::uint64_t rev = *before ? (*before)->rev + 1 : 1;
  const wire::FeedRow row{++head->v, known.id, rev, false, wire::write_json(known)};
  if (auto done = database_.put_feed_row(wire::kAttempts, row); !done) return done;
  return database_.set_feed_head(*head);
}

Result<void> Attempts::told(const wire::Event& event) {
  const auto* const paying = std::get_if<wire::CardAttempt>(&event.body);
  if (paying == nullptr) return {};
  const wire::Attempt& attempt = paying->attempt;
  auto known = find(attempt.id);
  if (!known) return base::Failure(known.error());
  AttemptKnown row = known->value_or(AttemptKnown{attempt.id, {}, attempt.amount, {}, {}, {}});
  if (row.outcome == AttemptOutcome::unknown) {
    row.amount = attempt.amount;
    row.currency = attempt.currency;
  }
  row.order = attempt.order;
  row.till = event.id.till;
  row.state = name(attempt.state);
  if (auto done = put(row); !done || attempt.order == attempt.id) return done;
  auto first = find(attempt.order);
  if (!first) return base::Failure(first.error());
  if (!*first || (*first)->newest == attempt.id) return {};
  (*first)->newest = attempt.id;
  return put(**first);
}

Result<void> Attempts::said(const AttemptKnown& word) {
  auto known = find(word.id);
  if (!known) return base::Failure(known.error());
  AttemptKnown row = known->value_or(word);
  const bool same = row.outcome == word.outcome && row.amount == word.amount;
  if (*known && same) return {};
  const bool back =
      row.outcome == AttemptOutcome::approved && word.outcome == AttemptOutcome::reversed;
  if (*known && row.outcome != AttemptOutcome::unknown && !back) {
    return base::fail(base::Code::conflict, "{} is {} here and cannot become {}", word.id,
                      name(row.outcome), name(word.outcome));
  }
  row.outcome = word.outcome;
  row.amount = word.amount;
  row.currency = word.currency;
  Transaction transaction(database_);
  auto done = transaction.begin();
  if (done) done = put(row);
  if (done) done = transaction.commit();
  return done;
}

bool Attempts::loses(const wire::Event& event, const base::Mutants& mutants) {
  const auto attempt = event.tail.get(wire::kAttempt);
  if (event.kind != wire::EventKind::sale || !attempt || !kSerialization.on(mutants)) return false;
  const auto known = find(*attempt);
  return known && *known && (*known)->outcome != AttemptOutcome::unknown;
}

Result<bool> Attempts::is_unresolved(std::string_view order) {
  const auto first = find(order);
  if (!first) return base::Failure(first.error());
  if (!*first) return false;
  if (is_open(**first)) return true;
  if ((*first)->newest.empty()) return false;
  const auto newest = find((*first)->newest);
  if (!newest) return base::Failure(newest.error());
  return *newest && is_open(**newest);
}

}  // namespace tillrig::oms
