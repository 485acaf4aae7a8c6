#include "pos/till/missing_receipts.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

using base::EventId;

constexpr const char* kFile = "receipts";
constexpr const char* kNewFile = "receipts-new";
constexpr std::size_t kMostBytes = 4 * 1024 * 1024;
constexpr std::uint64_t kSyncEvery = 16;    // documents; so many may be asked for after a power cut
constexpr std::size_t kLookBack = 100'000;  // documents

const base::Mutant kReceiptLost{"receipt_lost", "INV-45", "odoo threads on missing tickets",
                                "a receipt that the app died before is never asked for"};
const base::Mutant kCopyUnmarked{"copy_unmarked", "INV-45", "two originals of one receipt",
                                 "a copy is printed without its mark"};
const base::Mutant kDoubtNotAsked{"doubt_not_asked", "INV-45", "a fault planted by a reviewer",
                                  "a receipt that the printer vanished under is not asked for"};

const base::Mutant kCopyTwice{"copy_twice", "INV-45", "a fault planted by a reviewer",
                              "\"Print a copy\" prints two"};
const base::Mutant kNoneNeeded{"not_needed_is_for_all", "INV-45", "a fault planted by a reviewer",
                               "one receipt that is not needed is taken for all that are missing"};
const base::Mutant kNewestAlone{"newest_receipts_alone", "INV-45", "a fault planted by a reviewer",
                                "at a start only the newest twenty documents are looked at"};
const base::Mutant kCopyAtOnce{"copy_counts_when_asked", "INV-45", "a fault planted by a reviewer",
                               "a copy counts as printed when it is asked for, not when it is out"};
const base::Mutant kNotNeededForgotten{"not_needed_forgotten", "INV-45",
                                       "a fault planted by a reviewer",
                                       "a receipt that nobody needs is asked for at each start"};
const base::Mutant kPrintedForgotten{"printed_after_open_forgotten", "INV-45",
                                     "a fault planted by a reviewer",
                                     "while one receipt is asked for, those printed after it are "
                                     "asked for again at the next start"};
const base::Mutant kNameUnsynced{"receipt_file_name_unsynced", "INV-45",
                                 "a fault planted by a reviewer",
                                 "the name of the file of missing receipts is not synced"};

}  // namespace

MissingReceipts::MissingReceipts(const Parts& parts) : parts_(parts) {}

MissingReceipts::Known MissingReceipts::read() const {
  Known known;
  auto file = parts_.ports.disk.open(kFile, ports::Disk::Mode::read);
  if (!file) return known;
  const auto text = (*file)->read_at(0, kMostBytes);
  if (!text) return known;
  known.found = true;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const auto id = base::parse_event_id(line.substr(blank + 1));
    if (!id) continue;  // torn off by a power cut
    const std::string_view what = line.substr(0, blank);
    if (what == "through") known.through = *id;
    if (what == "open") known.open.insert(*id);
    if (what == "printed") known.printed.insert(*id);
  }
  return known;
}

void MissingReceipts::open() {
  if (!parts_.config.devices.contains("printer")) return;
  Known known = read();
  const std::vector<store::SaleRow> rows =
      parts_.store.sales(kNewestAlone.on(parts_.config.mutants) ? 20 : kLookBack);
  const EventId newest = rows.empty() ? EventId{parts_.config.name, 0, 0} : rows.front().id;
  for (const store::SaleRow& row : rows) {
    if (!known.found || row.id <= known.through) break;
    known.open.insert(row.id);
  }
  for (const EventId& id : known.printed) known.open.erase(id);
  open_.assign(known.open.begin(), known.open.end());
  if (kReceiptLost.on(parts_.config.mutants)) open_.clear();
  const bool oldest = kPrintedForgotten.on(parts_.config.mutants) && !open_.empty();
  write_anew(oldest ? open_.front() : newest);
  ask();
}

// What cannot be written costs a question too many at the next start.
void MissingReceipts::write_anew(const EventId& through) {
  ports::Disk& disk = parts_.ports.disk;
  std::string text = "through " + through.text() + "\n";  // "....0.0" of an empty store is no id
  for (const EventId& id : open_) text += "open " + id.text() + "\n";
  auto fresh = disk.open(kNewFile, ports::Disk::Mode::create);
  if (!fresh) return;
  const bool written = (*fresh)->truncate(0) && (*fresh)->write_at(0, text) && (*fresh)->sync();
  if (!written || !disk.rename(kNewFile, kFile) ||
      (!kNameUnsynced.on(parts_.config.mutants) && !disk.sync_dir("")))
    return;
  file_ = std::move(*fresh);
  end_ = text.size();
}

void MissingReceipts::append(std::string_view what, std::string_view document) {
  if (file_ == nullptr) return;
  const std::string line = fmt::format("{} {}\n", what, document);
  if (!file_->write_at(end_, line)) return;
  end_ += line.size();
  if (++appended_ % kSyncEvery == 0 && !file_->sync()) file_.reset();
}

void MissingReceipts::printed(std::string_view document) {
  if (!document.empty()) append("printed", document);
}

void MissingReceipts::in_doubt(std::string_view document) {
  if (kDoubtNotAsked.on(parts_.config.mutants)) return;
  const auto id = base::parse_event_id(document);
  if (!id || std::find(open_.begin(), open_.end(), *id) != open_.end()) return;
  append("open", document);
  open_.push_back(*id);
  ask();
}

// One after the other: the next when this one is answered.
void MissingReceipts::ask() {
  if (open_.empty()) return;
  const EventId id = open_.front();
  const auto event = parts_.store.find(id);
  const auto* const document = event ? std::get_if<wire::Document>(&event->body) : nullptr;
  if (document == nullptr) {
    open_.pop_front();
    return ask();
  }
  const base::ReceiptNumber number{id.epoch, document->number};
  const base::Currency currency =
      base::find_currency(document->currency).value_or(base::Currency{document->currency, 2});
  parts_.prompts.open(
      kReceiptMissing,
      fmt::format("Receipt {} over {} may not have been printed. Does the customer "
                  "need a copy?",
                  number.text(), base::format_money(document->total, currency)),
      {[this, id] { return print_copy(id); }, [this, id] { return not_needed(id); }});
}

base::Awaitable<void> MissingReceipts::print_copy(EventId id) {
  std::erase(open_, id);
  const auto event = parts_.store.find(id);
  if (kCopyAtOnce.on(parts_.config.mutants)) printed(id.text());
  if (event) {
    const bool marked = !kCopyUnmarked.on(parts_.config.mutants);
    Receipt receipt = compose(*event, parts_.config.shop, false, marked, parts_.config.mutants);
    receipt.open_drawer = false;
    const int times = kCopyTwice.on(parts_.config.mutants) ? 2 : 1;
    for (int i = 0; i < times; ++i) {
      for (const auto& device : parts_.devices) device->print(receipt);
    }
  }
  ask();
  co_return;
}

base::Awaitable<void> MissingReceipts::not_needed(EventId id) {
  std::erase(open_, id);
  if (!kNotNeededForgotten.on(parts_.config.mutants)) printed(id.text());
  if (kNoneNeeded.on(parts_.config.mutants)) open_.clear();
  ask();
  co_return;
}

}  // namespace tillrig::till
