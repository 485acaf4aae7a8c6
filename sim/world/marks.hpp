#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// The marks that were met in a run: how often, where, and who wants to know.
class Marks {
 public:
  // Called for every mark with how often it was met on this lane, from 1. A listener may cut the
  // lane's process off: what the process does after that has no effect.
  using Listener =
      std::function<void(std::string_view mark, std::uint64_t count, const std::string& lane)>;

  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  void silence() { listeners_.clear(); }

  void met(std::string_view mark, const std::string& lane);

  [[nodiscard]] std::uint64_t count(std::string_view mark, std::string_view lane) const;
  // Marks that are no row of the table: the rig's own fault.
  [[nodiscard]] const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  using Lanes = std::map<std::string, std::uint64_t, std::less<>>;

  std::map<std::string, Lanes, std::less<>> counts_;
  std::vector<Listener> listeners_;
  std::vector<std::string> unknown_;
};

}  // namespace tillrig::world
