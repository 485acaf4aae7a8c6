#include "pos/till/till.hpp"

#include "pos/till/till_parts.hpp"

namespace tillrig::till {

Till::Till(ports::Ports ports, Config config, Screen& screen)
    : parts_(std::make_unique<Parts>(std::move(ports), std::move(config), screen)) {}

Till::~Till() = default;

base::Awaitable<Result<void>> Till::start() {
  return parts_->start();
}

base::Awaitable<Result<Answer>> Till::handle(Command command) {
  return parts_->handle(std::move(command));
}

bool Till::closed() const {
  return parts_->stage() == Stage::closed;
}

}  // namespace tillrig::till
