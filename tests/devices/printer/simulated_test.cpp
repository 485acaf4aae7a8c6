#include "devices/printer/simulated.hpp"

#include "tests/devices/printer/receipts.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tillrig::printer {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Instant kFedAt{5'000'000'000};
constexpr std::string_view kSamplePaper =
    "          Corner Shop\n"
    "Crème fraîche                     1.09 A\n"
    "Milk                              1.29 A\n"
    "TOTAL                            2.38 €\n"
    "\n\n"
    "                                 Thank you\n";

base::Bytes status(SimulatedPrinter& printer) {
  return printer.feed(ask_status(1) + ask_status(2) + ask_status(3) + ask_status(4), kFedAt);
}

TEST(SimulatedPrinter, PutsTheReceiptOnPaperWhereverItsBytesAreSplit) {
  const base::Bytes job = sample_job();
  for (std::size_t split = 0; split <= job.size(); ++split) {
    SimulatedPrinter printer;
    EXPECT_EQ(printer.feed(base::ByteView(job).substr(0, split), kFedAt), "");
    EXPECT_EQ(printer.feed(base::ByteView(job).substr(split), kFedAt + 1s), "");
    ASSERT_EQ(printer.paper().size(), 1U) << split;
    EXPECT_EQ(paper_text(printer.paper()[0]), kSamplePaper) << split;
    EXPECT_TRUE(printer.paper()[0].complete);
    EXPECT_EQ(printer.drawer_kicks().size(), 1U);
    EXPECT_EQ(printer.unknown_count(), 0U);
  }
}

TEST(SimulatedPrinter, KeepsTheStyleOfEveryLine) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.feed(sample_job(), kFedAt), "");
  const std::vector<Line>& lines = printer.paper().at(0).lines;
  ASSERT_EQ(lines.size(), kSampleLines);
  EXPECT_EQ(lines[0].text, "Corner Shop");
  EXPECT_TRUE(lines[0].bold);
  EXPECT_EQ(lines[0].width, 2);
  EXPECT_EQ(lines[0].height, 2);
  EXPECT_EQ(lines[0].align, Align::center);
  EXPECT_FALSE(lines[1].bold);
  EXPECT_EQ(lines[1].width, 1);
  EXPECT_EQ(lines[1].align, Align::left);
  EXPECT_TRUE(lines[3].bold);
  EXPECT_EQ(lines[6].align, Align::right);
}

TEST(SimulatedPrinter, EveryCutEndsAReceipt) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.feed(long_job(2) + long_job(3) + "on its way\n", kFedAt), "");
  ASSERT_EQ(printer.paper().size(), 3U);
  EXPECT_EQ(printer.paper()[0].lines.size(), 2U);
  EXPECT_EQ(printer.paper()[1].lines.size(), 3U);
  EXPECT_FALSE(printer.paper()[2].complete);
}

TEST(SimulatedPrinter, WrapsALineAtTheEndOfThePaper) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.feed(std::string(50, 'x') + "\n", kFedAt), "");
  ASSERT_EQ(printer.paper()[0].lines.size(), 2U);
  EXPECT_EQ(printer.paper()[0].lines[0].text.size(), 42U);
  EXPECT_EQ(printer.paper()[0].lines[1].text.size(), 8U);
}

TEST(SimulatedPrinter, PrintsBytesOfTheCodePageThatIsSet) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.feed("\xd5\n\x1bt\x13\xd5\n", kFedAt), "");
  EXPECT_EQ(printer.paper()[0].lines[0].text, "╒");  // CP437, as after power-up
  EXPECT_EQ(printer.paper()[0].lines[1].text, "€");
}

TEST(SimulatedPrinter, AnswersEveryStatusByItsBits) {
  SimulatedPrinter printer;
  EXPECT_EQ(status(printer), "\x12\x12\x12\x12");
  EXPECT_EQ(printer.load_paper(50, kFedAt), "");
  EXPECT_EQ(status(printer), "\x12\x12\x12\x1e");
  EXPECT_EQ(printer.set_paper_out(true, kFedAt), "");
  EXPECT_EQ(status(printer), "\x1a\x32\x12\x72");
  EXPECT_EQ(printer.set_paper_out(false, kFedAt), "");
  EXPECT_EQ(printer.set_cover_open(true, kFedAt), "");
  EXPECT_EQ(status(printer), "\x1a\x16\x12\x12");
  EXPECT_EQ(printer.set_cover_open(false, kFedAt), "");
  EXPECT_EQ(printer.set_offline(true, kFedAt), "");
  EXPECT_EQ(status(printer), "\x1a\x12\x12\x12");
  EXPECT_EQ(printer.set_offline(false, kFedAt), "");
  EXPECT_EQ(printer.feed(EscPos().kick_drawer().take(), kFedAt), "");
  EXPECT_EQ(status(printer), "\x16\x12\x12\x12");
  printer.close_drawer();
  EXPECT_EQ(status(printer), "\x12\x12\x12\x12");
}

