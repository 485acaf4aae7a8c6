#pragma once

#include <string_view>

namespace tillrig::oracle {

// Whether words on paper can be this text. Paper breaks lines where it likes, and may write letters
// beyond ASCII otherwise than they are spelt: composed, transliterated, or as "?".
bool printed_as(std::string_view paper, std::string_view text);

}  // namespace tillrig::oracle
