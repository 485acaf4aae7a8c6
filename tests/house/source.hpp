#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::house {

// A file of the repository: its path from the root with '/', and its bytes.
struct Source {
  std::string path;
  std::string content;
};

// A broken rule of the house, for a person to mend.
struct Offence {
  std::string path;
  int line = 0;  // from 1
  std::string found;
  std::string expected;
};

// "pos/till/cart.cpp:12: found ...; expected ..."
std::string text(const Offence& offence);
std::string text(const std::vector<Offence>& offences);

// One word, number or sign of C++. Comments are gone; a literal is one token `""` or `''`.
struct Token {
  std::string_view text;  // points into the content it was read from
  int line = 0;
};

// Reads the tokens of C++, raw strings included. `::`, `->`, `&&`, `||` and `[[` are one token
// each; every other sign is one character. An include's path is a literal or signs like any other.
std::vector<Token> read_tokens(std::string_view content);

bool is_word(std::string_view token);

// `#include` lines: the path, and whether it stood in quotes.
struct Include {
  std::string_view path;
  bool quoted = false;
  int line = 0;
};
std::vector<Include> read_includes(std::string_view content);

// "pos/till/cart/lines.cpp" -> "pos/till": the first two folders; "" when there are not two.
std::string_view room_of(std::string_view path);

// Every file below the folders (or the files themselves) whose name ends in one of the endings, in
// the order of their paths. Missing folders have no files.
std::vector<Source> read_tree(const std::string& root, const std::vector<std::string>& folders,
                              const std::vector<std::string>& endings);

}  // namespace tillrig::house
