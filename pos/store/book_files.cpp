#include "pos/store/book_files.hpp"

#include "pos/wire/event.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

namespace tillrig::store {
namespace {

std::optional<std::uint32_t> number_of(std::string_view name) {
  constexpr std::string_view kFront = "till-";
  constexpr std::string_view kBack = ".db";
  if (!name.starts_with(kFront) || !name.ends_with(kBack)) return std::nullopt;
  name.remove_prefix(kFront.size());
  name.remove_suffix(kBack.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

// Paths of the databases that failed, oldest first.
std::vector<std::string> dead_books(ports::Disk& disk) {
  std::vector<std::string> paths;
  const auto names = disk.list(kBookFolder);
  if (!names) return paths;
  for (const std::string& name : *names) {
    if (name.starts_with("dead-") && name.ends_with(".db")) {
      paths.push_back(fmt::format("{}/{}", kBookFolder, name));
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

Result<std::vector<std::uint32_t>> book_numbers(ports::Disk& disk) {
  if (const auto made = disk.make_dir(kBookFolder); !made) {
    return base::within("database", made.error());
  }
  const auto names = disk.list(kBookFolder);
  if (!names) return base::within("database", names.error());
  std::vector<std::uint32_t> numbers;
  for (const std::string& name : *names) {
    if (const auto number = number_of(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end(), std::greater<>());
  return numbers;
}

std::string book_path(std::uint32_t number) {
  return fmt::format("{}/till-{:06}.db", kBookFolder, number);
}

void set_aside(ports::Disk& disk, std::uint32_t number) {
  const auto names = disk.list(kBookFolder);
  if (!names) return;
  const std::string front = fmt::format("till-{:06}.db", number);
  for (const std::string& name : *names) {
    if (!name.starts_with(front)) continue;
    const std::string dead = fmt::format("dead-{:06}.db{}", number, name.substr(front.size()));
    (void)disk.rename(fmt::format("{}/{}", kBookFolder, name),
                      fmt::format("{}/{}", kBookFolder, dead));
  }
  (void)disk.sync_dir(kBookFolder);
}

Result<void> take_history(ports::Disk& disk, const LedgerIndex& ledger, SaleBook& book) {
  const std::vector<std::uint32_t> epochs = ledger.epochs();
  if (epochs.empty()) return {};
  const auto let_go = [&](QueueCursor::Key key) {
    const bool kept = std::binary_search(epochs.begin(), epochs.end(), key.epoch);
    return kept ? key.seq < ledger.span(key.epoch).first : key.epoch < epochs.back();
  };
  for (const std::string& path : dead_books(disk)) {
    const auto dead = SaleBook::open(disk, path);
    if (!dead) continue;
    const auto rows = (*dead)->proofs(true);
    if (!rows) continue;
    for (const SaleBook::RowProof& row : *rows) {
      if (!row.sound || !let_go(row.key)) continue;
      const auto body = (*dead)->body(row.key);
      if (!body) continue;
      const RecordHead head{
          row.key.epoch, row.key.seq, body->number, static_cast<std::uint8_t>(body->kind),
          body->total,   body->wall,  body->hash};
      if (const auto put = insert_record(book, head, body->bytes); !put) return put;
    }
  }
  return {};
}

void remove_other_books(ports::Disk& disk, std::uint32_t keep) {
  std::vector<std::string> unreadable;
  for (const std::string& path : dead_books(disk)) {
    const auto dead = SaleBook::open(disk, path);
    const bool reads = dead && (*dead)->proofs(false);
    if (!reads && (dead || dead.error().code != base::Code::not_found)) unreadable.push_back(path);
  }
  const auto names = disk.list(kBookFolder);
  if (!names) return;
  const std::string kept = book_path(keep);
  bool removed = false;
  for (const std::string& name : *names) {
    const std::string path = fmt::format("{}/{}", kBookFolder, name);
    const bool stays = std::any_of(unreadable.begin(), unreadable.end(),
                                   [&](const std::string& each) { return path.starts_with(each); });
    if (stays || path.starts_with(kept)) continue;
    if (!name.starts_with("till-") && !name.starts_with("dead-")) continue;
    removed = disk.remove(path).has_value() || removed;
  }
  if (removed) (void)disk.sync_dir(kBookFolder);
}

Result<void> insert_record(SaleBook& book, const RecordHead& head, ByteView body) {
  const auto event = wire::decode(body);
  if (!event) return tl::unexpected(event.error());
  BookRow row;
  row.key = {head.epoch, head.seq};
  row.kind = head.kind;
  row.number = head.number;
  row.total = head.total;
  row.wall = head.wall;
  if (const auto* document = std::get_if<wire::Document>(&event->body)) row.of = document->of;
  row.hash = head.hash;
  row.body = body;
  return book.insert(row);
}

}  // namespace tillrig::store
