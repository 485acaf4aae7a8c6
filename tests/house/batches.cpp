#include "tests/house/batches.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

namespace tillrig::house {
namespace {

// What is compiled together: a room's sources, or those of one test program.
std::string batch_of(const std::string& path) {
  if (path.starts_with("tests/") || path.starts_with("bench/")) {
    return path.substr(0, path.rfind('/'));
  }
  return std::string(room_of(path));
}

struct Declared {
  std::string scope;  // "tillrig::till"
  std::string name;
  int line = 0;
};

// Reads what a source declares for itself alone: at the level of its namespaces, in an anonymous
// one or static.
class OwnNames {
 public:
  explicit OwnNames(std::string_view content) : tokens_(read_tokens(content)) {}

  std::vector<Declared> read() {
    while (at_ < tokens_.size()) {
      if (here() == "#") {
        skip_directive();
      } else if (here() == "}") {
        leave();
      } else if (here() == "namespace" || (here() == "inline" && next() == "namespace")) {
        enter_namespace();
      } else {
        declaration();
      }
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::string_view here() const {
    return at_ < tokens_.size() ? tokens_[at_].text : std::string_view();
  }
  [[nodiscard]] std::string_view next() const {
    return at_ + 1 < tokens_.size() ? tokens_[at_ + 1].text : std::string_view();
  }

  void skip_directive() {
    const int line = tokens_[at_].line;
    while (at_ < tokens_.size() && tokens_[at_].line == line) ++at_;
  }

  void enter_namespace() {
    std::string name;
    while (at_ < tokens_.size() && here() != "{" && here() != ";") {
      if (is_word(here()) && here() != "namespace" && here() != "inline") name += here();
      if (here() == "::") name += "::";
      if (here() == "=") name.clear();  // an alias: the declaration's end is near
      ++at_;
    }
    if (here() == "{") scopes_.push_back(name);
    ++at_;
  }

  void leave() {
    if (!scopes_.empty()) scopes_.pop_back();
    ++at_;
  }

  // Past a bracket and all in it.
  void skip_brackets() {
    int depth = 0;
    do {
      const std::string_view token = here();
      if (token == "(" || token == "{" || token == "[" || token == "[[") ++depth;
      if (token == "[[") ++depth;
      if (token == ")" || token == "}" || token == "]") --depth;
      ++at_;
    } while (at_ < tokens_.size() && depth > 0);
  }

  // The types of a function's parameters, without their names and defaults.
  std::string read_parameters() {
    const std::size_t first = at_;
    skip_brackets();
    std::string types;
    bool is_default = false;
    for (std::size_t i = first; i < at_; ++i) {
      const std::string_view token = tokens_[i].text;
      if (token == "=") is_default = true;
      if (token == ",") is_default = false;
      if (is_default) continue;
      const std::string_view after = i + 1 < at_ ? tokens_[i + 1].text : std::string_view();
      const bool ends = after == "," || after == ")" || after == "=";
      const bool has_type =
          i > first && (is_word(tokens_[i - 1].text) || tokens_[i - 1].text == "&" ||
                        tokens_[i - 1].text == "*" || tokens_[i - 1].text == ">");
      if (!(is_word(token) && ends && has_type)) types += token;
    }
    return types;
  }

  void declaration() {
    const std::size_t first = at_;
    std::string name;
    int line = 0;
    bool is_type = false;
    bool is_static = false;
    bool settled = false;  // what follows is a value, a base class or a body
    const bool is_using = here() == "using";
    while (at_ < tokens_.size() && here() != ";" && here() != "}") {
      const std::string_view token = here();
      if (token == "static") is_static = true;
      if (token == "struct" || token == "class" || token == "enum" || token == "union") {
        is_type = true;
      } else if (token == "template") {
        ++at_;
        skip_angles();
        continue;
      } else if (token == "=" || (token == ":" && is_type)) {
        settled = true;
      } else if (token == "::" && !settled) {
        name.clear();
      } else if (is_word(token) && token != "final" && !settled) {
        name = token;
        line = tokens_[at_].line;
        if (next() == "<") {
          ++at_;
          skip_angles();
          continue;
        }
      } else if (token == "(" && !settled && !name.empty()) {
        name += read_parameters();
        settled = true;
        continue;
      }
      if (token == "{") {
        skip_brackets();
        if (!is_type && here() != "," && here() != "{") break;  // a body, or a variable's value
        settled = true;
      } else if (token == "(" || token == "[" || token == "[[") {
        skip_brackets();
      } else {
        ++at_;
      }
    }
    if (here() == ";") ++at_;
    if (at_ == first) ++at_;
    if (!name.empty() && !is_using) keep(name, line, is_static);  // the same alias twice is none
  }

  void skip_angles() {
    int depth = 0;
    do {
      if (here() == "<") ++depth;
      if (here() == ">") --depth;
      if (here() == "(" || here() == "{") {
        skip_brackets();
        continue;
      }
      ++at_;
    } while (at_ < tokens_.size() && depth > 0);
  }

  void keep(const std::string& name, int line, bool is_static) {
    bool own = is_static;
    std::string scope;
    for (const std::string& each : scopes_) {
      own = own || each.empty();
      if (!each.empty()) scope += (scope.empty() ? "" : "::") + each;
    }
    // GoogleTest's macros make names of their arguments.
    const bool is_macro = name.starts_with("TEST") || name.starts_with("INSTANTIATE_");
    if (own && !is_macro) found_.push_back({scope, name, line});
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<std::string> scopes_;  // empty: anonymous
  std::vector<Declared> found_;
};

}  // namespace

std::vector<Offence> check_batches(const std::vector<Source>& sources) {
  std::vector<Offence> offences;
  std::map<std::pair<std::string, std::string>, std::string> owners;  // batch, name -> path
  for (const Source& source : sources) {
    if (!source.path.ends_with(".cpp")) continue;
    for (const Declared& declared : OwnNames(source.content).read()) {
      const std::string full = declared.scope + "::" + declared.name;
      const auto [owner, fresh] = owners.try_emplace({batch_of(source.path), full}, source.path);
      if (fresh || owner->second == source.path) continue;
      offences.push_back({source.path, declared.line,
                          fmt::format("{} here and in {}", full, owner->second),
                          "another name, or a namespace of its own named after the file: sources "
                          "of a room are compiled together"});
    }
    if (source.content.find("\n#define ") != std::string::npos &&
        source.content.find("\n#undef ") == std::string::npos) {
      offences.push_back(
          {source.path, 1, "a #define that is not undone", "an #undef at the file's end"});
    }
  }
  return offences;
}

}  // namespace tillrig::house
