#include "sim/disk/op.hpp"

namespace tillrig::disk {

std::string_view name(OpKind kind) {
  switch (kind) {
    case OpKind::open:
      return "open";
    case OpKind::create:
      return "create";
    case OpKind::read:
      return "read";
    case OpKind::write:
      return "write";
    case OpKind::truncate:
      return "truncate";
    case OpKind::sync:
      return "sync";
    case OpKind::remove:
      return "remove";
    case OpKind::rename:
      return "rename";
    case OpKind::make_dir:
      return "make_dir";
    case OpKind::sync_dir:
      return "sync_dir";
  }
  return "unknown";
}

std::string_view name(Role role) {
  switch (role) {
    case Role::ledger:
      return "ledger";
    case Role::db:
      return "db";
    case Role::other:
      return "other";
  }
  return "unknown";
}

Role role_of(std::string_view path) {
  if (path.starts_with("ledger") || path.find("/ledger") != std::string_view::npos) {
    return Role::ledger;
  }
  if (path.ends_with(".db") || path.ends_with("-wal") || path.ends_with("-journal")) {
    return Role::db;
  }
  return Role::other;
}

}  // namespace tillrig::disk
