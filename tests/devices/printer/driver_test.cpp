#include "devices/printer/driver.hpp"

#include "devices/printer/simulated.hpp"
#include "tests/devices/printer/receipts.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace tillrig::printer {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Instant kNow{5'000'000'000};

template <class Event>
std::vector<Event> only(const std::vector<PrinterEvent>& events) {
  std::vector<Event> out;
  for (const PrinterEvent& event : events) {
    if (const auto* found = std::get_if<Event>(&event)) out.push_back(*found);
  }
  return out;
}

// A driver and a printer on a wire without delay.
struct Desk {
  PrinterDriver driver;
  SimulatedPrinter printer;
  std::vector<PrinterEvent> events;

  void hear(base::ByteView reply) {
    for (PrinterEvent& event : driver.feed(reply)) events.push_back(std::move(event));
  }
  void ask() { hear(printer.feed(driver.ask(), kNow)); }
  void run() {
    for (base::Bytes chunk = driver.next(); !chunk.empty(); chunk = driver.next()) {
      hear(printer.feed(chunk, kNow));
    }
  }
};

TEST(PrinterDriver, AJobIsDoneOnlyWhenThePrinterSaysSo) {
  PrinterDriver driver;
  const JobId id = driver.print("Milk\n");
  EXPECT_FALSE(driver.under_way());
  EXPECT_EQ(driver.next(),
            "Milk\n\x1d(H\x06\0"
            "00"
            "0001"s);
  EXPECT_EQ(driver.next(), "");
  EXPECT_FALSE(driver.idle()) << "written is not printed";
  EXPECT_EQ(driver.under_way(), id);
  EXPECT_TRUE(driver
                  .feed("\x37\x22"
                        "0001")
                  .empty());
  const auto events = driver.feed("\0"s);
  ASSERT_EQ(only<JobDone>(events).size(), 1U);
  EXPECT_EQ(only<JobDone>(events)[0].id, id);
  EXPECT_TRUE(driver.idle());
}

TEST(PrinterDriver, PrintsJobsOneAfterTheOther) {
  Desk desk;
  for (int i = 0; i < 5; ++i) desk.driver.print(sample_job());
  desk.run();
  EXPECT_TRUE(desk.driver.idle());
  EXPECT_EQ(only<JobDone>(desk.events).size(), 5U);
  EXPECT_EQ(desk.printer.paper().size(), 5U);
  EXPECT_EQ(desk.printer.drawer_kicks().size(), 5U);
}

TEST(PrinterDriver, SendsNoJobBeforeTheOneInFrontIsDone) {
  PrinterDriver driver;
  driver.print("a\n");
  driver.print("b\n");
  EXPECT_TRUE(driver.next().starts_with("a\n"));
  EXPECT_EQ(driver.next(), "");
  driver.feed(done_answer(job_id(1)));
  EXPECT_TRUE(driver.next().starts_with("b\n"));
}

TEST(PrinterDriver, NeverSplitsACommandOverTwoChunks) {
  for (std::size_t size = 12; size < 40; ++size) {
    DriverOptions options;
    options.chunk_bytes = size;
    PrinterDriver driver(options);
    driver.print(sample_job());
    base::Bytes all;
    for (base::Bytes chunk = driver.next(); !chunk.empty(); chunk = driver.next()) {
      ASSERT_LE(chunk.size(), size);
      CommandParser parser;
      for (char byte : chunk) parser.take(static_cast<unsigned char>(byte));
      EXPECT_TRUE(parser.between_units());
      all += chunk;
    }
    EXPECT_EQ(all, sample_job() + EscPos().ask_done(job_id(1)).take());
  }
}

TEST(PrinterDriver, StatusRequestsBetweenChunksChangeNoReceipt) {
  Desk desk;
  DriverOptions options;
  options.chunk_bytes = 16;
  desk.driver = PrinterDriver(options);
  desk.driver.print(sample_job());
  for (base::Bytes chunk = desk.driver.next(); !chunk.empty(); chunk = desk.driver.next()) {
    desk.hear(desk.printer.feed(chunk, kNow));
    desk.ask();
  }
  EXPECT_EQ(only<JobDone>(desk.events).size(), 1U);
  EXPECT_EQ(desk.printer.paper().at(0).lines.size(), kSampleLines);
  EXPECT_EQ(desk.printer.unknown_count(), 0U);
  EXPECT_TRUE(only<Noise>(desk.events).empty());
}