TEST(SimulatedPrinter, AnswersStatusWhileTheBufferIsFullAndSplitAtEveryByte) {
  SimulatedPrinterOptions options;
  options.flow_control = false;
  SimulatedPrinter printer(options);
  EXPECT_EQ(printer.set_paper_out(true, kFedAt), "");
  EXPECT_EQ(printer.feed(std::string(5000, 'x'), kFedAt), "");
  EXPECT_EQ(printer.feed("\x10", kFedAt), "");
  EXPECT_EQ(printer.feed("\x04", kFedAt), "");
  EXPECT_EQ(printer.feed("\x04", kFedAt), "\x72");
}

TEST(SimulatedPrinter, PaperEndStopsMidReceiptAndANewRollFinishesIt) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.load_paper(4, kFedAt), "");
  const base::Bytes job = long_job(10) + EscPos().ask_done(job_id(7)).take();
  EXPECT_EQ(printer.feed(job, kFedAt), "") << "not done while lines are missing";
  EXPECT_TRUE(printer.paper_out());
  ASSERT_EQ(printer.paper()[0].lines.size(), 4U);
  EXPECT_FALSE(printer.paper()[0].complete);

  EXPECT_EQ(printer.set_paper_out(false, kFedAt + 60s), done_answer(job_id(7)));
  ASSERT_EQ(printer.paper().size(), 1U);
  EXPECT_TRUE(printer.paper()[0].complete);
  EXPECT_EQ(printer.paper()[0].printed_at, kFedAt + 60s);
  ASSERT_EQ(printer.paper()[0].lines.size(), 10U);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(printer.paper()[0].lines[static_cast<std::size_t>(i)].text,
              fmt::format("line {:03}", i + 1));
  }
}

TEST(SimulatedPrinter, NoCharacterIsLostWhenThePaperEndsAtAWrap) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.load_paper(1, kFedAt), "");
  EXPECT_EQ(printer.feed(std::string(42, 'x') + "yz\n", kFedAt), "");
  EXPECT_TRUE(printer.paper_out());
  EXPECT_EQ(printer.set_paper_out(false, kFedAt), "");
  EXPECT_EQ(printer.paper()[0].lines[1].text, "yz");
}

TEST(SimulatedPrinter, BytesBeyondTheBufferAreGone) {
  SimulatedPrinterOptions options;
  options.flow_control = false;
  SimulatedPrinter printer(options);
  EXPECT_EQ(printer.set_paper_out(true, kFedAt), "");
  const base::Bytes job = long_job(600) + EscPos().ask_done(job_id(1)).take();
  EXPECT_EQ(printer.feed(job, kFedAt), "");
  EXPECT_EQ(printer.buffered(), 4096U);
  EXPECT_EQ(printer.dropped(), job.size() - 4096U);
  EXPECT_EQ(printer.set_paper_out(false, kFedAt), "") << "the question for the job was dropped";
  EXPECT_EQ(printer.paper()[0].lines.size(), (4096U - 5U) / 9U);
  EXPECT_FALSE(printer.paper()[0].complete);
}

TEST(SimulatedPrinter, SaysXoffBeforeTheBufferIsFullAndXonWhenThereIsRoom) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.set_cover_open(true, kFedAt), "");
  EXPECT_EQ(printer.feed(std::string(4096 - 129, 'x'), kFedAt), "");
  EXPECT_EQ(printer.feed("x", kFedAt), "\x13");
  EXPECT_EQ(printer.feed(std::string(128, 'x'), kFedAt), "");
  EXPECT_EQ(printer.dropped(), 0U);
  EXPECT_EQ(printer.feed("x", kFedAt), "");
  EXPECT_EQ(printer.dropped(), 1U);
  EXPECT_EQ(printer.set_cover_open(false, kFedAt), "\x11");
  EXPECT_EQ(printer.buffered(), 0U);
}

TEST(SimulatedPrinter, CountsWhatCameWhileItWasOffline) {
  SimulatedPrinter printer;
  static_cast<void>(printer.feed("milk\n", kFedAt));
  EXPECT_EQ(printer.set_cover_open(true, kFedAt), "");
  EXPECT_EQ(printer.held_up(), 0U);
  static_cast<void>(printer.feed("bread\n", kFedAt));
  EXPECT_EQ(printer.held_up(), 6U);
  static_cast<void>(printer.feed("\x10\x04\x01", kFedAt));
  EXPECT_EQ(printer.held_up(), 7U) << "it has said that it is offline";
  EXPECT_EQ(printer.set_cover_open(false, kFedAt), "");
  EXPECT_EQ(printer.held_up(), 0U);
}

