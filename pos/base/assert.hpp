#pragma once

#include <string_view>

namespace tillrig::base {

// What a failed assertion prints beside itself (seed, virtual time). Set by whoever runs a world on
// this thread; the text must outlive the run. An empty text is "no world".
using AssertContext = void (*)(char* text, std::size_t size);
void set_assert_context(AssertContext context);

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line,
                                   std::string_view why);

}  // namespace tillrig::base

// A broken promise of our own code; on in every build. User input never reaches one.
#define TILLRIG_ASSERT(expression, why)                                        \
  do {                                                                         \
    if (!(expression)) [[unlikely]]                                            \
      ::tillrig::base::assertion_failed(#expression, __FILE__, __LINE__, why); \
  } while (false)
