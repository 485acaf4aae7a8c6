#pragma once

#include <string>

namespace tillrig::world {

// The ids of all prompts that our till can show, as a closed list of words: "critical_error
// no_internet". From its rows; not before main.
const std::string& prompt_words();

}  // namespace tillrig::world
