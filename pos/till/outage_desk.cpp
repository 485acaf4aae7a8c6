#include "pos/till/outage_desk.hpp"

#include "pos/till/null_receipt.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace tillrig::till {

using base::Failure;

namespace {

constexpr std::string_view kPapersNote = "null_receipts";
constexpr std::string_view kReportNote = "outage_report";

const base::Mutant kForgotten{"null_receipt_forgotten", "INV-54", "domain X-12",
                              "an outage ends without a null receipt"};

const base::Mutant kDoubled{"null_receipt_doubled", "INV-54", "domain X-12",
                            "an app that died over a null receipt records it once more"};
const base::Mutant kUnmarked{"null_receipt_copy_unmarked", "INV-54", "domain X-12",
                             "a null receipt that may be on paper comes out like an original"};

}  // namespace

void OutageDesk::open() {
  if (!parts_.config.null_receipt) return;
  const std::string papers = parts_.store.noted(kPapersNote).value_or("");
  std::string_view rest = papers;
  while (!rest.empty()) {
    const std::string_view id = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), id.size() + 1));
    papers_.emplace(id);
  }
  const auto open = papers_;
  for (const std::string& id : open) print_copy(id);
  const auto id = base::parse_event_id(parts_.store.noted(kReportNote).value_or(""));
  if (!id) return;
  if (const auto event = parts_.store.find(*id)) report(*event);
}

base::Awaitable<Result<void>> OutageDesk::close() {
  const auto over = parts_.outage.over();
  if (!over || checkout_.under_way()) co_return Result<void>{};
  if (kForgotten.on(parts_.config.mutants)) {
    parts_.outage.forget();
    co_return Result<void>{};
  }
  if (auto able = checkout_.ready(); !able) co_return able;
  bool again = false;
  auto event = record(*over, again);
  if (!event) co_return base::within("the outage cannot be closed", event.error());
  const std::string id = event->id.text();
  if (parts_.config.devices.contains("printer")) papers_.insert(id);
  keep_papers();
  const auto& closed = std::get<wire::OutageClosed>(event->body);
  const bool long_one = wire::has_to_be_reported(closed);
  if (long_one) static_cast<void>(parts_.store.keep_note(kReportNote, id));
  parts_.outage.forget();
  co_await checkout_.settled();
  Booked shown;
  shown.what = wire::name(event->kind);
  shown.event = id;
  shown.day = parts_.day.for_next();
  parts_.ports.recorder.note({.mark = "outage.closed", .sale = id},
                             {{"documents", static_cast<std::int64_t>(closed.documents)}});
  parts_.screen.show(shown);
  print(*event, again);
  if (long_one) report(*event);
  parts_.show_counters();
  parts_.service.kick();
  co_return Result<void>{};
}

// An app that died over it may have recorded it already; then only the rest is done.
Result<wire::Event> OutageDesk::record(const wire::OutageClosed& over, bool& again) {
  const auto last = parts_.store.last_of(wire::EventKind::outage_closed);
  if (!last) return Failure(last.error());
  const bool looks = !kDoubled.on(parts_.config.mutants);
  again = looks && *last && **last > parts_.outage.after();
  if (again) return parts_.store.find(**last);
  return parts_.store.record(wire::EventKind::outage_closed, over);
}

void OutageDesk::print(const wire::Event& event, bool copy) {
  const auto* const closed = std::get_if<wire::OutageClosed>(&event.body);
  if (closed == nullptr) return;
  const bool marked = copy && !kUnmarked.on(parts_.config.mutants);
  const Receipt paper = null_receipt(event.id, *closed, parts_.config, marked);
  for (const auto& device : parts_.devices) device->print(paper);
}

void OutageDesk::print_copy(const std::string& id) {
  const auto parsed = base::parse_event_id(id);
  if (!parsed || !copied_.insert(id).second) return;
  if (const auto event = parts_.store.find(*parsed)) print(*event, true);
}

void OutageDesk::printed(std::string_view document) {
  const auto at = papers_.find(document);
  if (at == papers_.end()) return;
  papers_.erase(at);
  keep_papers();
}

// Once: a printer that swallows the copy, too, is somebody's business.
void OutageDesk::in_doubt(std::string_view document) {
  if (papers_.contains(document)) print_copy(std::string(document));
}

void OutageDesk::report(const wire::Event& event) {
  const auto* const closed = std::get_if<wire::OutageClosed>(&event.body);
  if (closed == nullptr) return;
  parts_.prompts.open(
      kOutageReport,
      fmt::format("The outage from {} until {} lasted for more than 48 hours: report it to the tax "
                  "authority. Its null receipt is {}.",
                  moment_words(closed->since_ms), moment_words(closed->until_ms), event.id.text()),
      {[this] { return reported(); }});
}

base::Awaitable<void> OutageDesk::reported() {
  static_cast<void>(parts_.store.keep_note(kReportNote, ""));
  co_return;
}

void OutageDesk::keep_papers() {
  static_cast<void>(
      parts_.store.keep_note(kPapersNote, fmt::format("{}", fmt::join(papers_, " "))));
}

}  // namespace tillrig::till
