#include "tests/house/arrows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace tillrig::house {

const std::vector<Arrow>& arrows() {
  // clang-format off
  static const std::vector<Arrow> kArrows = {
      // The stack: base <- ports <- wire, sqlite <- store <- sync, pay, lan <- guard <- till.
      {"pos/base",  {}},
      {"pos/ports", {"pos/base"}},
      {"pos/wire",  {"pos/base", "pos/ports"}},
      {"pos/sqlite", {"pos/base", "pos/ports"}},
      {"pos/store", {"pos/base", "pos/ports", "pos/wire", "pos/sqlite"}},
      {"pos/sync",  {"pos/base", "pos/ports", "pos/wire", "pos/store"}},
      {"pos/pay",   {"pos/base", "pos/ports", "pos/wire", "pos/store", "devices/*"}},
      {"pos/lan",   {"pos/base", "pos/ports", "pos/wire", "pos/store"}},
      {"pos/guard", {"pos/base", "pos/ports", "pos/wire", "pos/store", "pos/sync", "pos/pay", "pos/lan"}},
      {"pos/till",  {"pos/base", "pos/ports", "pos/wire", "pos/store", "pos/sync", "pos/pay", "pos/lan", "pos/guard",
                     "devices/*"}},
      {"pos/oms",   {"pos/base", "pos/ports", "pos/wire", "pos/sqlite"}},
      {"pos/host",  {"pos/base", "pos/ports"}},

      // Peripherals stand on the ground and do not know each other.
      {"devices/role",     {"pos/base"}},  // what all of them are to the till and to the rig
      {"devices/scanner",  {"pos/base", "devices/role"}},
      {"devices/printer",  {"pos/base", "devices/role"}},
      {"devices/terminal", {"pos/base", "devices/role"}},
      {"devices/drawer",   {"pos/base", "devices/role"}},
      {"devices/port",     {"pos/base"}},

      // The rig: kernel, trace, words <- net, disk, peers, oracle <- world <- scenario <- explore <- report <- app.
      {"sim/kernel", {"pos/base", "pos/ports"}},  // implements ports
      {"sim/trace",  {"pos/base"}},
      {"sim/words",  {"pos/base"}},
      {"sim/net",    {"pos/base", "pos/ports", "sim/kernel", "sim/trace", "sim/words"}},  // implements ports
      {"sim/disk",   {"pos/base", "pos/ports", "sim/kernel", "sim/trace", "sim/words"}},  // implements ports
      {"sim/peers",  {"pos/base", "sim/kernel", "sim/trace", "sim/words"}},
      {"sim/oracle", {"pos/base", "sim/words"}},  // an outsider: its own arithmetic, nothing of the stack
      {"sim/world",  {"pos/*", "devices/*", "sim/kernel", "sim/trace", "sim/words", "sim/net", "sim/disk", "sim/peers",
                      "sim/oracle"}},
      {"sim/scenario", {"pos/base", "sim/kernel", "sim/trace", "sim/words", "sim/net", "sim/disk",
                        "sim/peers", "sim/oracle", "sim/world"}},
      {"sim/explore",  {"pos/base", "sim/kernel", "sim/trace", "sim/words", "sim/net", "sim/disk",
                        "sim/peers", "sim/oracle", "sim/world", "sim/scenario"}},
      {"sim/report",   {"pos/base", "sim/kernel", "sim/trace", "sim/words", "sim/net", "sim/disk",
                        "sim/peers", "sim/oracle", "sim/world", "sim/scenario", "sim/explore"}},
      {"sim/hosts",    {"pos/*", "devices/*", "sim/kernel", "sim/trace", "sim/words", "sim/net", "sim/disk",
                        "sim/peers", "sim/oracle", "sim/world"}},
      {"sim/app",      {"pos/*", "devices/*", "sim/*"}},

      // The viewer reads timelines and draws receipts; it never runs the stack.
      {"viewer/model", {"pos/base", "sim/trace", "devices/printer"}},
      {"viewer/plan",  {"pos/base", "sim/trace", "devices/printer", "viewer/model"}},
      {"viewer/paint", {"pos/base", "sim/trace", "devices/printer", "viewer/model", "viewer/plan"}},
      {"viewer/app",   {"pos/base", "sim/trace", "devices/printer", "viewer/model", "viewer/plan", "viewer/paint"}},
  };
  // clang-format on
  return kArrows;
}

const std::vector<Part>& parts() {
  static const std::vector<Part> kParts = {
      {"Dear ImGui", {"imgui", "backends/imgui"}, {"viewer/paint", "viewer/app"}, 0},
      {"Boost.Beast", {"boost/beast"}, {}, 3},  // dominates compile time
      {"toml++", {"toml++/", "toml.hpp", "tomlplusplus"}, {"sim/scenario"}, 0},
      {"SQLite", {"sqlite3"}, {"pos/sqlite", "sim/disk"}, 0},
      {"libsodium", {"sodium"}, {"pos/base", "pos/guard"}, 0},
      {"OpenSSL",
       {"openssl/", "boost/asio/ssl"},
       {"devices/terminal", "devices/port", "pos/host"},
       4},
      {"libserialport", {"libserialport"}, {"devices/port"}, 1},
      {"hidapi", {"hidapi"}, {"devices/port"}, 1},
      {"CLI11", {"CLI/"}, {"sim/app"}, 0},
  };
  return kParts;
}

