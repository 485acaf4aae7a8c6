// How a command ends when it is interrupted, when its output is cut, when a process of it dies.
#include "sim/explore/request.hpp"
#include "tests/sim/app/scenarios.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace tillrig::app {
namespace {

TEST_F(Scenarios, AreInterruptedWithinASecondAndLeaveNoHalfReport) {
  folder_.write("shop/years.toml", kLong);
  for (const int number : {SIGINT, SIGTERM}) {
    Program program({"run", folder_ / "shop", "--junit", folder_ / "junit.xml", "--digests",
                     folder_ / "digests", "--trace", folder_ / "traces", "--jobs", "2"});
    // Into the playing: the timeline is being written.
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (!std::filesystem::exists(folder_ / "traces") || folder_.names("traces").empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::sleep_for(10ms);
    }
    const auto asked = std::chrono::steady_clock::now();
    program.signal(number);
    const Ended ended = program.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 1s);
    EXPECT_EQ(ended.code, 130) << ended.out << ended.err;
    EXPECT_TRUE(contains(ended.out, "interrupted: 0 of 1 run finished")) << ended.out;
    EXPECT_EQ(folder_.names("traces"), std::vector<std::string>());
    // What was played stands, whole; the rest is said not to be run.
    const std::string junit = read_file(folder_ / "junit.xml");
    EXPECT_TRUE(contains(junit, "<skipped message=\"not run")) << junit;
    EXPECT_TRUE(junit.ends_with("</testsuites>\n")) << junit;
    EXPECT_EQ(folder_.names(),
              (std::vector<std::string>{"fixtures", "junit.xml", "shop", "traces"}));
  }
}

std::vector<int> children_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  std::vector<int> children;
  for (int child = 0; file >> child;) children.push_back(child);
  return children;
}

// Every process that stands below this one.
std::vector<int> below(int pid) {
  std::vector<int> all;
  for (const int child : children_of(pid)) {
    all.push_back(child);
    for (const int further : below(child)) all.push_back(further);
  }
  return all;
}

TEST_F(Scenarios, OnTheLiveBedLeaveNoProcessAndNoFolderWhenInterrupted) {
  folder_.write("shop/years.toml", kLong);
  std::filesystem::create_directories(folder_ / "tmp");
  Program program({"run", "--bed", "live", folder_ / "shop"}, {{"TMPDIR", folder_ / "tmp"}});
  // The player, the cloud and the till.
  constexpr std::size_t kProcesses = 3;
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  std::vector<int> processes;
  while (processes.size() < kProcesses) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up);
    std::this_thread::sleep_for(10ms);
    processes = below(program.pid());
  }
  EXPECT_FALSE(folder_.names("tmp").empty());
  program.signal(SIGINT);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 130) << ended.out << ended.err;
  for (const int process : processes) EXPECT_NE(::kill(process, 0), 0) << process << " lives on";
  EXPECT_EQ(folder_.names("tmp"), std::vector<std::string>());
}

TEST_F(Scenarios, OnTheLiveBedAreBlockedWithoutATemporaryFolder) {
  folder_.write("shop/sale.toml", kSale);
  const Ended ended =
      run_program({"run", "--bed", "live", folder_ / "shop"}, {{"TMPDIR", folder_ / "nowhere"}});
  EXPECT_EQ(ended.code, 3) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.err, "set TMPDIR")) << ended.err;
}

TEST_F(Scenarios, GoOnWhenAWorkerDiesAndTheRigIsSaidToHaveBroken) {
  folder_.write("shop/a-years.toml", kLong);
  folder_.write("shop/sale.toml", kSale);
  Program program({"run", folder_ / "shop", "-v", "-k", "shop/", "--jobs", "1"});
  // One process plays, and it is at the long one. When the short one has held, only the second
  // playing of the long one is left.
  std::set<int> killed;
  const auto give_up = std::chrono::steady_clock::now() + 30s;
  while (killed.empty() && std::chrono::steady_clock::now() < give_up) {
    for (const int child : children_of(program.pid())) {
      if (::kill(child, SIGKILL) == 0) killed.insert(child);
    }
    std::this_thread::sleep_for(10ms);
  }
  ASSERT_FALSE(killed.empty());
  EXPECT_FALSE(program.read_until("held  shop/sale").empty());
  for (const int child : children_of(program.pid())) ::kill(child, SIGKILL);
  const Ended ended = program.wait();
  EXPECT_EQ(ended.code, 70) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.out, "was ended by signal 9")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "the rig itself broke in 1 run")) << ended.out;
}

TEST_F(Scenarios, WriteAReportToStandardOutputWithoutReplacingIt) {
  folder_.write("shop/sale.toml", kSale);
  const Ended ended =
      run_program({"run", folder_ / "shop/sale.toml", "--junit", "/proc/self/fd/1"});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_TRUE(contains(ended.out, "</testsuites>")) << ended.out;
  EXPECT_TRUE(contains(ended.out, "all held")) << ended.out;

  const std::string err = run_shell(
      folder_, "\"$TILLRIG\" run shop/sale.toml --junit /proc/self/fd/1 >out 2>err; echo $? >>err");
  EXPECT_EQ(err, "0\n");
  EXPECT_TRUE(contains(read_file(folder_ / "out"), "</testsuites>"));
  EXPECT_TRUE(contains(read_file(folder_ / "out"), "all held"));
}

TEST_F(Scenarios, EndWithSeventyWhenTheirOutputIsCut) {
  folder_.write("shop/sale.toml", kSale);
  ASSERT_EQ(run_program({"run", folder_ / "shop/sale.toml", "--trace", folder_ / "traces"}).code,
            0);
  for (const std::string words :
       {"run shop/sale.toml", "trace dump traces/shop-sale-seed-1.tlog", "list faults", "schema"}) {
    const std::string err = run_shell(folder_, "(trap '' XFSZ; ulimit -f 0; \"$TILLRIG\" " + words +
                                                   " 2>&1 >out; echo $?) | cat >err");
    EXPECT_TRUE(contains(err, "standard output could not be written")) << words << ": " << err;
    EXPECT_TRUE(err.ends_with("\n70\n")) << words << ": " << err;
  }
}

TEST_F(Scenarios, EndQuietlyWhenNobodyReadsOn) {
  const std::string err = run_shell(
      folder_,
      "(sleep 0.2; trap '' PIPE; \"$TILLRIG\" schema 2>err; echo $? >>err) | true; sleep 1");
  EXPECT_EQ(err, "0\n");
}

}  // namespace
}  // namespace tillrig::app
