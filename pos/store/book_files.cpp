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

std::vector<std::string> other_books(ports::Disk& disk, std::uint32_t keep) {
  std::vector<std::string> paths;
  const auto names = disk.list(kBookFolder);
  if (!names) return paths;
  for (const std::string& name : *names) {
    if (!name.ends_with(".db")) continue;
    std::string path = fmt::format("{}/{}", kBookFolder, name);
    if (path != book_path(keep)) paths.push_back(std::move(path));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool let_go(const LedgerIndex& ledger, QueueCursor::Key key) {
  const std::vector<std::uint32_t> epochs = ledger.epochs();
  if (epochs.empty()) return false;
  const bool kept = std::binary_search(epochs.begin(), epochs.end(), key.epoch);
  return kept ? key.seq < ledger.span(key.epoch).first : key.epoch < epochs.back();
}

Result<std::size_t> take_from_others(ports::Disk& disk, std::uint32_t keep, SaleBook& book,
                                     const std::function<bool(QueueCursor::Key)>& wanted,
                                     std::set<std::string>& read) {
  std::size_t taken = 0;
  for (const std::string& path : other_books(disk, keep)) {
    const auto other = SaleBook::open(disk, path);
    if (!other) continue;
    const auto rows = (*other)->proofs(true);
    if (!rows) continue;
    bool whole = true;
    for (const SaleBook::RowProof& row : *rows) {
      if (!row.sound || !wanted(row.key)) continue;
      const auto body = (*other)->body(row.key);
      whole = whole && body.has_value();
      if (!body) continue;
      const auto kind = static_cast<std::uint8_t>(body->kind);
      const RecordHead head{row.key.epoch, row.key.seq, body->number, kind,
                            body->total,   body->wall,  body->hash};
      if (const auto put = insert_record(book, head, body->bytes); !put) {
        return tl::unexpected(put.error());
      }
      ++taken;
    }
    if (whole) read.insert(path);
  }
  return taken;
}

void remove_other_books(ports::Disk& disk, std::uint32_t keep, const std::set<std::string>& done) {
  bool removed = false;
  for (const std::string& path : other_books(disk, keep)) {
    if (!done.contains(path)) {
      const auto other = SaleBook::open(disk, path);
      if (other || other.error().code != base::Code::not_found) continue;  // completed once
    }
    for (const char* ending : {"", "-wal", "-shm", "-journal"}) {
      removed = disk.remove(path + ending).has_value() || removed;
    }
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