TEST(PrinterDriver, ReadsTheStatusBits) {
  struct Row {
    base::Bytes answers;  // to DLE EOT 1, 2, 4
    PrinterStatus status;
  };
  PrinterStatus well;
  well.known = true;
  well.online = true;
  PrinterStatus drawer = well;
  drawer.drawer_open = true;
  PrinterStatus near_end = well;
  near_end.paper_near_end = true;
  PrinterStatus out = well;
  out.online = false;
  out.paper_end = true;
  PrinterStatus cover = well;
  cover.online = false;
  cover.cover_open = true;
  PrinterStatus button = well;
  button.feeding = true;
  PrinterStatus error = well;
  error.online = false;
  error.error = true;
  for (const Row& row :
       {Row{"\x12\x12\x12", well}, Row{"\x16\x12\x12", drawer}, Row{"\x12\x12\x1e", near_end},
        Row{"\x1a\x32\x72", out}, Row{"\x1a\x16\x12", cover}, Row{"\x12\x1a\x12", button},
        Row{"\x1a\x52\x12", error}}) {
    PrinterDriver driver;
    EXPECT_FALSE(driver.status().known);
    EXPECT_EQ(driver.ask(), "\x10\x04\x01\x10\x04\x02\x10\x04\x04");
    const auto events = only<StatusAnswered>(driver.feed(row.answers));
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(events[0].changed);
    EXPECT_EQ(events[0].status, row.status) << base::to_hex(row.answers);
    EXPECT_EQ(driver.status(), row.status);
    driver.ask();
    EXPECT_FALSE(only<StatusAnswered>(driver.feed(row.answers)).at(0).changed);
  }
}

TEST(PrinterDriver, SaysWhatTheCashierHasToDo) {
  Desk desk;
  EXPECT_NE(describe(desk.driver.status()).find("does not answer"), std::string::npos);
  desk.ask();
  EXPECT_EQ(describe(desk.driver.status()), "the receipt printer is ready");
  desk.hear(desk.printer.set_paper_out(true, kNow));
  desk.ask();
  EXPECT_NE(describe(desk.driver.status()).find("new roll"), std::string::npos);
}

TEST(PrinterDriver, HoldsJobsWhileThePrinterIsOfflineAndFinishesThemAfter) {
  Desk desk;
  desk.hear(desk.printer.load_paper(3, kNow));
  desk.driver.print(sample_job());
  desk.driver.print(sample_job());
  desk.run();
  EXPECT_TRUE(only<JobDone>(desk.events).empty());
  desk.ask();
  EXPECT_TRUE(desk.driver.status().paper_end);
  EXPECT_EQ(desk.driver.next(), "");

  desk.hear(desk.printer.set_paper_out(false, kNow));
  EXPECT_EQ(only<JobDone>(desk.events).size(), 1U);
  desk.ask();
  desk.run();
  EXPECT_EQ(only<JobDone>(desk.events).size(), 2U);
  EXPECT_TRUE(desk.driver.idle());
  ASSERT_EQ(desk.printer.paper().size(), 2U);
  EXPECT_EQ(desk.printer.paper()[0].lines.size(), kSampleLines);
  EXPECT_EQ(desk.printer.drawer_kicks().size(), 2U);
}

TEST(PrinterDriver, AReceiptLongerThanTheBufferLosesNothingAtPaperEnd) {
  Desk desk;
  DriverOptions options;
  options.chunk_bytes = 64;
  desk.driver = PrinterDriver(options);
  desk.hear(desk.printer.load_paper(10, kNow));
  desk.driver.print(long_job(1000));
  desk.run();
  EXPECT_EQ(desk.printer.dropped(), 0U);
  EXPECT_FALSE(desk.driver.idle());
  desk.hear(desk.printer.set_paper_out(false, kNow));
  desk.run();
  EXPECT_TRUE(desk.driver.idle());
  EXPECT_EQ(desk.printer.paper().at(0).lines.size(), 1000U);
}

