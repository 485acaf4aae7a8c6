// Real programs at the rig's side that behave badly.
#include "sim/world/process_seat.hpp"
#include "tests/sim/world/real_time.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace tillrig::world {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

base::Awaitable<void> write_to_the_dead(RealTime* real) {
  const std::vector<std::string> argv = {"/bin/true"};
  auto started = LineProcess::start(real->io.get_executor(), argv);
  EXPECT_TRUE(started) << started.error().what;
  if (!started) co_return;
  const std::shared_ptr<LineProcess> process = *started;
  auto line = co_await LineProcess::read_line(process);
  EXPECT_FALSE(line);
  for (int i = 0; i < 3; ++i) process->write_line("{\"id\":1,\"do\":\"state\"}");
}

TEST(Process, WritingToOneThatHasDiedDoesNotEndTheRig) {
  RealTime real;
  EXPECT_TRUE(real.run(write_to_the_dead(&real)));
}

TEST(Process, SaysHowItEnded) {
  Process::Launch launch;
  launch.program = "/bin/sh";
  for (const auto& [script, text] :
       {std::pair("exit 0", ""), std::pair("exit 3", "ended with code 3"),
        std::pair("kill -9 $$", "was ended by signal 9 (Killed)")}) {
    launch.argv = {"sh", "-c", script};
    auto process = Process::start(launch);
    ASSERT_TRUE(process) << process.error().what;
    std::optional<Ended> ended;
    while (!ended) ended = process->ended();
    EXPECT_EQ(ended->orderly() ? "" : ended->text(), text);
    EXPECT_FALSE(process->runs());
  }
}

TEST(Process, StandsThereWithTheEnvironmentAndTheLinesItWasGiven) {
  auto line = socket_pair();
  ASSERT_TRUE(line);
  Process::Launch launch;
  launch.program = "/bin/sh";
  launch.argv = {"sh", "-c", "read word <&3; echo \"$word $TILLRIG_TEST\" >&3"};
  launch.environment = {{"TILLRIG_TEST", "milk"}};
  launch.descriptors = {{line->second.get(), 3}};
  auto process = Process::start(launch);
  ASSERT_TRUE(process);
  line->first.send_line("fresh");
  char said[64] = {};
  ASSERT_EQ(::read(line->first.get(), said, sizeof said), 11);
  EXPECT_STREQ(said, "fresh milk\n");
}

// A program at the till's place that opens, answers, and does not hear that it is to end.
constexpr const char* kDeaf =
    "trap '' TERM; echo '{\"ev\":\"shown\",\"kind\":\"stage\",\"stage\":\"register\"}';"
    "read line; echo '{\"id\":1,\"ok\":{}}'; while :; do sleep 0.05; done";

base::Awaitable<void> close_the_deaf(RealTime* real) {
  ProcessSeat seat(real->ports, "till-1", {"/bin/sh", "-c", kDeaf}, real->recording,
                   {.answer = 5s, .end = 100ms});
  const auto opened = seat.open(1);
  EXPECT_TRUE(opened);
  auto started = co_await seat.start();
  EXPECT_TRUE(started) << started.error().what;
  Order close("close");
  auto asking = seat.ask(std::move(close));
  auto closed = co_await std::move(asking);
  EXPECT_TRUE(closed) << closed.error().what;
  auto retired = co_await seat.retire();
  EXPECT_FALSE(retired);
  if (!retired) {
    EXPECT_EQ(retired.error().what, "till-1: did not end when asked to and was killed");
  }
  EXPECT_FALSE(seat.running());
}

TEST(ProcessSeat, ATillThatDoesNotEndWhenAskedIsKilledAndTold) {
  RealTime real;
  EXPECT_TRUE(real.run(close_the_deaf(&real)));
}

base::Awaitable<void> ask_the_mute(RealTime* real) {
  ProcessSeat seat(real->ports, "till-1",
                   {"/bin/sh", "-c",
                    "echo '{\"ev\":\"shown\",\"kind\":\"stage\",\"stage\":\"register\"}'; read a; "
                    "read b"},
                   real->recording, {.answer = 50ms, .end = 1s});
  const auto opened = seat.open(1);
  EXPECT_TRUE(opened);
  auto started = co_await seat.start();
  EXPECT_TRUE(started);
  Order state("state");
  auto asking = seat.ask(state);
  auto answer = co_await std::move(asking);
  EXPECT_FALSE(answer);
  if (!answer) {
    EXPECT_EQ(answer.error().code, base::Code::in_doubt) << answer.error().what;
  }
  auto again = seat.ask(state);  // it ends upon the second line
  auto last = co_await std::move(again);
  EXPECT_FALSE(last);
  if (!last) {
    EXPECT_EQ(last.error().code, base::Code::closed) << last.error().what;
  }
  EXPECT_FALSE(seat.running());
}

TEST(ProcessSeat, SilenceIsADoubtAndAnEndIsKnown) {
  RealTime real;
  EXPECT_TRUE(real.run(ask_the_mute(&real)));
}

}  // namespace
}  // namespace tillrig::world
