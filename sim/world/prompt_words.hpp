#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// The ids of all prompts that our till can show, as a closed list of words: "critical_error
// no_internet". From its rows; not before main.
const std::string& prompt_words();
// What stands on the buttons of a prompt, in its row's order; none if there is no such prompt.
std::vector<std::string_view> prompt_buttons(std::string_view id);

}  // namespace tillrig::world
