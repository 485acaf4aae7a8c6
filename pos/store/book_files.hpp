#pragma once

#include "pos/store/sale_book.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace tillrig::store {

// The databases' files. A database that is made anew has a new name: the newest complete one
// counts. A mark beside one that failed says what it is good for from then on:
// "till-000001.db-dead": nothing in it is proof of anything any more, but sales that stand nowhere
// else are looked for in it, each by its own hash. "till-000001.db-doubted": the ledger had failed
// too, so it may be the only place of a sale; what can be read of it need not be on the disk, and
// the next opening makes it anew. A mark lasts as long as what can be read and is not on the disk:
// both are gone after a power cut. It stands beside the files because a renaming that fails
// half-way parts a database from its log.
inline constexpr const char* kBookFolder = "db";

// "db/till-000001.db"
std::string book_path(std::uint32_t number);

// The numbers of the databases that are there. Makes the folder.
struct BookNumbers {
  std::vector<std::uint32_t> living;  // newest first
  std::vector<std::uint32_t> doubted;
  std::uint32_t newest_dead = 0;  // 0: none is

  [[nodiscard]] std::uint32_t newest() const;
};
Result<BookNumbers> book_numbers(ports::Disk& disk);

// Marks a database, as far as the disk lets us.
enum class BookMark { dead, doubted };
void mark_book(ports::Disk& disk, std::uint32_t number, BookMark mark);
// Paths of all databases but one, dead ones too.
std::vector<std::string> other_books(ports::Disk& disk, std::uint32_t keep);

// Puts into the book, in its open transaction, those events of all other databases that are wanted
// and whose hash is right; gives how many. What cannot be read, or is of a form that we do not
// know, is passed over: nobody may fail over a file that is not needed. Databases that were read
// whole are added to `read`. Errors: the book's.
Result<std::size_t> take_from_others(ports::Disk& disk, std::uint32_t keep, SaleBook& book,
                                     const std::function<bool(Key)>& wanted,
                                     std::set<std::string>& read);
// Removes the other databases that are done with, and those never completed, as far as the disk
// lets us. The rest stay: what could not be read may be readable another day.
void remove_other_books(ports::Disk& disk, std::uint32_t keep, const std::set<std::string>& done);

}  // namespace tillrig::store
