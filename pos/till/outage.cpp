#include "pos/till/outage.hpp"

#include "pos/base/decimal.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace tillrig::till {
namespace {

constexpr std::string_view kOutageNote = "outage";
constexpr std::size_t kMostSales = 1'000'000;  // of one outage

const base::Mutant kEachTime{"null_receipt_each_time", "INV-54", "domain X-12",
                             "each outage is closed with a null receipt, also one without sales"};
const base::Mutant kAtRestart{"outage_forgotten_at_restart", "INV-54", "domain X-12",
                              "a till that is started again knows nothing of the outage"};

// The next word of a note; the rest stays.
std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

}  // namespace

// As noted: "open EVENT MOMENT" or "over EVENT SINCE UNTIL DOCUMENTS".
void Outage::resume() {
  if (!config_.null_receipt || kAtRestart.on(config_.mutants)) return;
  const std::string text = store_.noted(kOutageNote).value_or("");
  std::string_view rest = text;
  const std::string_view stage = take_word(rest);
  const auto after = base::parse_event_id(take_word(rest));
  if (!after) return;
  if (stage == "open") {
    const auto moment = sync::Moment::read(rest);
    if (!moment) return;
    after_ = *after;
    since_ = moment->as_of(clock_, config_.mutants);
    if (since_->uptime.boot != moment->uptime.boot) keep();
    return;
  }
  const auto since = base::parse_decimal(take_word(rest), 0, "begin of an outage");
  const auto until = base::parse_decimal(take_word(rest), 0, "end of an outage");
  const auto documents = base::parse_decimal(take_word(rest), 0, "number of documents");
  if (!since || !until || !documents) return;
  after_ = *after;
  over_ = wire::OutageClosed{*since, *until, static_cast<std::uint64_t>(*documents)};
}

// What cannot be noted is known until the app ends.
void Outage::keep() {
  std::string text;
  if (since_) text = fmt::format("open {} {}", after_.text(), since_->text());
  if (over_) {
    text = fmt::format("over {} {} {} {}", after_.text(), over_->since_ms, over_->until_ms,
                       over_->documents);
  }
  static_cast<void>(store_.keep_note(kOutageNote, text));
}

void Outage::begin(base::EventId after) {
  if (!config_.null_receipt || since_ || over_) return;
  after_ = std::move(after);
  since_ = sync::Moment::now(clock_);
  keep();
}

void Outage::document_comes() {
  if (!service_.online()) begin(store_.newest());
}

void Outage::document_stands(const base::EventId& id) {
  if (!service_.online()) begin({id.till, id.epoch, id.seq - 1});
}

void Outage::line() {
  if (service_.online()) {
    end();
  } else if (kEachTime.on(config_.mutants)) {
    begin(store_.newest());
  }
}

// Counted now: what is uploaded may be cleaned up.
void Outage::end() {
  if (!since_) return;
  wire::OutageClosed closed;
  closed.since_ms = since_->wall.ms;
  for (const store::SaleRow& row : store_.sales(kMostSales)) {
    if (row.id <= after_) break;
    closed.since_ms = row.wall.ms;  // the first comes last
    ++closed.documents;
  }
  const auto lasted = since_->age(clock_, config_.mutants);
  closed.until_ms =
      closed.since_ms + std::chrono::duration_cast<std::chrono::milliseconds>(lasted).count();
  since_.reset();
  if (closed.documents > 0 || kEachTime.on(config_.mutants)) over_ = closed;
  keep();
}

void Outage::forget() {
  since_.reset();
  over_.reset();
  keep();
}

}  // namespace tillrig::till
