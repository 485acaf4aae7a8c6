#include "sim/kernel/executor.hpp"

#include "sim/kernel/sleep.hpp"
#include "sim/kernel/spawn.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace tillrig::kernel {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using base::Awaitable;

TEST(LaneExecutor, IsEqualToAnotherOfTheSameLaneOnly) {
  Kernel kernel;
  const LaneExecutor a = make_executor(kernel, kernel.open_lane("a"));
  const LaneExecutor b = make_executor(kernel, kernel.open_lane("b"));
  EXPECT_EQ(a, make_executor(kernel, a.lane()));
  EXPECT_NE(a, b);
  const asio::any_io_executor erased = a;
  EXPECT_EQ(erased, asio::any_io_executor(make_executor(kernel, a.lane())));
  EXPECT_NE(erased, asio::any_io_executor(b));
  EXPECT_EQ(&asio::query(erased, asio::execution::context), &kernel.context());
  EXPECT_EQ(*erased.target<LaneExecutor>(), a);
}

template <class Executor>
void check_post_dispatch_defer(Kernel& kernel, Lane lane, Lane other, const Executor& executor) {
  std::vector<int> seen;
  kernel.post(lane, [&] {
    asio::post(executor, [&] { seen.push_back(3); });
    asio::defer(executor, [&] { seen.push_back(4); });
    asio::dispatch(executor, [&] { seen.push_back(1); });  // same lane: inline
    seen.push_back(2);
  });
  ASSERT_TRUE(kernel.run());
  kernel.post(other, [&] {
    asio::dispatch(executor, [&] {
      EXPECT_EQ(kernel.running(), lane);
      seen.push_back(6);
    });
    seen.push_back(5);
  });
  ASSERT_TRUE(kernel.run());
  asio::dispatch(executor, [&] { seen.push_back(7); });  // from outside
  EXPECT_EQ(seen.size(), 6U);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3, 4, 5, 6, 7}));
}

TEST(LaneExecutor, PostsLikeAnIoContextAndRunsInlineOnlyInItsOwnLane) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const Lane other = kernel.open_lane("till-2");
  const LaneExecutor executor = make_executor(kernel, lane);
  check_post_dispatch_defer(kernel, lane, other, executor);
  check_post_dispatch_defer(kernel, lane, other, asio::any_io_executor(executor));
}

asio::awaitable<int, LaneExecutor> twice(Kernel& kernel, Lane lane, int n) {
  const asio::use_awaitable_t<LaneExecutor> token;
  const Instant when = kernel.now() + 1s;
  co_await async_sleep_until(kernel, lane, when, token);
  co_return 2 * n;
}

asio::awaitable<void, LaneExecutor> on_lane_executor(Kernel& kernel, Lane lane, int& out) {
  const int four = co_await twice(kernel, lane, 2);
  const int eight = co_await twice(kernel, lane, four);
  out = eight;
}

TEST(LaneExecutor, RunsCoroutinesOfItsOwnKind) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  int out = 0;
  auto work = on_lane_executor(kernel, lane, out);
  asio::co_spawn(make_executor(kernel, lane), std::move(work), asio::detached);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(out, 8);
  EXPECT_EQ(kernel.now(), Instant{} + 2s);
}

Awaitable<void> hop(Kernel& kernel, Lane lane, std::vector<Lane>& seen) {
  const auto executor = co_await asio::this_coro::executor;
  seen.push_back(kernel.running());
  co_await asio::post(executor, asio::use_awaitable);
  seen.push_back(kernel.running());
  const Instant when = kernel.now() + 3s;
  co_await async_sleep_until(kernel, lane, when, asio::use_awaitable);
  seen.push_back(kernel.running());
}

TEST(LaneExecutor, RunsErasedCoroutines) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  const asio::any_io_executor executor = make_executor(kernel, lane);
  std::vector<Lane> seen;
  auto work = hop(kernel, lane, seen);
  asio::co_spawn(executor, std::move(work), asio::detached);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(seen, (std::vector<Lane>{lane, lane, lane}));
  EXPECT_EQ(kernel.now(), Instant{} + 3s);
}

Awaitable<void> throws() {
  throw std::runtime_error("the drawer is stuck");
  co_return;
}

TEST(LaneExecutor, HandsAnExceptionToTheCompletionHandler) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  std::string what;
  auto work = throws();
  asio::co_spawn(make_executor(kernel, lane), std::move(work), [&](std::exception_ptr e) {
    try {
      std::rethrow_exception(e);
    } catch (const std::runtime_error& error) {
      what = error.what();
    }
  });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(what, "the drawer is stuck");
}