TEST(PrinterDriver, AJobLostToAPowerCutIsGivenBackInDoubtAndTheNextOneStillPrints) {
  Desk desk;
  desk.hear(desk.printer.load_paper(2, kNow));
  const JobId first = desk.driver.print(sample_job());
  desk.driver.print(sample_job());
  desk.run();
  desk.printer.power_cut();
  desk.hear(desk.printer.set_paper_out(false, kNow));
  desk.hear(desk.printer.power_on(kNow));
  desk.printer.tear_off();
  EXPECT_EQ(desk.driver.reset(), first);
  EXPECT_EQ(desk.driver.queued(), 1U);
  desk.run();
  EXPECT_TRUE(desk.driver.idle());
  EXPECT_EQ(only<JobDone>(desk.events).size(), 1U);
  EXPECT_FALSE(desk.printer.paper().at(0).complete);
  EXPECT_TRUE(desk.printer.paper().at(1).complete);
}

TEST(PrinterDriver, AJobThatWasNotBegunIsNotInDoubt) {
  PrinterDriver driver;
  driver.print("Milk\n");
  EXPECT_FALSE(driver.reset());
  EXPECT_EQ(driver.queued(), 1U);
  EXPECT_NE(driver.next(), "");
}

TEST(PrinterDriver, XoffHoldsAndXonReleasesEvenInsideAnAnswer) {
  PrinterDriver driver;
  driver.print("Milk\n");
  driver.feed("\x13");
  EXPECT_EQ(driver.next(), "");
  driver.feed("\x11");
  EXPECT_NE(driver.next(), "");
  const auto events = driver.feed(
      "\x37\x13\x22"
      "00\x11"
      "01\0"s);
  EXPECT_EQ(only<JobDone>(events).size(), 1U);
  EXPECT_TRUE(driver.idle());
}

TEST(PrinterDriver, AnswersSplitAtEveryByteMeanTheSame) {
  const base::Bytes answers = "\x12\x12\x1e"s + done_answer(job_id(1)) + "\x03";
  for (std::size_t split = 0; split <= answers.size(); ++split) {
    PrinterDriver driver;
    driver.print(EscPos().ask_paper().take());
    driver.next();
    driver.ask();
    auto events = driver.feed(base::ByteView(answers).substr(0, split));
    for (auto& event : driver.feed(base::ByteView(answers).substr(split))) events.push_back(event);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_TRUE(only<StatusAnswered>(events).at(0).status.paper_near_end);
    EXPECT_EQ(only<JobDone>(events).at(0).id, job_id(1));
    EXPECT_TRUE(only<PaperAnswered>(events).at(0).near_end);
  }
}

TEST(PrinterDriver, AnotherJobsAnswerFinishesNothing) {
  PrinterDriver driver;
  driver.print("Milk\n");
  driver.next();
  driver.feed(done_answer(job_id(99)));
  EXPECT_FALSE(driver.idle());
}

TEST(PrinterDriver, RequestsThatWereNeverAnsweredDoNotPileUp) {
  PrinterDriver driver;
  for (int i = 0; i < 1000; ++i) driver.ask();
  const auto events = driver.feed("\x1a\x16\x12");
  ASSERT_EQ(only<StatusAnswered>(events).size(), 1U);
  EXPECT_TRUE(driver.status().cover_open);
}

TEST(PrinterDriver, MutatedAnswersNeverFinishAJobThatWasNotWritten) {
  std::uint64_t state = 3;
  const auto next = [&] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state >> 33U);
  };
  const base::Bytes good = "\x12\x12\x12"s + done_answer(job_id(1)) + "\x11\x03";
  PrinterDriver driver;
  driver.print("Milk\n");  // next() is never called
  std::size_t noise = 0;
  for (int round = 0; round < 5000; ++round) {
    base::Bytes bytes = good;
    for (std::size_t flips = next() % 4; flips > 0; --flips) {
      bytes[next() % bytes.size()] = static_cast<char>(static_cast<unsigned char>(next()));
    }
    driver.ask();
    noise += only<Noise>(driver.feed(bytes)).size();
    ASSERT_EQ(driver.queued(), 1U);
  }
  EXPECT_GT(noise, 1000U);
}

}  // namespace
}  // namespace tillrig::printer
