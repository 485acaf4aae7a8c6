#include "sim/explore/keyword.hpp"

#include <algorithm>

namespace tillrig::explore {
namespace {

constexpr int kDeepest = 64;  // brackets and nots within each other

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const char c : text) {
    if (c == ' ' || c == '\t') {
      end_word();
    } else if (c == '(' || c == ')') {
      end_word();
      words.emplace_back(1, c);
    } else {
      word += c;
    }
  }
  end_word();
  return words;
}

}  // namespace

// Recursive descent: either, both, not or bracket, text.
class Keyword::Reader {
 public:
  Reader(std::string_view expression, std::vector<Term>& terms)
      : words_(words_of(in_lower_case(expression))), terms_(terms) {}

  base::Result<void> whole() {
    if (words_.empty()) return {};
    const auto read = either(0);
    if (!read) return base::Failure(read.error());
    if (at_ < words_.size()) return expected("\"and\" or \"or\"");
    return {};
  }

 private:
  base::Result<std::size_t> either(int depth) { return chain(Kind::either, depth); }

  base::Result<std::size_t> chain(Kind kind, int depth) {
    const auto next = [&] { return kind == Kind::either ? chain(Kind::both, depth) : one(depth); };
    auto left = next();
    while (left && take(kind == Kind::either ? "or" : "and")) {
      const auto right = next();
      if (!right) return right;
      left = add({kind, "", *left, *right});
    }
    return left;
  }

  base::Result<std::size_t> one(int depth) {
    if (depth > kDeepest) return expected("fewer brackets within each other");
    if (take("not")) {
      const auto inner = one(depth + 1);
      if (!inner) return inner;
      return add({Kind::none, "", *inner, 0});
    }
    if (take("(")) {
      const auto inner = either(depth + 1);
      if (inner && !take(")")) return expected("\")\"");
      return inner;
    }
    std::string text;
    while (at_ < words_.size() && !is_sign(words_[at_])) {
      text += (text.empty() ? "" : " ") + words_[at_++];
    }
    if (text.empty()) return expected("a text to look for");
    return add({Kind::text, text, 0, 0});
  }

  static bool is_sign(const std::string& word) {
    return word == "and" || word == "or" || word == "not" || word == "(" || word == ")";
  }

  bool take(std::string_view sign) {
    if (at_ == words_.size() || words_[at_] != sign) return false;
    ++at_;
    return true;
  }

  std::size_t add(Term term) {
    terms_.push_back(std::move(term));
    return terms_.size() - 1;
  }

  [[nodiscard]] base::Failure expected(std::string_view what) const {
    return base::fail(base::Code::bad_input,
                      "-k: expected {}, found {}; as in -k 'outage and not (refund or slow)'", what,
                      at_ < words_.size() ? "\"" + words_[at_] + "\"" : "the end");
  }

  std::vector<std::string> words_;
  std::size_t at_ = 0;
  std::vector<Term>& terms_;
};

base::Result<Keyword> Keyword::read(std::string_view expression) {
  Keyword keyword;
  Reader reader(expression, keyword.terms_);
  if (const auto read = reader.whole(); !read) return base::Failure(read.error());
  return keyword;
}

bool Keyword::met_by(const std::vector<std::string_view>& texts) const {
  if (terms_.empty()) return true;
  std::vector<std::string> lower;
  for (const std::string_view text : texts) lower.push_back(in_lower_case(text));
  return met(terms_.size() - 1, lower);
}

bool Keyword::met(std::size_t term, const std::vector<std::string>& texts) const {
  const Term& here = terms_[term];
  switch (here.kind) {
    case Kind::both:
      return met(here.left, texts) && met(here.right, texts);
    case Kind::either:
      return met(here.left, texts) || met(here.right, texts);
    case Kind::none:
      return !met(here.left, texts);
    case Kind::text:
      break;
  }
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return text.find(here.text) != std::string::npos;
  });
}

}  // namespace tillrig::explore
