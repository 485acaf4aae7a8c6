#pragma once

#include "pos/till/cart.hpp"
#include "pos/till/screen.hpp"

#include <string_view>

namespace tillrig::till {

// The sale in hand as it stands on the screen, in that currency.
CartShown shown_of(const Cart& cart, std::string_view currency);

}  // namespace tillrig::till