// Counts itself, and talks to the kernel as it goes, as a stack object's destructor may.
struct Guest {
  Guest(Kernel& k, Lane l, int& c) : kernel(k), lane(l), count(c) { ++count; }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;
  ~Guest() {
    --count;
    kernel.cancel(kernel.call_at(kernel.now() + 1s, lane, [] {}));
    asio::post(make_executor(kernel, lane), [] {});
    asio::dispatch(asio::any_io_executor(make_executor(kernel, lane)), [] {});
  }
  Kernel& kernel;
  Lane lane;
  int& count;
};

Awaitable<void> nested(Kernel& kernel, Lane lane, int& alive, int depth) {
  Guest guest(kernel, lane, alive);
  if (depth > 0) {
    co_await nested(kernel, lane, alive, depth - 1);
  } else {
    const Instant when = kernel.now() + 10s;
    co_await async_sleep_until(kernel, lane, when, asio::use_awaitable);
  }
  ADD_FAILURE() << "the lane was closed: nobody comes back";
}

TEST(LaneExecutor, ClosingTheLaneUnwindsNestedCoroutinesWithoutResumingThem) {
  Kernel kernel;
  const Lane player = kernel.open_lane("player");
  const Lane lane = kernel.open_lane("till-1");
  int alive = 0;
  for (int i = 0; i < 3; ++i) spawn(kernel, lane, nested(kernel, lane, alive, 4));
  kernel.call_at(kernel.now() + 1s, player, [&] {
    EXPECT_EQ(alive, 15);
    kernel.close_lane(lane);
    EXPECT_EQ(alive, 0);
  });
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(kernel.planned(), 0U);
  EXPECT_EQ(alive, 0);
}

TEST(LaneExecutor, AKernelThatEndsUnwindsItsCoroutines) {
  int alive = 0;
  {
    Kernel kernel;
    const Lane lane = kernel.open_lane("till-1");
    for (int i = 0; i < 3; ++i) spawn(kernel, lane, nested(kernel, lane, alive, 2));
    ASSERT_TRUE(kernel.run(Instant{} + 1s));
    EXPECT_EQ(alive, 9);
  }
  EXPECT_EQ(alive, 0);
}

TEST(LaneExecutor, ASleepOnAnotherLaneThatIsClosedUnwindsTheSleeperAlone) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  int alive = 0;
  spawn(kernel, lane, nested(kernel, lane, alive, 1));
  ASSERT_TRUE(kernel.run(Instant{} + 1s));
  EXPECT_EQ(alive, 2);
  const Lane beside = kernel.open_lane("beside");
  // A second sleep on another, closed, lane: its handler goes at once, the first sleeps on.
  kernel.close_lane(beside);
  spawn(kernel, lane, nested(kernel, beside, alive, 1));
  ASSERT_TRUE(kernel.run(Instant{} + 2s));
  EXPECT_EQ(alive, 2);
}

TEST(LaneExecutor, ACoroutineStartedOnAClosedLaneIsDestroyedUnstarted) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  kernel.close_lane(lane);
  int alive = 0;
  spawn(kernel, lane, nested(kernel, lane, alive, 2));
  auto direct = nested(kernel, lane, alive, 2);
  asio::co_spawn(make_executor(kernel, lane), std::move(direct), asio::detached);
  auto erased = nested(kernel, lane, alive, 2);
  const asio::any_io_executor executor = make_executor(kernel, lane);
  asio::co_spawn(executor, std::move(erased), asio::detached);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(kernel.events(), 0U);
}

TEST(LaneExecutor, ALaneClosedBeforeItsCoroutineStartsDestroysIt) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  int alive = 0;
  auto owned = std::make_shared<int>(0);
  spawn(kernel, lane, nested(kernel, lane, alive, 2));
  asio::post(make_executor(kernel, lane), [owned] {});
  kernel.close_lane(lane);
  EXPECT_EQ(owned.use_count(), 1);
  ASSERT_TRUE(kernel.run());
  EXPECT_EQ(alive, 0);
}

TEST(SpawnDeathTest, AnExceptionThatEscapesIsABrokenPromise) {
  Kernel kernel;
  const Lane lane = kernel.open_lane("till-1");
  spawn(kernel, lane, throws());
  EXPECT_DEATH((void)kernel.run(), "the drawer is stuck");
}

}  // namespace
}  // namespace tillrig::kernel
