#include "tests/house/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>
#include <string>
#include <utility>

namespace tillrig::house {

namespace {

struct Banned {
  std::string_view word;
  std::string_view instead;
};

constexpr std::string_view kClock = "the Clock port (pos/ports/clock.hpp)";
constexpr std::string_view kChance = "the Entropy port (pos/ports/entropy.hpp)";
constexpr std::string_view kFiles = "the Disk port (pos/ports/disk.hpp)";
constexpr std::string_view kNetwork = "the Network port (pos/ports/network.hpp)";
constexpr std::string_view kExecutor = "work posted to the executor that the world gave";
constexpr std::string_view kConfig = "a value handed in with the configuration";
constexpr std::string_view kDeadline = "a deadline as an argument of the operation";

// Wherever the word stands.
constexpr std::array kWords = {
    Banned{"random_device", kChance}, Banned{"getenv", kConfig},
    Banned{"secure_getenv", kConfig}, Banned{"system_clock", kClock},
    Banned{"steady_clock", kClock},   Banned{"high_resolution_clock", kClock},
    Banned{"steady_timer", kClock},   Banned{"system_timer", kClock},
    Banned{"fopen", kFiles},          Banned{"ifstream", kFiles},
    Banned{"ofstream", kFiles},       Banned{"jthread", kExecutor},
    Banned{"this_thread", kExecutor},
};

// Called as a free function: rand(), std::rand(), ::rand(); not clock.time() nor Instant time().
constexpr std::array kCalls = {
    Banned{"rand", kChance}, Banned{"srand", kChance},        Banned{"time", kClock},
    Banned{"clock", kClock}, Banned{"clock_gettime", kClock}, Banned{"gettimeofday", kClock},
    Banned{"sleep", kClock}, Banned{"usleep", kClock},
};

// Only with this in front: std::thread, ::socket.
struct Qualified {
  std::string_view scope;
  Banned name;
};
constexpr std::array kQualified = {
    Qualified{"std", {"thread", kExecutor}}, Qualified{"std", {"async", kExecutor}},
    Qualified{"std", {"fstream", kFiles}},   Qualified{"", {"socket", kNetwork}},
    Qualified{"", {"open", kFiles}},
};

constexpr std::array kIncludes = {
    Banned{"thread", kExecutor},        Banned{"fstream", kFiles},
    Banned{"filesystem", kFiles},       Banned{"random", kChance},
    Banned{"boost/asio/ip/", kNetwork}, Banned{"boost/asio/steady_timer", kClock},
    Banned{"sys/socket.h", kNetwork},   Banned{"fcntl.h", kFiles},
    Banned{"unistd.h", kFiles},         Banned{"boost/asio/system_timer", kClock},
};

bool below(std::string_view path, std::string_view folder) {
  return path.substr(0, folder.size()) == folder && path.substr(folder.size(), 1) == "/";
}

std::string_view at(const std::vector<Token>& tokens, std::size_t i, std::size_t back) {
  return i >= back ? tokens[i - back].text : std::string_view();
}

// The names in front of a `::`, or what stands before a word when there is none.
bool is_free_call(const std::vector<Token>& tokens, std::size_t i) {
  if (i + 1 >= tokens.size() || tokens[i + 1].text != "(") {
    return false;
  }
  const std::string_view before = at(tokens, i, 1);
  if (before == "::") {
    const std::string_view scope = at(tokens, i, 2);
    return scope == "std" || !is_word(scope) || scope == "return";
  }
  if (before == "." || before == "->") {
    return false;
  }
  // `Instant time(` declares; `return time(` calls. A type may also end in > & or *.
  const bool keyword = before == "return" || before == "co_return" || before == "co_await" ||
                       before == "co_yield" || before == "else" || before == "do" ||
                       before == "case" || before == "throw";
  return keyword || !(is_word(before) || before == ">");
}

bool is_qualified(const std::vector<Token>& tokens, std::size_t i, std::string_view scope) {
  if (at(tokens, i, 1) != "::") {
    return false;
  }
  const std::string_view before = at(tokens, i, 2);
  return scope.empty() ? !is_word(before) || before == "return" : before == scope;
}

std::string_view banned_here(const std::vector<Token>& tokens, std::size_t i) {
  const std::string_view word = tokens[i].text;
  for (const Banned& banned : kWords) {
    if (banned.word == word) {
      return banned.instead;
    }
  }
  for (const Banned& banned : kCalls) {
    if (banned.word == word && is_free_call(tokens, i)) {
      return banned.instead;
    }
  }
  for (const Qualified& banned : kQualified) {
    if (banned.name.word == word && is_qualified(tokens, i, banned.scope)) {
      return banned.name.instead;
    }
  }
  return {};
}

std::string_view banned_include(std::string_view path) {
  for (const Banned& banned : kIncludes) {
    const bool prefix = banned.word.find('/') != std::string_view::npos;
    if (path == banned.word || (prefix && path.substr(0, banned.word.size()) == banned.word)) {
      return banned.instead;
    }
  }
  return {};
}

bool is_whole_word(std::string_view line, std::size_t where, std::size_t size) {
  const auto word_char = [&](std::size_t i) {
    return i < line.size() &&
           (std::isalnum(static_cast<unsigned char>(line[i])) != 0 || line[i] == '_');
  };
  return (where == 0 || !word_char(where - 1)) && !word_char(where + size);
}

// "/srv/" is a place of a machine where a path begins; "api/srv/" is not.
bool begins_path(std::string_view line, std::size_t where) {
  if (where == 0) {
    return true;
  }
  const char before = line[where - 1];
  return std::isalnum(static_cast<unsigned char>(before)) == 0 && before != '_' && before != '-' &&
         before != '.' && before != '}' && before != '/';
}

}  // namespace

std::vector<Offence> check_names(std::string_view path, std::string_view content) {
  std::vector<Offence> offences;
  if (!below(path, "pos") && !below(path, "devices")) {
    return offences;
  }
  const bool adapter = below(path, "pos/host") || below(path, "devices/port");
  const std::vector<Token> tokens = read_tokens(content);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string_view instead = adapter ? std::string_view() : banned_here(tokens, i);
    if (tokens[i].text == "awaitable_operators") {
      instead = kDeadline;
    }
    if (!instead.empty()) {
      offences.push_back({std::string(path), tokens[i].line, fmt::format("`{}`", tokens[i].text),
                          std::string(instead)});
    }
  }
  for (const Include& include : read_includes(content)) {
    const std::string_view instead = adapter ? std::string_view() : banned_include(include.path);
    if (!instead.empty()) {
      offences.push_back({std::string(path), include.line,
                          fmt::format("#include <{}>", include.path), std::string(instead)});
    }
  }
  return offences;
}

