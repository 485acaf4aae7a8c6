#include "pos/till/card_book.hpp"

#include "pos/base/json_fields.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {
namespace {

constexpr std::string_view kAttemptsNote = "card_attempts";

wire::Tail tail_in(const std::string& text) {
  if (text.empty()) return {};
  const auto value = base::parse_json(text);
  if (!value || value->if_object() == nullptr) return {};
  return wire::read_tail(*value->if_object()).value_or(wire::Tail());
}

}  // namespace

// Where the last start found the first that was open, or the last one: before it all is settled.
Result<void> CardBook::read() {
  entries_.clear();
  const auto noted = base::parse_event_id(store_.noted(kAttemptsNote).value_or(""));
  const auto events =
      store_.all_of(wire::EventKind::card_attempt, noted ? store::key_of(*noted) : store::Key{});
  if (!events) return base::Failure(events.error());
  for (const wire::Event& event : *events) {
    const auto* const kept = std::get_if<wire::CardAttempt>(&event.body);
    if (kept == nullptr) continue;
    const bool is_new = !entries_.contains(kept->attempt.id);
    Entry& entry = entries_[kept->attempt.id];
    entry.attempt = kept->attempt;
    entry.last = event.id;
    if (!kept->sale.empty()) {
      entry.sale = kept->sale.front();
      entry.tail = tail_in(kept->sale_tail);
    }
    if (!is_new) continue;
    entry.first = event.id;
    entry.wall_ms = event.wall.ms;
  }
  keep_from();
  std::optional<base::EventId> from;
  for (const auto& [id, entry] : entries_) {
    const wire::AttemptState state = entry.attempt.state;
    const bool open =
        wire::is_unresolved(state) || (state == wire::AttemptState::approved && !has_sale(entry));

    if (open && (!from || entry.first < *from)) from = entry.first;
  }
  if (!from && !events->empty()) from = events->back().id;
  // At worst more is read the next time.
  if (from) static_cast<void>(store_.keep_note(kAttemptsNote, from->text()));
  return {};
}

// What is not settled is needed to finish it.
void CardBook::keep_from() {
  std::optional<store::Key> from;
  for (const auto& [id, entry] : entries_) {
    if (!wire::is_unresolved(entry.attempt.state) || entry.first.seq == 0) continue;
    const store::Key key = store::key_of(entry.first);
    if (!from || key < *from) from = key;
  }
  store_.keep_attempts(from);
}

void CardBook::begin(const std::string& id, wire::Document sale, wire::Tail tail) {
  Entry& entry = entries_[id];
  entry.sale = std::move(sale);
  entry.tail = std::move(tail);
}

Result<void> CardBook::keep(const wire::Attempt& attempt, std::string_view day) {
  Entry& entry = entries_[attempt.id];
  wire::CardAttempt body;
  body.attempt = attempt;
  const bool first = entry.first.seq == 0;
  if (first) {
    if (entry.sale.day.empty()) entry.sale.day = day;
    body.sale.push_back(entry.sale);
    wire::append_tail_json(body.sale_tail, entry.tail);
  }
  auto kept = store_.record(wire::EventKind::card_attempt, std::move(body));
  if (!kept) return base::Failure(kept.error());
  entry.attempt = attempt;
  entry.last = kept->id;
  if (first) {
    entry.first = kept->id;
    entry.wall_ms = kept->wall.ms;
  }
  keep_from();
  return {};
}

Result<void> CardBook::put_last(const std::string& id, std::string_view day) {
  Entry* const entry = find(id);
  if (entry == nullptr) return base::fail(base::Code::not_found, "no payment {} is known", id);
  if (entry->last == store_.newest()) return {};
  const wire::Attempt attempt = entry->attempt;
  return keep(attempt, day);
}

CardBook::Entry* CardBook::find(std::string_view id) {
  const auto at = entries_.find(id);
  return at == entries_.end() ? nullptr : &at->second;
}

std::vector<wire::Attempt> CardBook::attempts() const {
  std::vector<wire::Attempt> all;
  for (const auto& [id, entry] : entries_) all.push_back(entry.attempt);
  return all;
}

bool CardBook::has_sale(const Entry& entry) const {
  base::EventId next = entry.last;
  ++next.seq;
  if (store_.cleaned_up(next)) return true;  // it was sent, and is long over
  const auto event = store_.find(next);
  return event && event->kind == wire::EventKind::sale &&
         event->tail.get(wire::kAttempt) == entry.attempt.id;
}

std::vector<std::string> CardBook::incomplete() const {
  std::vector<std::string> all;
  for (const auto& [id, entry] : entries_) {
    if (entry.attempt.state == wire::AttemptState::approved && !entry.attempt.dead &&
        !has_sale(entry)) {
      all.push_back(id);
    }
  }
  return all;
}

}  // namespace tillrig::till
