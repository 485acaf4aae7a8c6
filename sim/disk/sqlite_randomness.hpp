#pragma once

namespace tillrig::disk {

// SQLite draws its random numbers (the salts of a WAL) from one generator per program, seeded by
// the default VFS. This makes that seed a constant, and starts the generator afresh: what one
// thread's connections draw from here on is the same in every run. Call it at the start of a run
// whose stored bytes are to be compared; with several worlds in threads the salts still differ,
// which no reader of the data and no trace_digest() sees.
void reset_sqlite_randomness();

}  // namespace tillrig::disk
