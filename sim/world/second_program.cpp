#include "sim/world/second_program.hpp"

namespace tillrig::world {

Result<void> SecondProgram::launch() {
  TillProcess::Listener listener;
  listener.said = [this](std::string_view line) { heard(line); };
  listener.ended = [this](base::Error why) {
    cut_off();
    gone(std::move(why));
  };
  listener.port_call = [] {};
  process_ = make_(std::move(listener));
  process_->begin();
  return {};
}

Awaitable<Result<void>> SecondProgram::retire() {
  if (running()) {
    cut_off();
    gone({base::Code::closed, "the till has closed"});
  }
  co_return Result<void>{};
}

}  // namespace tillrig::world
