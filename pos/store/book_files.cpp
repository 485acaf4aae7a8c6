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

void remove_other_books(ports::Disk& disk, std::uint32_t keep) {
  const auto names = disk.list(kBookFolder);
  if (!names) return;
  bool removed = false;
  for (const std::string& name : *names) {
    const std::string kept = fmt::format("till-{:06}.db", keep);
    if (name.starts_with(kept) || !name.starts_with("till-")) continue;
    removed = disk.remove(fmt::format("{}/{}", kBookFolder, name)).has_value() || removed;
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
