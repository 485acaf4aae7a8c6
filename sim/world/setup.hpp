#pragma once

#include "pos/base/mutant.hpp"
#include "pos/base/time.hpp"
#include "sim/world/shop.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::world {

// What a world is made from: the shop, who stands in it, and how good its lines and disks are.
struct Setup {
  std::string scenario;  // file name, for witnesses
  Shop shop;
  std::vector<std::string> tills = {"till-1"};
  std::uint64_t seed = 1;
  base::Mutants mutants;
  std::string day = "2026-03-02";  // the first business day
  base::Duration day_turns{};      // so long after midnight a day is still the one before
  std::int64_t wall_open_ms = 1772438400000;  // wall clock at time 0: 2026-03-02 08:00:00 UTC
  base::Duration wan_latency = std::chrono::milliseconds(20);  // one way
  std::uint64_t wan_bytes_per_second = 0;                      // 0: unlimited
  base::Duration disk_write = std::chrono::microseconds(20);
  base::Duration disk_sync = std::chrono::milliseconds(1);
  std::uint32_t ledger_bytes = 0;        // that a file of a till's ledger holds; 0: as in a shop
  std::vector<std::string> poison_skus;  // lines with these make the cloud reject the sale
  std::int64_t sold = 0;                 // by each till before the story begins
  std::uint32_t uploads_per_second = 0;  // that the cloud takes; 0: as many as come
};

}  // namespace tillrig::world
