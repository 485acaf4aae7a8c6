#include "pos/store/book_files.hpp"

#include "pos/base/assert.hpp"
#include "pos/wire/event.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tillrig::store {
namespace {

constexpr std::string_view kBook = ".db";
constexpr std::string_view kDead = ".db-dead";
constexpr std::string_view kDoubted = ".db-doubted";

// "till-000017.db" -> 17
std::optional<std::uint32_t> book_number(std::string_view name, std::string_view back) {
  constexpr std::string_view kFront = "till-";
  if (!name.starts_with(kFront) || !name.ends_with(back)) return std::nullopt;
  name.remove_prefix(kFront.size());
  name.remove_suffix(back.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

std::string in_folder(std::string_view name) {
  return fmt::format("{}/{}", kBookFolder, name);
}

}  // namespace

std::string book_path(std::uint32_t number) {
  return fmt::format("{}/till-{:06}.db", kBookFolder, number);
}

std::uint32_t BookNumbers::newest() const {
  return std::max(newest_dead, living.empty() ? 0 : living.front());
}

Result<BookNumbers> book_numbers(ports::Disk& disk) {
  if (auto made = disk.make_dir(kBookFolder); !made) return base::within("database", made.error());
  const auto names = disk.list(kBookFolder);
  if (!names) return base::within("database", names.error());
  BookNumbers numbers;
  std::set<std::uint32_t> dead;
  for (const std::string& name : *names) {
    if (const auto number = book_number(name, kDead)) dead.insert(*number);
    if (const auto number = book_number(name, kDoubted)) numbers.doubted.push_back(*number);
  }
  if (!dead.empty()) numbers.newest_dead = *dead.rbegin();
  for (const std::string& name : *names) {
    const auto number = book_number(name, kBook);
    if (number && !dead.contains(*number)) numbers.living.push_back(*number);
  }
  std::ranges::sort(numbers.living, std::greater<>());
  return numbers;
}

void mark_book(ports::Disk& disk, std::uint32_t number, BookMark mark) {
  const std::string_view back = mark == BookMark::dead ? kDead : kDoubted;
  (void)disk.open(in_folder(fmt::format("till-{:06}{}", number, back)), ports::Disk::Mode::create);
  (void)disk.sync_dir(kBookFolder);
}

std::vector<std::string> other_books(ports::Disk& disk, std::uint32_t keep) {
  std::vector<std::string> paths;
  const auto names = disk.list(kBookFolder);
  if (!names) return paths;
  for (const std::string& name : *names) {
    if (name.ends_with(".db") && in_folder(name) != book_path(keep)) {
      paths.push_back(in_folder(name));
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<std::size_t> take_from_others(ports::Disk& disk, std::uint32_t keep, SaleBook& book,
                                     const std::function<bool(Key)>& wanted,
                                     std::set<std::string>& read) {
  TILLRIG_ASSERT(book.connection().in_transaction(), "all of it is kept, or nothing");
  std::size_t taken = 0;
  for (const std::string& path : other_books(disk, keep)) {
    const auto other = SaleBook::open(disk, path);
    if (!other) continue;
    const auto rows = (*other)->rows(true);
    if (!rows) continue;
    bool whole = true;
    for (const SaleBook::Row& row : *rows) {
      if (!row.sound || !wanted(row.head.key)) continue;
      const auto entry = (*other)->read(row.head.key);
      if (!entry || !wire::decode(entry->body)) {
        whole = false;
        continue;
      }
      if (auto put = book.put(*entry); !put) return base::Failure(put.error());
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
    for (const char* ending : {"", "-wal", "-shm", "-journal", "-dead", "-doubted"}) {
      removed = disk.remove(path + ending).has_value() || removed;
    }
  }
  if (removed) (void)disk.sync_dir(kBookFolder);
}

}  // namespace tillrig::store