TEST(SimulatedPrinter, APowerCutLosesTheBufferAndKeepsThePaper) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.load_paper(2, kFedAt), "");
  EXPECT_EQ(printer.feed(long_job(5) + EscPos().ask_done(job_id(1)).take(), kFedAt), "");
  printer.power_cut();
  EXPECT_EQ(printer.set_paper_out(false, kFedAt), "");
  EXPECT_EQ(status(printer), "") << "no power, no answer";
  EXPECT_EQ(printer.power_on(kFedAt), "\x11");
  EXPECT_EQ(printer.buffered(), 0U);
  ASSERT_EQ(printer.paper().size(), 1U);
  EXPECT_EQ(printer.paper()[0].lines.size(), 2U);
  EXPECT_FALSE(printer.paper()[0].complete);
  printer.tear_off();
  EXPECT_EQ(printer.feed(long_job(5), kFedAt), "");
  ASSERT_EQ(printer.paper().size(), 2U);
  EXPECT_TRUE(printer.paper()[1].complete);
}

TEST(SimulatedPrinter, EveryPowerCutLeavesABeginningOfTheReceipt) {
  const base::Bytes job = sample_job() + EscPos().ask_done(job_id(1)).take();
  for (std::size_t cut = 0; cut < job.size(); ++cut) {
    SimulatedPrinter printer;
    EXPECT_EQ(printer.feed(base::ByteView(job).substr(0, cut), kFedAt), "");
    printer.power_cut();
    EXPECT_EQ(printer.power_on(kFedAt), "\x11");
    EXPECT_EQ(printer.feed(base::ByteView(job).substr(cut, 0), kFedAt), "");
    EXPECT_LE(printer.drawer_kicks().size(), 1U);
    if (!printer.paper().empty()) {
      EXPECT_TRUE(kSamplePaper.starts_with(paper_text(printer.paper()[0]))) << cut;
    }
  }
}

TEST(SimulatedPrinter, KicksTheDrawerOnceForEachPulseAndOnlyWhenItGetsThere) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.set_cover_open(true, kFedAt), "");
  EXPECT_EQ(printer.feed(EscPos().kick_drawer().take(), kFedAt), "");
  EXPECT_TRUE(printer.drawer_kicks().empty());
  EXPECT_EQ(printer.set_cover_open(false, kFedAt + 2s), "");
  ASSERT_EQ(printer.drawer_kicks().size(), 1U);
  EXPECT_EQ(printer.drawer_kicks()[0], kFedAt + 2s);
  EXPECT_TRUE(printer.drawer_open());
  EXPECT_EQ(printer.feed("\x10\x14\x01\0\x02"s, kFedAt + 3s), "");  // the real-time pulse
  EXPECT_EQ(printer.drawer_kicks().size(), 2U);
  EXPECT_EQ(printer.feed("\x1bp\x05\x19\xfa"s, kFedAt), "");  // no such pin
  EXPECT_EQ(printer.drawer_kicks().size(), 2U);
  EXPECT_EQ(printer.unknown_count(), 1U);
}

TEST(SimulatedPrinter, ClearsItsBufferWhenAsked) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.set_paper_out(true, kFedAt), "");
  EXPECT_EQ(printer.feed(long_job(3) + "\x10\x05\x02", kFedAt), "");
  EXPECT_EQ(printer.buffered(), 0U);
  EXPECT_EQ(printer.set_paper_out(false, kFedAt), "");
  EXPECT_TRUE(printer.paper().empty());
}

TEST(SimulatedPrinter, ReportsWhatItDoesNotCarryOut) {
  SimulatedPrinter printer;
  EXPECT_EQ(printer.feed("\x1d(k\x03\0"
                         "1Q0ok\x1b\x01\x1dVx\n"s,
                         kFedAt),
            "");
  ASSERT_EQ(printer.unknown().size(), 3U);
  EXPECT_EQ(printer.unknown()[0],
            "\x1d(k\x03\0"
            "1Q0"s);
  EXPECT_EQ(printer.unknown()[1], "\x1b\x01");
  EXPECT_EQ(printer.unknown()[2], "\x1dVx") << "a cut within a line";
  EXPECT_EQ(paper_text(printer.paper()[0]), "ok\n");
}

TEST(SimulatedPrinter, TakesMutatedBytesWithoutHarm) {
  std::uint64_t state = 11;
  const auto next = [&] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state >> 33U);
  };
  const base::Bytes good = sample_job() +
                           "\x1dv0\0\x02\0\x02\0"
                           "abcd"s +
                           ask_status(1) + EscPos().ask_paper().ask_done(job_id(9)).take();
  SimulatedPrinter printer;
  std::size_t answered = 0;
  for (int round = 0; round < 3000; ++round) {
    base::Bytes bytes = good;
    for (std::size_t flips = next() % 6; flips > 0; --flips) {
      bytes[next() % bytes.size()] = static_cast<char>(static_cast<unsigned char>(next()));
    }
    answered += printer.feed(bytes, kFedAt).size();
    if (next() % 50 == 0) answered += printer.load_paper(next() % 40, kFedAt).size();
    if (next() % 20 == 0) answered += printer.set_paper_out(false, kFedAt).size();
    EXPECT_LE(printer.buffered(), 4096U);
    EXPECT_LE(printer.unknown().size(), SimulatedPrinter::kMostUnknown);
  }
  EXPECT_GT(answered, 3000U);
  EXPECT_GT(printer.unknown_count(), 100U);
}

}  // namespace
}  // namespace tillrig::printer
