#pragma once

#include "sim/oracle/account/bill.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace tillrig::oracle {

// The cart as a till has it on its screen, a line each: "2 x Milk 2.58".
std::string cart_text(const Bill& bill, int exponent);

// The first line in which two texts differ, of both.
std::pair<std::string, std::string> first_difference(std::string_view a, std::string_view b);

}  // namespace tillrig::oracle
