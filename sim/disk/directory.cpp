#include "sim/disk/directory.hpp"

#include <utility>

namespace tillrig::disk {

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

InodePtr Directory::find(std::string_view path) const {
  const auto at = names_.find(path);
  return at == names_.end() ? nullptr : at->second;
}

std::vector<std::string> Directory::list(std::string_view dir) const {
  std::vector<std::string> found;
  for (const auto& [path, inode] : names_) {
    if (folder_of(path) != dir) continue;
    found.push_back(dir.empty() ? path : path.substr(dir.size() + 1));
  }
  return found;
}

void Directory::make_dir(std::string_view dir) {
  for (; !dir.empty(); dir = folder_of(dir)) dirs_.emplace(dir);
}

void Directory::apply(Names& names, const Op& op) {
  if (op.kind == OpKind::create) {
    names[op.path] = op.inode;
    return;
  }
  const auto at = names.find(op.path);
  if (at != names.end() && at->second == op.inode) names.erase(at);
  if (op.kind == OpKind::rename) names[op.to] = op.inode;
}

void Directory::note(Op op) {
  apply(names_, op);
  ops_.push_back(std::move(op));
}

InodePtr Directory::create(std::uint64_t seq, std::string_view path) {
  auto inode = std::make_shared<Inode>();
  inode->path = path;
  inode->role = role_of(path);
  note({seq, OpKind::create, std::string(path), {}, inode});
  return inode;
}

void Directory::remove(std::uint64_t seq, std::string_view path) {
  note({seq, OpKind::remove, std::string(path), {}, find(path)});
}

void Directory::rename(std::uint64_t seq, std::string_view from, std::string_view to) {
  const InodePtr inode = find(from);
  inode->path = to;
  inode->role = role_of(to);
  note({seq, OpKind::rename, std::string(from), std::string(to), inode});
}

template <class Settles>
void Directory::settle_if(Settles settles) {
  std::erase_if(ops_, [&](const Op& op) {
    if (!settles(op)) return false;
    apply(durable_, op);
    return true;
  });
}

void Directory::settle(const Inode& file) {
  if (ops_.empty()) return;
  settle_if([&](const Op& op) { return op.inode.get() == &file; });
}

void Directory::settle_dir(std::string_view dir) {
  settle_if([&](const Op& op) {
    return folder_of(op.path) == dir || (op.kind == OpKind::rename && folder_of(op.to) == dir);
  });
}

void Directory::cut(const std::function<bool(const Op&)>& survives) {
  for (const Op& op : ops_) {
    if (survives(op)) apply(durable_, op);
  }
  ops_.clear();
  names_ = durable_;
  for (const auto& [path, inode] : names_) {
    inode->path = path;
    inode->role = role_of(path);
  }
}

}  // namespace tillrig::disk
