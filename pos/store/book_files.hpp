#pragma once

#include "pos/store/ledger_record.hpp"
#include "pos/store/sale_book.hpp"

#include <string>
#include <vector>

namespace tillrig::store {

// The databases' files. A database that is made anew has a new name, for the old file is dead: the
// newest complete one counts.
inline constexpr const char* kBookFolder = "db";

// "db/till-000001.db"
std::string book_path(std::uint32_t number);

// Numbers of all that are there, newest first; makes the folder.
Result<std::vector<std::uint32_t>> book_numbers(ports::Disk& disk);

// Removes the files of all books but one, as far as the disk lets it.
void remove_other_books(ports::Disk& disk, std::uint32_t keep);

// Puts a ledger's record into the book. Errors: corrupt (the body does not decode), the book's.
Result<void> insert_record(SaleBook& book, const RecordHead& head, ByteView body);

}  // namespace tillrig::store
