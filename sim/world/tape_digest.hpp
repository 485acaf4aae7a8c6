#pragma once

#include "sim/oracle/tapes.hpp"

#include <cstdint>

namespace tillrig::world {

// Over every entry of every tape, each with all its fields: equal for equal runs, and different
// when anybody could have seen a difference. What a pair of digests is judged by is left out.
std::uint64_t digest_of(const oracle::Tapes& tapes);

}  // namespace tillrig::world
