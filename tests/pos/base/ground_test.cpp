#include "pos/base/assert.hpp"
#include "pos/base/channel.hpp"
#include "pos/base/mutant.hpp"
#include "pos/base/result.hpp"
#include "pos/base/time.hpp"
#include "pos/ports/clock.hpp"
#include "pos/ports/disk.hpp"
#include "pos/ports/entropy.hpp"
#include "pos/ports/network.hpp"
#include "pos/ports/ports.hpp"
#include "pos/ports/recorder.hpp"

#include <gtest/gtest.h>

namespace tillrig::base {
namespace {

TEST(Time, NeverIsAfterEverySum) {
  EXPECT_EQ(Instant::never() + 5s, Instant::never());
  EXPECT_EQ(Instant{INT64_MAX - 1} + 1s, Instant::never());
  EXPECT_EQ(Instant{} + 20ms, (Instant{20'000'000}));
  EXPECT_EQ((Instant{5} - Instant{2}).count(), 3);
}

TEST(Result, SaysWhatWeWereDoing) {
  const Result<int> failed = fail(Code::dns, "the name {} did not resolve", "cloud");
  const Result<int> outer = within("logging in", failed.error());
  EXPECT_EQ(outer.error().code, Code::dns);
  EXPECT_EQ(outer.error().what, "logging in: the name cloud did not resolve");
  EXPECT_EQ(name(Code::dead_file), "dead_file");
}

TEST(Mutants, AreOffUnlessAdded) {
  static const Mutant kRow{"of_this_test", "INV-01", "nowhere", "nothing"};
  Mutants mutants;
  EXPECT_FALSE(kRow.on(mutants));
  mutants.add("of_this_test");
  EXPECT_TRUE(kRow.on(mutants));
  EXPECT_EQ(find_mutant("of_this_test"), &kRow);
  EXPECT_EQ(find_mutant("of_no_test"), nullptr);
}

TEST(AssertDeathTest, PrintsWhyAndTheWorld) {
  const auto broken = [] {
    set_assert_context([](char* text, std::size_t) { text[0] = '7', text[1] = '\0'; });
    TILLRIG_ASSERT(1 > 2, "numbers are in order");
  };
  EXPECT_DEATH(broken(), "broken promise at .*1 > 2: numbers are in order; 7");
}

}  // namespace
}  // namespace tillrig::base