namespace {

bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool covers(std::string_view pattern, std::string_view room) {
  if (!pattern.empty() && pattern.back() == '*') {
    return begins_with(room, pattern.substr(0, pattern.size() - 1));
  }
  return pattern == room;
}

bool may_include(const Arrow& row, std::string_view room) {
  return room == row.room ||
         std::any_of(row.may_include.begin(), row.may_include.end(),
                     [&](std::string_view pattern) { return covers(pattern, room); });
}

// A room's namespace has the name of its folder; the names of `port` and `app` are anybody's.
std::string_view namespace_of(std::string_view room) {
  const std::string_view folder = room.substr(room.find('/') + 1);
  return folder == "port" || folder == "app" ? std::string_view() : folder;
}

bool ours(std::string_view path) {
  return begins_with(path, "pos/") || begins_with(path, "devices/") || begins_with(path, "sim/") ||
         begins_with(path, "viewer/") || begins_with(path, "tests/") || begins_with(path, "bench/");
}

bool is_of(const Part& part, std::string_view include) {
  return std::any_of(part.begins.begin(), part.begins.end(),
                     [&](std::string_view start) { return begins_with(include, start); });
}

}  // namespace

std::vector<Offence> check_arrows(std::string_view path, std::string_view content) {
  std::vector<Offence> offences;
  const std::string_view room = room_of(path);
  const auto row = std::find_if(arrows().begin(), arrows().end(),
                                [&](const Arrow& arrow) { return arrow.room == room; });
  if (row == arrows().end()) {
    return {{std::string(path), 1, "a file in no room of the house",
             "a folder that the table of arrows in tests/house/arrows.cpp has a row for"}};
  }
  for (const Include& include : read_includes(content)) {
    if (!ours(include.path)) {
      const bool sibling =
          include.quoted && std::none_of(parts().begin(), parts().end(), [&](const Part& part) {
            return is_of(part, include.path);
          });
      if (sibling) {
        offences.push_back({std::string(path), include.line,
                            fmt::format("#include \"{}\"", include.path),
                            "a path from the root, as in \"pos/base/result.hpp\""});
      }
      continue;
    }
    const std::string_view target = room_of(include.path);
    if (!may_include(*row, target)) {
      offences.push_back(
          {std::string(path), include.line, fmt::format("the arrow {} -> {}", room, include.path),
           row->may_include.empty()
               ? fmt::format("{} to include its own headers only", room)
               : fmt::format("{} to include only {}", room, fmt::join(row->may_include, ", "))});
    }
  }
  return offences;
}

std::vector<Offence> check_namespaces(std::string_view path, std::string_view content) {
  std::vector<Offence> offences;
  const std::string_view room = room_of(path);
  const auto row = std::find_if(arrows().begin(), arrows().end(),
                                [&](const Arrow& arrow) { return arrow.room == room; });
  if (row == arrows().end()) return offences;
  const std::vector<Token> tokens = read_tokens(content);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i + 1].text != "::") continue;
    // Of another namespace or class, unless that is the house's own.
    const bool inner = i >= 1 && tokens[i - 1].text == "::";
    if (inner && (i < 2 || tokens[i - 2].text != "tillrig")) continue;
    const auto named = std::find_if(arrows().begin(), arrows().end(), [&](const Arrow& arrow) {
      return namespace_of(arrow.room) == tokens[i].text;
    });
    if (named == arrows().end() || may_include(*row, named->room)) continue;
    offences.push_back({std::string(path), tokens[i].line,
                        fmt::format("{}:: named in {}", tokens[i].text, room),
                        fmt::format("nothing of {}, which it may not include", named->room)});
  }
  return offences;
}

std::vector<Offence> check_parts(std::string_view path, std::string_view content) {
  std::vector<Offence> offences;
  const std::string_view room = room_of(path);
  for (const Include& include : read_includes(content)) {
    for (const Part& part : parts()) {
      const bool allowed = part.rooms.empty() || std::find(part.rooms.begin(), part.rooms.end(),
                                                           room) != part.rooms.end();
      if (is_of(part, include.path) && !allowed) {
        offences.push_back({std::string(path), include.line,
                            fmt::format("{} ({}) in {}", part.name, include.path, room),
                            fmt::format("{} only in {}", part.name, fmt::join(part.rooms, ", "))});
      }
    }
  }
  return offences;
}

std::vector<Offence> check_part_limits(const std::vector<Source>& sources) {
  std::vector<Offence> offences;
  for (const Part& part : parts()) {
    std::size_t files = 0;
    for (const Source& source : sources) {
      const std::vector<Include> includes = read_includes(source.content);
      const auto first =
          std::find_if(includes.begin(), includes.end(),
                       [&](const Include& include) { return is_of(part, include.path); });
      if (part.most_files == 0 || first == includes.end() || ++files <= part.most_files) {
        continue;
      }
      offences.push_back(
          {source.path, first->line,
           fmt::format("{} included by file number {} of the house", part.name, files),
           fmt::format("it in at most {}", part.most_files)});
    }
  }
  return offences;
}

}  // namespace tillrig::house
