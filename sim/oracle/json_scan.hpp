#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tillrig::oracle {

// Walks over a JSON text without building anything: the oracle's own reader of wire bodies, fast
// enough to pass over every body of a run. It sees that brackets and quotes are closed; it does not
// refuse everything that JSON refuses. Each call takes one value; the first that is not of its kind
// makes the scan bad, and from then on nothing is taken.
class JsonScan {
 public:
  explicit JsonScan(std::string_view text) : text_(text) {}

  [[nodiscard]] bool good() const { return good_; }
  // The whole text was one good value.
  bool finished();

  // member(key) and element() must take exactly one value.
  template <class Member>
  void object(Member member) {
    if (!open('{')) return;
    if (close('}')) return;
    do {
      const std::string_view key = text();
      if (!expect(':')) return;
      member(key);
    } while (good_ && next());
    if (good_) expect('}');
  }

  template <class Element>
  void array(Element element) {
    if (!open('[')) return;
    if (close(']')) return;
    do {
      element();
    } while (good_ && next());
    if (good_) expect(']');
  }

  std::string_view text();  // between the quotes; escapes are left as they stand
  std::uint64_t count();
  std::int64_t number();
  std::string_view raw();  // the value as it stands
  void skip();

 private:
  void space();
  bool open(char bracket) { return expect(bracket); }
  bool close(char bracket);  // of an empty one
  bool next();               // a comma follows
  bool expect(char c);
  void skip_quoted();

  std::string_view text_;
  std::size_t at_ = 0;
  bool good_ = true;
};

// What a text of text() spells; a lone half of a pair is left out.
std::string unescaped(std::string_view text);

}  // namespace tillrig::oracle
