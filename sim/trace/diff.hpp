#pragma once

#include "pos/base/result.hpp"

#include <cstdint>
#include <string>

namespace tillrig::trace {

struct DiffReport {
  bool same = false;                   // every event and every record, by meaning
  std::uint64_t first_difference = 0;  // number of the first event that differs; 0 if none does
  std::string text;                    // several lines for a person
  std::string damage;                  // a sentence if either is not whole; see tools.hpp
};

// Where two runs part: the first event that differs, as both have it, after a few events that they
// share. Chains of chunk hashes are compared first, so runs that part late are cheap. Other seeds,
// builds or scenario texts are mentioned but are no difference by themselves. Errors: those of
// Reader::open_file; corrupt.
base::Result<DiffReport> diff(const std::string& a, const std::string& b);

}  // namespace tillrig::trace
