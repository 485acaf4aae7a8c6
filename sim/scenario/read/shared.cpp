#include "sim/scenario/read/shared.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace tillrig::scenario {
namespace {

void set_file(Node& node, int file) {
  node.where.file = file;
  for (Node& each : node.list) set_file(each, file);
  for (Entry& each : node.table) {
    each.where.file = file;
    set_file(each.value, file);
  }
}

// One use: the phases of its file, none if something is wrong with it.
class SharedFile {
 public:
  SharedFile(const std::string& scenario, const Node& phase, Problems& problems)
      : use_(*phase.find("use")), phase_(phase), problems_(problems) {
    const auto folder = std::filesystem::path(scenario).parent_path();
    path_ = (folder / use_.value.text).lexically_normal().string();
    used_by_ = fmt::format("{}:{}", problems.file(), use_.where.line);
  }

  std::vector<Node> read() {
    for (const Entry& entry : phase_.table) {
      if (entry.key == "use") continue;
      problems_.add(entry.where, fmt::format("{} does not go with use", entry.key),
                    "a phase of its own for it, before or after");
    }
    if (use_.value.type != Node::Type::text || use_.value.text.empty()) {
      problems_.add(use_.value.where, fmt::format("use is {}", as_found(use_.value)),
                    "a file such as \"shared/till-opens.toml\"");
      return {};
    }
    Problems own(path_);
    auto root = parse_toml_file(path_, own);
    for (Problem problem : own.all()) {
      problem.used_by = used_by_;
      problems_.take({std::move(problem)});
    }
    if (!root) return {};
    set_file(*root, problems_.another_file(path_, used_by_));
    return phases(std::move(*root));
  }

 private:
  std::vector<Node> phases(Node root) {
    std::vector<Node> found;
    for (Entry& entry : root.table) {
      if (entry.key != "phase" || entry.value.type != Node::Type::list) {
        problems_.add(entry.where, fmt::format("{} in a file of shared phases", entry.key),
                      "[[phase]] tables and nothing else");
        continue;
      }
      for (Node& each : entry.value.list) {
        if (const Entry* again = each.find("use")) {
          problems_.add(again->where, "a shared phase uses a file itself",
                        "the lines themselves: shared files use no others");
        } else {
          found.push_back(std::move(each));
        }
      }
    }
    if (root.table.empty()) problems_.add(root.where, "the file has no phases", "[[phase]] tables");
    return found;
  }

  const Entry& use_;
  const Node& phase_;
  Problems& problems_;
  std::string path_;
  std::string used_by_;
};

}  // namespace

std::vector<PhaseUse> put_in_shared_phases(Node& root, const std::string& file,
                                           Problems& problems) {
  std::vector<PhaseUse> uses;
  for (Entry& entry : root.table) {
    if (entry.key != "phase" || entry.value.type != Node::Type::list) continue;
    std::vector<Node> all;
    for (Node& phase : entry.value.list) {
      if (phase.find("use") == nullptr) {
        all.push_back(std::move(phase));
        continue;
      }
      std::vector<Node> found = SharedFile(file, phase, problems).read();
      const Entry& use = *phase.find("use");
      if (!found.empty()) uses.push_back({use.value.text, use.where});
      for (Node& each : found) all.push_back(std::move(each));
    }
    entry.value.list = std::move(all);
  }
  return uses;
}

}  // namespace tillrig::scenario
