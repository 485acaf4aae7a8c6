#pragma once

#include "pos/ports/disk.hpp"
#include "pos/store/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tillrig::store {

// The ledger's files, "ledger/000001.tlg": of one size, made full of zeros and synced before their
// first record, so that an append changes no size; used again under a new number when nothing in
// them is owed to the cloud (reference: storage 3.2, performance 1.1). Numbers only grow. A file
// that failed is dead: it is renamed to "ledger/dead-000001.tlg" at once, so that a later run knows
// it too. What stands in the files is the Ledger's to know.
class Segments {
 public:
  struct Options {
    std::uint32_t bytes = 1024 * 1024;
    // A settled segment is used again when the ones after it hold as much as `keep - 1` segments
    // half full, or when there are `most_files`: a till that is killed often has many with little.
    std::size_t keep = 4;
    std::size_t most_files = 32;
  };

  Segments(ports::Disk& disk, Options options);

  // What is there, oldest first; makes the folder. Errors: those of the folder.
  Result<std::vector<std::uint32_t>> find();
  [[nodiscard]] std::uint32_t newest() const { return all_.empty() ? 0 : all_.rbegin()->first; }
  [[nodiscard]] bool has(std::uint32_t number) const { return all_.contains(number); }
  [[nodiscard]] std::string path(std::uint32_t number) const;

  // To be read from; kept open until another one is asked for. Errors: the disk's.
  Result<ports::File*> reader(std::uint32_t number);

  // The one that is written to; 0: none, the next write needs begin() first.
  [[nodiscard]] std::uint32_t current() const { return current_; }
  [[nodiscard]] ports::File& file();
  [[nodiscard]] std::uint64_t used() const { return used_; }
  [[nodiscard]] std::uint64_t room() const { return current_ == 0 ? 0 : options_.bytes - used_; }
  [[nodiscard]] std::uint32_t size() const { return options_.bytes; }
  // `bytes` more of the current one are on stable storage.
  void grew(std::uint64_t bytes);

  // The segment that begin() would use again: the oldest, if nothing in it is owed. 0: none.
  [[nodiscard]] std::uint32_t recyclable() const;
  // Begins the next segment, in the file of recyclable() (which is then gone, unless its renaming
  // fails) or in a new one. Errors: the disk's; then there is no current one.
  Result<void> begin();
  // Goes on in the newest one, of which `used` bytes are taken; quietly not when it is dead or
  // cannot be opened.
  void resume(std::uint64_t used);
  // The current one is written to no more; it stays as it is.
  void close();
  // The current one failed: it is dead.
  void bury();
  // A scan found `used` bytes of records in it.
  void scanned(std::uint32_t number, std::uint64_t used) { all_.at(number).used = used; }
  // A scan found something missing in it, or could not read it at all.
  void condemn(std::uint32_t number, bool unread);
  [[nodiscard]] bool named_dead(std::uint32_t number) const { return all_.at(number).named_dead; }

  [[nodiscard]] std::vector<std::uint32_t> dead() const;
  // What stood in it stands elsewhere: removes the file. One that could not even be read stays on
  // the disk, for another try at the next opening. Errors: the disk's; then it stays dead.
  Result<void> remove_dead(std::uint32_t number);
  Result<void> sync_names();

  // Records in it that the cloud does not have yet.
  void owe(std::uint32_t number);
  void settle(std::uint32_t number);

 private:
  struct Segment {
    std::uint64_t owed = 0;
    std::uint64_t used = 0;  // bytes
    bool dead = false;
    bool named_dead = false;  // its file bears it in its name
    bool unread = false;      // dead, and nobody knows what is in it
  };

  Result<void> reuse(std::uint32_t old, std::uint32_t number);
  Result<void> make(std::uint32_t number);
  void name_dead(std::uint32_t number);
  void forget_reader(std::uint32_t number);

  ports::Disk& disk_;
  Options options_;
  std::map<std::uint32_t, Segment> all_;
  std::uint32_t newest_ = 0;  // highest number ever seen
  bool gap_ = true;           // the next number is skipped, so that no chain is expected

  std::uint32_t current_ = 0;
  std::unique_ptr<ports::File> file_;
  std::uint64_t used_ = 0;

  std::uint32_t reading_ = 0;
  std::unique_ptr<ports::File> reader_;
};

}  // namespace tillrig::store
