#include "pos/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace tillrig::base {
namespace {
thread_local AssertContext g_context = nullptr;  // what to print, never what to do
}

void set_assert_context(AssertContext context) {
  g_context = context;
}

void assertion_failed(const char* expression, const char* file, int line, std::string_view why) {
  char context[256] = "";
  if (g_context != nullptr) g_context(context, sizeof context);
  std::fprintf(stderr, "tillrig: broken promise at %s:%d: %s: %.*s%s%s\n", file, line, expression,
               static_cast<int>(why.size()), why.data(), *context ? "; " : "", context);
  std::abort();
}

}  // namespace tillrig::base
