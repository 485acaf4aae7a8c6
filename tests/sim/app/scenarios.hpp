#pragma once

#include "tests/sim/app/program.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace tillrig::app {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

inline constexpr const char* kSale = R"(title = "A sale"
story = "A customer buys milk."
limit = "30m"

[[phase]]
name = "a customer buys milk"
do = [
  { till = "till-1", act = "scan", item = "milk" },
  { till = "till-1", act = "tender", kind = "cash", amount = "10.00" },
  { till = "till-1", act = "complete" },
]
expect = [ { sale = "last", is = "completed" }, { outbox = "till-1", pending = 0, within = "25s" } ]
)";

// Chance draws its customers, so seeds tell its runs apart.
inline constexpr const char* kTrade = R"(title = "A morning's trade"
story = "Customers come and go."
limit = "2h"

[[flow]]
till = "till-1"
act = "sale"
every = "45s ~20s"
count = 5

[[phase]]
name = "the morning passes"
do = [ { wait = "10m" } ]
)";

inline constexpr const char* kWrong = R"(title = "A wish"
story = "Five sales are expected of a till that made none."
limit = "30m"

[[phase]]
name = "nobody buys anything"
do = [ { wait = "1s" } ]
expect = [ { outbox = "till-1", pending = 5 } ]
)";

// Long enough to be interrupted: tens of thousands of sales.
inline constexpr const char* kLong = R"(title = "Years of trade"
story = "A till sells day and night."
limit = "10000h"

[[flow]]
till = "till-1"
act = "sale"
every = "10s"

[[phase]]
name = "it goes on and on"
do = [ { wait = "9000h" } ]
)";

inline std::string replaced(std::string text, std::string_view old, std::string_view fresh) {
  return text.replace(text.find(old), old.size(), fresh);
}

// A folder with the shop that scenarios are played in.
class Scenarios : public ::testing::Test {
 protected:
  Scenarios() {
    std::filesystem::create_directory_symlink(std::string(TILLRIG_SOURCE_DIR) + "/fixtures",
                                              folder_ / "fixtures");
  }
  TestFolder folder_;
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace tillrig::app
