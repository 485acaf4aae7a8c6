#include "tests/house/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace tillrig::house {

namespace {

bool word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Where a literal that opens at `at` (with its quote) ends: one past its closing quote.
std::size_t skip_quoted(std::string_view content, std::size_t at) {
  const char quote = content[at++];
  while (at < content.size() && content[at] != quote && content[at] != '\n') {
    at += content[at] == '\\' ? 2 : 1;
  }
  return std::min(at + 1, content.size());
}

// `at` is the quote of R"tag( ... )tag".
std::size_t skip_raw(std::string_view content, std::size_t at) {
  const std::size_t open = content.find('(', at);
  if (open == std::string_view::npos) {
    return content.size();
  }
  const std::string close = fmt::format("){}\"", content.substr(at + 1, open - at - 1));
  const std::size_t end = content.find(close, open);
  return end == std::string_view::npos ? content.size() : end + close.size();
}

std::size_t skip_comment(std::string_view content, std::size_t at) {
  const bool block = content[at + 1] == '*';
  const std::size_t end = content.find(block ? "*/" : "\n", at + 2);
  return end == std::string_view::npos ? content.size() : end + (block ? 2 : 0);
}

std::size_t skip_word(std::string_view content, std::size_t at) {
  const bool number = std::isdigit(static_cast<unsigned char>(content[at])) != 0;
  while (at < content.size() &&
         (word_char(content[at]) || (number && (content[at] == '\'' || content[at] == '.')))) {
    ++at;
  }
  return at;
}

bool is_raw_prefix(std::string_view word) {
  return word == "R" || word == "LR" || word == "uR" || word == "UR" || word == "u8R";
}

}  // namespace

std::string text(const Offence& offence) {
  return fmt::format("{}:{}: found {}; expected {}", offence.path, offence.line, offence.found,
                     offence.expected);
}

std::string text(const std::vector<Offence>& offences) {
  std::string all;
  for (const Offence& offence : offences) {
    all += text(offence) + "\n";
  }
  return all;
}

bool is_word(std::string_view token) {
  return !token.empty() && word_char(token.front());
}

std::vector<Token> read_tokens(std::string_view content) {
  std::vector<Token> tokens;
  int line = 1;
  std::size_t at = 0;
  const auto move_to = [&](std::size_t end) {
    line += static_cast<int>(std::count(content.begin() + static_cast<std::ptrdiff_t>(at),
                                        content.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at = end;
  };
  while (at < content.size()) {
    const char c = content[at];
    const std::string_view two = content.substr(at, 2);
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      move_to(at + 1);
    } else if (two == "//" || two == "/*") {
      move_to(skip_comment(content, at));
    } else if (c == '"' || c == '\'') {
      tokens.push_back({c == '"' ? "\"\"" : "''", line});
      move_to(skip_quoted(content, at));
    } else if (word_char(c)) {
      const std::size_t end = skip_word(content, at);
      const std::string_view word = content.substr(at, end - at);
      const bool raw = is_raw_prefix(word) && end < content.size() && content[end] == '"';
      tokens.push_back({raw ? "\"\"" : word, line});
      move_to(raw ? skip_raw(content, end) : end);
    } else if (two == "::" || two == "->" || two == "&&" || two == "||" || two == "[[") {
      tokens.push_back({two, line});
      move_to(at + 2);
    } else {
      tokens.push_back({content.substr(at, 1), line});
      move_to(at + 1);
    }
  }
  return tokens;
}

std::vector<Include> read_includes(std::string_view content) {
  std::vector<Include> includes;
  int line = 0;
  std::size_t at = 0;
  while (at < content.size()) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    std::string_view rest = content.substr(at, end - at);
    at = end + 1;
    ++line;
    const auto skip_spaces = [&rest] {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    };
    const auto take = [&](std::string_view word) {
      skip_spaces();
      const bool there = rest.substr(0, word.size()) == word;
      rest.remove_prefix(there ? word.size() : 0);
      return there;
    };
    if (!take("#") || !take("include")) {
      continue;
    }
    skip_spaces();
    if (rest.empty() || (rest.front() != '"' && rest.front() != '<')) {
      continue;
    }
    const bool quoted = rest.front() == '"';
    const std::size_t close = rest.find(quoted ? '"' : '>', 1);
    if (close != std::string_view::npos) {
      includes.push_back({rest.substr(1, close - 1), quoted, line});
    }
  }
  return includes;
}

std::string_view room_of(std::string_view path) {
  const std::size_t first = path.find('/');
  const std::size_t second = first == std::string_view::npos ? first : path.find('/', first + 1);
  return second == std::string_view::npos ? std::string_view() : path.substr(0, second);
}

std::vector<Source> read_tree(const std::string& root, const std::vector<std::string>& folders,
                              const std::vector<std::string>& endings) {
  namespace fs = std::filesystem;
  std::vector<Source> sources;
  const auto take = [&](const fs::path& path) {
    const std::string name = path.lexically_relative(root).generic_string();
    const bool wanted = std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) {
      return name.size() >= ending.size() &&
             name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
    });
    if (wanted) {
      std::ifstream file(path, std::ios::binary);
      sources.push_back({name, std::string(std::istreambuf_iterator<char>(file), {})});
    }
  };
  for (const std::string& folder : folders) {
    const fs::path top = fs::path(root) / folder;
    std::error_code gone;
    if (fs::is_regular_file(top, gone)) {
      take(top);
    } else if (fs::is_directory(top, gone)) {
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top)) {
        if (entry.is_regular_file()) {
          take(entry.path());
        }
      }
    }
  }
  std::sort(sources.begin(), sources.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  return sources;
}

}  // namespace tillrig::house
