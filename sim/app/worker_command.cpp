#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/say.hpp"
#include "sim/explore/worker.hpp"

namespace tillrig::app {

int worker() {
  const auto served = explore::serve_as_worker();
  if (served) return kHeld;
  complain("tillrig worker: " + served.error().what + "\n");
  return kBadInput;
}

}  // namespace tillrig::app
