#pragma once

#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario {

// Lets a coroutine run beside the player, counted in stage.background until it ends.
void spawn(Stage& stage, Awaitable<void> work);

}  // namespace tillrig::scenario
