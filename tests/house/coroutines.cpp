#include "tests/house/coroutines.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

namespace tillrig::house {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

bool one_of(std::string_view token, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (token == word) {
      return true;
    }
  }
  return false;
}

// The tokens of a file with their brackets matched.
class Text {
 public:
  explicit Text(std::string_view content) : tokens_(read_tokens(content)) {
    partner_.assign(tokens_.size(), kNone);
    parent_.assign(tokens_.size(), kNone);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const std::string_view token = tokens_[i].text;
      if (one_of(token, {")", "]", "}"}) && !open.empty()) {
        partner_[i] = open.back();
        partner_[open.back()] = i;
        open.pop_back();
      }
      parent_[i] = open.empty() ? kNone : open.back();
      if (one_of(token, {"(", "[", "[[", "{"})) {
        open.push_back(i);
        if (token == "[[") {
          open.push_back(i);
        }
      }
    }
  }

  std::size_t size() const { return tokens_.size(); }
  int line(std::size_t i) const { return tokens_[i].line; }
  std::string_view at(std::size_t i) const {
    return i < tokens_.size() ? tokens_[i].text : std::string_view();
  }
  std::string_view before(std::size_t i) const { return i == 0 ? std::string_view() : at(i - 1); }
  std::size_t partner(std::size_t i) const { return partner_[i]; }
  std::size_t parent(std::size_t i) const { return parent_[i]; }

 private:
  std::vector<Token> tokens_;
  std::vector<std::size_t> partner_;
  std::vector<std::size_t> parent_;
};

// The condition of a statement: the round bracket at `open` belongs to if, for, while, switch.
bool is_condition(const Text& text, std::size_t open) {
  const std::string_view word = text.before(open);
  return one_of(word, {"if", "for", "while", "switch", "catch"}) ||
         (word == "constexpr" && open >= 2 && text.at(open - 2) == "if");
}

// Going back from `i` (not included) inside its bracket: where one of the words stands before the
// statement begins, or kNone.
std::size_t find_back(const Text& text, std::size_t i,
                      std::initializer_list<std::string_view> words) {
  while (i-- > 0) {
    const std::string_view token = text.at(i);
    if (one_of(token, words)) {
      return i;
    }
    if (one_of(token, {";", "{", "}", "(", "["})) {
      return kNone;
    }
    if (one_of(token, {")", "]"}) && text.partner(i) != kNone) {
      i = text.partner(i);
    }
  }
  return kNone;
}

// Whether the brace at `open` begins a value and not a block, class or namespace.
bool is_value(const Text& text, std::size_t open) {
  const std::string_view before = text.before(open);
  if (before.empty() || one_of(before, {")", "]", ";", "}", ":", "else", "do", "try", "const",
                                        "noexcept", "mutable", "override", "final"})) {
    return false;
  }
  if (before == "{") {
    return is_value(text, open - 1);
  }
  if (is_word(before) || one_of(before, {">", "&", "*"})) {
    return find_back(text, open, {"->", "namespace", "struct", "class", "enum", "union"}) == kNone;
  }
  return true;
}

// First token of the statement around `i`.
std::size_t statement_start(const Text& text, std::size_t i) {
  std::size_t j = i;
  while (j > 0) {
    const std::size_t k = j - 1;
    const std::string_view token = text.at(k);
    const bool closes = one_of(token, {")", "]", "}"}) && text.partner(k) != kNone;
    if (token == ";" || token == "else" || token == "do") {
      return j;
    }
    if (token == "{" && !is_value(text, k)) {
      return j;
    }
    if (closes) {
      const std::size_t open = text.partner(k);
      if ((token == "}" && !is_value(text, open)) || (token == ")" && is_condition(text, open))) {
        return j;
      }
      j = open;
    } else {
      j = k;
    }
  }
  return 0;
}

// One past the last token of the statement around `i`: its `;`, or the end of the condition it is.
std::size_t statement_end(const Text& text, std::size_t i) {
  std::size_t j = i + 1;
  while (j < text.size()) {
    const std::string_view token = text.at(j);
    if (token == ";") {
      return j;
    }
    if (one_of(token, {"(", "[", "[[", "{"}) && text.partner(j) != kNone) {
      j = text.partner(j) + 1;
      continue;
    }
    if (token == ")" && text.partner(j) != kNone && is_condition(text, text.partner(j))) {
      return j;
    }
    if (token == "}" && (text.partner(j) == kNone || !is_value(text, text.partner(j)))) {
      return j;
    }
    ++j;
  }
  return j;
}

