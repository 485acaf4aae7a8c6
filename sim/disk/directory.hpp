#pragma once

#include "sim/disk/inode.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::disk {

// The names of a volume: as a process sees them, as a power cut would leave them, and the changes
// between the two in order. Folders themselves are durable once made. Paths are relative, '/'
// between names; "" is the volume's own folder.
class Directory {
 public:
  using Names = std::map<std::string, InodePtr, std::less<>>;

  struct Op {
    std::uint64_t seq = 0;
    OpKind kind = OpKind::create;  // create, remove or rename
    std::string path;
    std::string to;  // of a rename
    InodePtr inode;
  };

  [[nodiscard]] InodePtr find(std::string_view path) const;
  [[nodiscard]] bool has_dir(std::string_view dir) const {
    return dir.empty() || dirs_.contains(dir);
  }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const Names& durable_names() const { return durable_; }
  [[nodiscard]] const std::vector<Op>& ops() const { return ops_; }
  // Names directly in the folder, sorted.
  [[nodiscard]] std::vector<std::string> list(std::string_view dir) const;

  void make_dir(std::string_view dir);  // and the folders above it
  InodePtr create(std::uint64_t seq, std::string_view path);
  void remove(std::uint64_t seq, std::string_view path);
  void rename(std::uint64_t seq, std::string_view from, std::string_view to);

  // Changes that name this file, or that touch this folder, become durable.
  void settle(const Inode& file);
  void settle_dir(std::string_view dir);
  // What is durable plus the pending changes that survive becomes all there is.
  void cut(const std::function<bool(const Op&)>& survives);

 private:
  template <class Settles>
  void settle_if(Settles settles);
  static void apply(Names& names, const Op& op);
  void note(Op op);

  Names names_;
  Names durable_;
  std::vector<Op> ops_;
  std::set<std::string, std::less<>> dirs_;
};

// The folder part of a path; "" for a name in the volume's own folder.
std::string_view folder_of(std::string_view path);

}  // namespace tillrig::disk
