#pragma once

#include "tests/house/source.hpp"

#include <string_view>
#include <vector>

namespace tillrig::house {

inline constexpr int kMostLines = 600;  // more fails
inline constexpr int kManyLines = 400;  // more is a smell

// A file that may use float or double, and why no money can pass through it.
struct FloatAllowed {
  std::string_view path;
  std::string_view reason;
};

// Clock, chance, threads, files, sockets and environment past the ports: in pos (but pos/host) and
// devices (but devices/port). Everywhere in pos and devices: `||` on awaitables.
std::vector<Offence> check_names(std::string_view path, std::string_view content);

// INV-22: the words float and double in pos, outside the files allowed.
std::vector<Offence> check_floats(std::string_view path, std::string_view content,
                                  const std::vector<FloatAllowed>& allowed);

// Longer than kMostLines.
std::vector<Offence> check_length(std::string_view path, std::string_view content);
int line_count(std::string_view content);

// A class of pos, devices or sim whose members are defined in more than one source of its room.
std::vector<Offence> check_classes(const std::vector<Source>& sources);

// Notes to oneself, and places of one machine, in any text file of the repository.
std::vector<Offence> check_words(std::string_view path, std::string_view content);

}  // namespace tillrig::house
