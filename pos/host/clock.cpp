#include "pos/host/clock.hpp"

#include "pos/base/hash.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <ctime>
#include <fstream>
#include <string>

namespace tillrig::host {
namespace {

using Steady = std::chrono::steady_clock;

// One timer, waited on by one sleeper; ring() cancels the wait. A ring with nobody asleep is kept.
class SystemAlarm final : public ports::Alarm {
 public:
  explicit SystemAlarm(boost::asio::any_io_executor executor)
      : state_(std::make_shared<State>(std::move(executor))) {}
  ~SystemAlarm() override { ring(); }

  base::Awaitable<bool> sleep_until(base::Instant deadline) override {
    return sleep(state_, deadline);
  }

  void ring() override {
    state_->rung = true;
    state_->timer.cancel();
  }

 private:
  struct State {
    explicit State(boost::asio::any_io_executor executor) : timer(std::move(executor)) {}
    boost::asio::steady_timer timer;
    bool rung = false;
  };

  static base::Awaitable<bool> sleep(std::shared_ptr<State> state, base::Instant deadline) {
    if (!state->rung) {
      boost::system::error_code error;
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
      state->timer.expires_at(point_of(deadline));
      co_await state->timer.async_wait(token);
    }
    const bool rung = state->rung;
    state->rung = false;
    co_return rung;
  }

  std::shared_ptr<State> state_;
};

}  // namespace

Steady::time_point point_of(base::Instant when) {
  return when == base::Instant::never() ? Steady::time_point::max()
                                        : Steady::time_point(base::Duration{when.ns});
}

base::Instant SystemClock::now() const {
  return base::Instant{
      std::chrono::duration_cast<base::Duration>(Steady::now().time_since_epoch()).count()};
}

base::WallTime SystemClock::wall() const {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return base::WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

// Linux names each start of the machine; where it does not, all count as one.
ports::Uptime SystemClock::uptime() const {
  static const std::uint64_t boot = [] {
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return base::fnv1a(id);
  }();
  timespec ran{};
  clock_gettime(CLOCK_BOOTTIME, &ran);
  return {boot, std::chrono::seconds(ran.tv_sec) + base::Duration{ran.tv_nsec}};
}

base::Awaitable<void> SystemTimer::sleep_until(base::Instant when) {
  boost::asio::steady_timer timer(executor_);
  boost::system::error_code error;
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
  timer.expires_at(point_of(when));
  co_await timer.async_wait(token);
}

std::unique_ptr<ports::Alarm> make_alarm(boost::asio::any_io_executor executor) {
  return std::make_unique<SystemAlarm>(std::move(executor));
}

}  // namespace tillrig::host
