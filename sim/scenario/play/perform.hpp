#pragma once

#include "sim/scenario/play/stage.hpp"

#include <memory>
#include <vector>

namespace tillrig::scenario {

// Does one line of a `do` list; what the till refuses is kept for the phase's end.
Awaitable<void> perform(std::shared_ptr<Stage> stage, const Action& action);

// Does it now, within a mark. False: it has to wait its turn.
bool perform_at_once(const std::shared_ptr<Stage>& stage, const Action& action);

// Waits until an expectation holds, or its time has passed: then it has failed.
Awaitable<void> await_expected(std::shared_ptr<Stage> stage, const Expected& expected);

// Starts flows, [[at]] and [[when]]; they count themselves in stage->background.
void begin_background(const std::shared_ptr<Stage>& stage);
// Fails for each [[when]] that was never met.
void check_whens(Stage& stage);

// Heals and starts all, waits for quiet, looks at everything.
Awaitable<void> bring_to_rest(std::shared_ptr<Stage> stage);

}  // namespace tillrig::scenario
