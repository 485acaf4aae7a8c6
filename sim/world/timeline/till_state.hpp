#pragma once

#include "pos/ports/recorder.hpp"
#include "sim/trace/writer.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::world {

// What is known of one till at a moment, folded from its notes: the last value of every fact that
// was shown ("counters.pending"), the prompts that stand, its line and its store.
class TillState {
 public:
  void fold(const ports::Note& note, std::span<const ports::Arg> args);
  // An empty text takes the fact out.
  void set(std::string_view fact, std::string_view value);

  [[nodiscard]] bool empty() const { return facts_.empty(); }
  // By name. Texts point into this state.
  [[nodiscard]] std::vector<trace::Arg> facts(trace::Writer& writer) const;

 private:
  using Value = std::variant<std::int64_t, std::string>;

  void take(std::string_view group, std::span<const ports::Arg> args);
  void shown(std::span<const ports::Arg> args);
  void forget(std::string_view prefix);

  std::map<std::string, Value, std::less<>> facts_;
  std::int64_t sales_ = 0;
  std::string key_;  // room to make one in
};

// The text of an argument; empty when it has none of that name, or a number.
std::string_view text_of(std::span<const ports::Arg> args, std::string_view key);

}  // namespace tillrig::world
