#pragma once

#include "tests/house/source.hpp"

#include <string_view>
#include <vector>

namespace tillrig::house {

// One row of the house: a room (a folder two deep) and the rooms whose headers it may include. Its
// own headers are always allowed. "pos/*" stands for every room of pos.
struct Arrow {
  std::string_view room;
  std::vector<std::string_view> may_include;
};

// An outside part: includes that begin with one of these words may stand only in these rooms, and
// in at most so many files of the whole house (0: no limit).
struct Part {
  std::string_view name;
  std::vector<std::string_view> begins;
  std::vector<std::string_view> rooms;  // empty: everywhere
  std::size_t most_files = 0;
};

// The rows of "Arrows" and "Never" in the design.
const std::vector<Arrow>& arrows();
const std::vector<Part>& parts();

// The arrows of one file that the table does not have.
std::vector<Offence> check_arrows(std::string_view path, std::string_view content);

// Namespaces that one file names though it may not include the rooms that they are of: what a
// header in between brings along is not for it.
std::vector<Offence> check_namespaces(std::string_view path, std::string_view content);

// Outside parts in rooms that must not know them.
std::vector<Offence> check_parts(std::string_view path, std::string_view content);

// Outside parts in more files than the house allows.
std::vector<Offence> check_part_limits(const std::vector<Source>& sources);

}  // namespace tillrig::house
