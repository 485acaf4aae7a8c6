// libFuzzer's door, the same for every target.
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tillrig::fuzz::one({reinterpret_cast<const char*>(data), size});
  return 0;
}