std::vector<Offence> check_floats(std::string_view path, std::string_view content,
                                  const std::vector<FloatAllowed>& allowed) {
  std::vector<Offence> offences;
  const bool free = std::any_of(allowed.begin(), allowed.end(),
                                [&](const FloatAllowed& one) { return one.path == path; });
  if (free || !below(path, "pos")) {
    return offences;
  }
  for (const Token& token : read_tokens(content)) {
    if (token.text == "double" || token.text == "float") {
      offences.push_back({std::string(path), token.line, fmt::format("`{}`", token.text),
                          "whole numbers of minor units, thousandths or basis points (INV-22), or "
                          "a row with a reason in tests/house/rules_test.cpp"});
    }
  }
  return offences;
}

int line_count(std::string_view content) {
  const auto ends = static_cast<int>(std::count(content.begin(), content.end(), '\n'));
  return ends + (content.empty() || content.back() == '\n' ? 0 : 1);
}

std::vector<Offence> check_length(std::string_view path, std::string_view content) {
  const int lines = line_count(content);
  if (lines <= kMostLines) {
    return {};
  }
  return {
      {std::string(path), kMostLines + 1, fmt::format("{} lines", lines),
       fmt::format("at most {} (60 to 150 is the aim); split it by what it is about", kMostLines)}};
}

std::vector<Offence> check_words(std::string_view path, std::string_view content) {
  // Written in halves, so that this file does not name what it looks for.
  static const std::array<std::string, 2> kNotes = {
      "TO"
      "DO",
      "FIX"
      "ME"};
  static const std::array<std::string, 3> kPlaces = {
      "/wo"
      "rk/",
      "/ro"
      "ot/",
      "/tmp/bu"
      "ild"};
  std::vector<Offence> offences;
  int number = 0;
  for (std::size_t start = 0; start < content.size();) {
    const std::size_t end = std::min(content.find('\n', start), content.size());
    const std::string_view line = content.substr(start, end - start);
    start = end + 1;
    ++number;
    for (const std::string& note : kNotes) {
      const std::size_t where = line.find(note);
      if (where != std::string_view::npos && is_whole_word(line, where, note.size())) {
        offences.push_back(
            {std::string(path), number, note, "the thing done, or an issue about it"});
      }
    }
    for (const std::string& place : kPlaces) {
      const std::size_t where = line.find(place);
      if (where != std::string_view::npos && begins_path(line, where)) {
        offences.push_back({std::string(path), number, fmt::format("the machine path {}", place),
                            "a path from the repository's root, or a temporary folder asked for"});
      }
    }
  }
  return offences;
}

std::vector<Offence> check_classes(const std::vector<Source>& sources) {
  // clang-format leaves nothing but definitions at a line's beginning.
  static const std::regex kMember(
      R"((?:^|\n)[A-Za-z][^\n(]*?\b([A-Z]\w*)::(?:[A-Z]\w*::)*~?\w+\()");
  std::vector<Offence> offences;
  std::map<std::pair<std::string, std::string>, std::string> homes;  // room, class -> path
  for (const Source& source : sources) {
    if (!source.path.ends_with(".cpp")) continue;
    const std::string room(room_of(source.path));
    for (std::sregex_iterator at(source.content.begin(), source.content.end(), kMember), end;
         at != end; ++at) {
      const std::string name = (*at)[1];
      const auto [home, fresh] = homes.try_emplace({room, name}, source.path);
      if (fresh || home->second == source.path) continue;
      offences.push_back({source.path,
                          1 + line_count(std::string_view(source.content)
                                             .substr(0, static_cast<std::size_t>(at->position(1)))),
                          fmt::format("members of {} here and in {}", name, home->second),
                          "a class in one source"});
      home->second = source.path;  // told once a file
    }
  }
  return offences;
}

}  // namespace tillrig::house