// A square bracket that begins a lambda, and not an index, an attribute or a structured binding.
bool is_lambda(const Text& text, std::size_t i) {
  if (text.at(i) != "[") {
    return false;
  }
  const std::string_view before = text.before(i);
  if (one_of(before, {"return", "co_return", "co_await", "co_yield"})) {
    return true;
  }
  const std::string_view earlier = i >= 2 ? text.at(i - 2) : std::string_view();
  const bool binding = one_of(before, {"&", "&&"}) && earlier == "auto";
  return !binding && !is_word(before) && !one_of(before, {")", "]", "\"\""});
}

// Where the captures of the lambda begin whose body is the brace at `open`; kNone for other blocks.
std::size_t captures_of(const Text& text, std::size_t open) {
  std::size_t i = open;
  if (const std::size_t arrow = find_back(text, open, {"->"}); arrow != kNone) {
    i = arrow;
  }
  while (i > 0 && one_of(text.before(i), {"mutable", "noexcept", "constexpr"})) {
    --i;
  }
  if (text.before(i) == ")" && text.partner(i - 1) != kNone) {
    i = text.partner(i - 1);
  }
  if (text.before(i) != "]" || text.partner(i - 1) == kNone) {
    return kNone;
  }
  const std::size_t square = text.partner(i - 1);
  return is_lambda(text, square) ? square : kNone;
}

// The captures of the lambda whose coroutine the word at `i` makes; kNone in a plain function.
std::size_t lambda_around(const Text& text, std::size_t i) {
  for (std::size_t open = text.parent(i); open != kNone; open = text.parent(open)) {
    if (text.at(open) != "{") {
      continue;
    }
    if (const std::size_t square = captures_of(text, open); square != kNone) {
      return square;
    }
  }
  return kNone;
}

// Last token of the lambda that begins at `square`: what is in its body stands on its own.
std::size_t lambda_end(const Text& text, std::size_t square) {
  std::size_t i = text.partner(square);
  while (i < text.size() && text.at(i) != "{") {
    i = text.at(i) == "(" && text.partner(i) != kNone ? text.partner(i) + 1 : i + 1;
  }
  return i < text.size() && text.partner(i) != kNone ? text.partner(i) : square;
}

std::string_view hazard(const Text& text, std::size_t i) {
  if (text.at(i) == "{") {
    return "a value in braces";
  }
  if (text.at(i) == "?") {
    return "a ?:";
  }
  return is_lambda(text, i) ? "a lambda" : std::string_view();
}

}  // namespace

std::vector<Offence> check_coroutines(std::string_view path, std::string_view content) {
  std::vector<Offence> offences;
  const Text text(content);
  std::set<std::pair<std::size_t, std::string_view>> told;  // one a statement and kind
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!one_of(text.at(i), {"co_await", "co_return", "co_yield"})) {
      continue;
    }
    const std::size_t square = lambda_around(text, i);
    if (square != kNone && text.partner(square) != square + 1 &&
        told.emplace(square, "captures").second) {
      offences.push_back({std::string(path), text.line(square),
                          "a lambda with captures that is a coroutine",
                          "a function or member that takes what it needs as parameters"});
    }
    if (text.at(i) != "co_await") {
      continue;
    }
    const std::size_t start = statement_start(text, i);
    const std::size_t end = statement_end(text, i);
    for (std::size_t j = start; j < end; ++j) {
      const std::string_view what = hazard(text, j);
      if (!what.empty() && told.emplace(start, what).second) {
        offences.push_back({std::string(path), text.line(i),
                            fmt::format("{} in one statement with co_await", what),
                            "a named local before it (g++ 12 destroys such temporaries twice)"});
      }
      if (is_lambda(text, j)) {
        j = lambda_end(text, j);
      }
    }
  }
  return offences;
}

}  // namespace tillrig::house
