#pragma once

#include "pos/store/ledger_index.hpp"
#include "pos/store/ledger_record.hpp"
#include "pos/store/sale_book.hpp"

#include <string>
#include <vector>

namespace tillrig::store {

// The databases' files. A database that is made anew has a new name: the newest complete one
// counts. One that failed is renamed "dead-000001.db": nothing in it is proof of anything any more,
// but sales that the ledger has let go since are looked for in it, each by its own hash.
inline constexpr const char* kBookFolder = "db";

// "db/till-000001.db"
std::string book_path(std::uint32_t number);

// Numbers of all that are there, newest first; makes the folder.
Result<std::vector<std::uint32_t>> book_numbers(ports::Disk& disk);

// Names a database dead, as far as the disk lets us.
void set_aside(ports::Disk& disk, std::uint32_t number);
// Puts into the book, in its open transaction, what dead databases have of sales that were settled
// before the oldest that the ledger keeps of their epoch. Those that cannot be read are passed over
// and left as they are. Errors: the book's.
Result<void> take_history(ports::Disk& disk, const LedgerIndex& ledger, SaleBook& book);
// Removes the files of all books but one and of the dead that can be read, as far as the disk lets
// us.
void remove_other_books(ports::Disk& disk, std::uint32_t keep);

// Puts a ledger's record into the book. Errors: corrupt (the body does not decode), the book's.
Result<void> insert_record(SaleBook& book, const RecordHead& head, ByteView body);

}  // namespace tillrig::store
