#include "tests/devices/terminal/desk.hpp"

#include <gtest/gtest.h>

#include <map>

namespace tillrig::terminal {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Where a payment is when the lines go.
enum class When { before_tap, authorising, stored, draining };

constexpr auto names_of(When) {
  return base::named<When>({{When::before_tap, "before_tap"},
                            {When::authorising, "authorising"},
                            {When::stored, "stored"},
                            {When::draining, "draining"}});
}

struct Cell {
  bool till_line = true;  // up
  bool host_line = true;
  When when = When::before_tap;
  int seed = 0;
  bool duplicates = false;  // the reader has the known bug
};

// Each sale has an amount of its own, so that charges are counted by sale and never by a key.
std::map<std::int64_t, int> charges_by_sale(const Desk& desk) {
  std::map<std::int64_t, int> out;
  for (const LocalHost::Booking& booking : desk.device.local_host().standing()) {
    ++out[booking.amount.minor];
  }
  return out;
}

int most_of(const std::map<std::int64_t, int>& charges) {
  int most = 0;
  for (const auto& [sale, count] : charges) most = std::max(most, count);
  return most;
}

// Plays one cell; the most charges that any one sale has in the end.
int play(const Cell& cell) {
  TerminalSetup how = Desk::setup(zvt::Framing::tcp, LostAck::keep);
  how.machine.offline.floor = base::Money{10'000};
  how.machine.drain_duplicates = cell.duplicates;
  Desk desk(how);
  EXPECT_TRUE(desk.until_ready());
  HostLine& host = desk.device.host_line();
  const auto a_moment = milliseconds(37 * cell.seed);

  // A payment is in store already when its stage is to be drained.
  if (cell.when == When::draining) {
    host.set_down(true);
    EXPECT_EQ(desk.pay(desk.charge("early", 1001)).verdict, Verdict::approved);
    host.set_down(false);
    desk.pass(a_moment);
  }
  if (cell.when == When::stored) host.set_down(true);
  const Charge charge = desk.charge("mine", 1002);
  EXPECT_TRUE(desk.driver.pay(charge, desk.now));
  if (cell.when == When::before_tap) {
    desk.pass(std::min<base::Duration>(a_moment, milliseconds(900)));
  } else {
    desk.run([&] { return desk.device.machine().stage() == Stage::authorising; }, minutes(1));
    desk.pass(a_moment);
  }
  if (!cell.host_line) host.set_down(true);
  if (!cell.till_line) {
    desk.disconnect();
    desk.connect_at = desk.now + minutes(2);
  }
  Outcome outcome = desk.answer();
  if (!is_final(outcome.verdict)) outcome = desk.ask(charge);
  EXPECT_TRUE(is_final(outcome.verdict)) << describe(outcome);
  host.set_down(false);
  EXPECT_TRUE(desk.until_ready());
  EXPECT_EQ(desk.pay(desk.charge("next", 1003)).verdict, Verdict::approved);
  desk.pass(minutes(10));
  const auto charges = charges_by_sale(desk);
  EXPECT_EQ(charges.contains(1002), charged(outcome.verdict) == Charged::yes) << describe(outcome);
  EXPECT_EQ(desk.device.machine().due(), 0U);
  return most_of(charges);
}

TEST(TerminalOutages, ChargeASaleAtMostOnceWhicheverLineIsDownAndWhen) {
  int cells = 0;
  for (const auto& when : base::names<When>()) {
    for (const bool till_line : {true, false}) {
      for (const bool host_line : {true, false}) {
        ++cells;
        for (int seed = 0; seed < 20; ++seed) {
          SCOPED_TRACE(
              fmt::format("{}, till {}, host {}, seed {}", when.name, till_line, host_line, seed));
          EXPECT_EQ(play({till_line, host_line, when.value, seed, false}), 1);
        }
      }
    }
  }
  EXPECT_EQ(cells, 16);
}

TEST(TerminalOutages, AReaderThatDuplicatesWhatItDrainsIsSeen) {
  int worst = 0;
  for (int seed = 0; seed < 20; ++seed) {
    worst = std::max(worst, play({true, true, When::draining, seed, true}));
  }
  EXPECT_GT(worst, 1);
}

}  // namespace
}  // namespace tillrig::terminal
