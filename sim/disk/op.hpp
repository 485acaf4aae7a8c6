#pragma once

#include <cstdint>
#include <string_view>

namespace tillrig::disk {

enum class OpKind : std::uint8_t {
  open,    // of a file that is there
  create,  // open of one that is not
  read,
  write,
  truncate,
  sync,
  remove,
  rename,
  make_dir,
  sync_dir,
};

// What a file is to a till, told from its name.
enum class Role : std::uint8_t { ledger, db, other };

// One call on a volume. The path lives as long as the call.
struct Op {
  OpKind kind = OpKind::open;
  Role role = Role::other;
  std::string_view path;
  std::uint64_t offset = 0;  // of a truncate: the new size
  std::uint64_t length = 0;  // bytes
  std::uint64_t grows = 0;   // bytes the file would gain
  bool to_write = false;     // of an open: not only to be read
};

std::string_view name(OpKind kind);
std::string_view name(Role role);

// A name in the path that starts with "ledger": ledger. "*.db" and what SQLite puts beside it
// ("*-wal", "*-journal"): db.
Role role_of(std::string_view path);

// Whether the call can change what the volume holds or will hold after a power cut.
constexpr bool changes(OpKind kind) {
  return kind != OpKind::open && kind != OpKind::read;
}

}  // namespace tillrig::disk
