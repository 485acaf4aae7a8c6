#include "devices/scanner/driver.hpp"

#include "devices/scanner/simulated.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tillrig::scanner {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::string_view kEan = "5012345678900";
constexpr std::string_view kUpc = "036000291452";
constexpr std::string_view kEan8 = "95012346";
constexpr base::Instant kStart{1'000'000'000};

std::vector<Frame> every_frame() {
  return {{"", Suffix::cr, false},   {"", Suffix::crlf, false}, {"", Suffix::tab, false},
          {"", Suffix::none, false}, {"F", Suffix::cr, false},  {"]E0", Suffix::crlf, false},
          {"", Suffix::cr, true},    {"F", Suffix::cr, true}};
}

DriverOptions with(const Frame& frame) {
  DriverOptions options;
  options.frame = frame;
  return options;
}

void join(Reading& all, Reading more) {
  all.scans.insert(all.scans.end(), more.scans.begin(), more.scans.end());
  all.rejects.insert(all.rejects.end(), more.rejects.begin(), more.rejects.end());
}

Reading read_all(const Frame& frame, base::ByteView bytes) {
  ScannerDriver driver(with(frame));
  Reading all = driver.feed(bytes, kStart);
  join(all, driver.poll(kStart + 1s));
  return all;
}

Reason only_reject(const Frame& frame, base::ByteView bytes) {
  const Reading got = read_all(frame, bytes);
  EXPECT_TRUE(got.scans.empty());
  EXPECT_EQ(got.rejects.size(), 1U);
  return got.rejects.empty() ? Reason::garbage : got.rejects.front().reason;
}

TEST(ScannerProtocol, FramesACodeAsTheScannerIsSetUp) {
  EXPECT_EQ(encode({"", Suffix::cr, false}, kEan), "5012345678900\r");
  EXPECT_EQ(encode({"F", Suffix::crlf, false}, kEan), "F5012345678900\r\n");
  EXPECT_EQ(encode({"", Suffix::tab, false}, kEan8), "95012346\t");
  EXPECT_EQ(encode({"", Suffix::none, false}, kEan8), "95012346");
  EXPECT_EQ(encode({"]E4", Suffix::cr, true}, kEan8),
            "\x02]E4"
            "95012346\x03");
}

TEST(ScannerDriver, ReadsEveryFramingSplitAtEveryByte) {
  for (const Frame& frame : every_frame()) {
    for (std::string_view code : {kEan, kUpc, kEan8, std::string_view("CARD-77/A")}) {
      const base::Bytes sent = encode(frame, code);
      for (std::size_t split = 0; split <= sent.size(); ++split) {
        ScannerDriver driver(with(frame));
        Reading got = driver.feed(base::ByteView(sent).substr(0, split), kStart);
        join(got, driver.feed(base::ByteView(sent).substr(split), kStart + 10ms));
        join(got, driver.poll(kStart + 1s));
        ASSERT_EQ(got.scans.size(), 1U) << sent << " split at " << split;
        EXPECT_TRUE(got.rejects.empty());
        EXPECT_EQ(got.scans[0].code, code);
        EXPECT_EQ(got.scans[0].symbology, guess(code));
        EXPECT_EQ(got.scans[0].checked, guess(code) != Symbology::other);
        EXPECT_TRUE(got.scans[0].whole_frame);
      }
    }
  }
}

TEST(ScannerDriver, KeepsTwoScansInOneReadApart) {
  for (const Frame& frame : every_frame()) {
    if (!frame.stx_etx && frame.suffix == Suffix::none) continue;
    const Reading got = read_all(frame, encode(frame, kEan) + encode(frame, kUpc));
    ASSERT_EQ(got.scans.size(), 2U);
    EXPECT_EQ(got.scans[0].code, kEan);
    EXPECT_EQ(got.scans[1].code, kUpc);
  }
}

TEST(ScannerDriver, EndsACodeWhoseSuffixNeverCame) {
  ScannerDriver driver(with({"", Suffix::cr, false}));
  EXPECT_EQ(driver.poll_at(), base::Instant::never());
  EXPECT_TRUE(driver.feed(kEan, kStart).scans.empty());
  EXPECT_EQ(driver.poll_at(), kStart + 50ms);
  EXPECT_TRUE(driver.poll(kStart + 49ms).scans.empty());
  const Reading got = driver.poll(kStart + 50ms);
  ASSERT_EQ(got.scans.size(), 1U);
  EXPECT_FALSE(got.scans[0].whole_frame);
  EXPECT_EQ(driver.poll_at(), base::Instant::never());
}

TEST(ScannerDriver, TheNextScanEndsOneWhoseSuffixNeverCame) {
  ScannerDriver driver(with({"", Suffix::cr, false}));
  driver.feed(kEan, kStart);
  const Reading got = driver.feed("036000291452\r", kStart + 300ms);
  ASSERT_EQ(got.scans.size(), 2U);
  EXPECT_EQ(got.scans[0].code, kEan);
  EXPECT_EQ(got.scans[1].code, kUpc);
}

TEST(ScannerDriver, ATruncatedCodeIsNotTakenForAWholeOne) {
  const Frame frame{"", Suffix::cr, false};
  for (std::size_t size = 1; size < kEan.size(); ++size) {
    const std::string_view part = kEan.substr(0, size);
    EXPECT_EQ(only_reject(frame, part), Reason::incomplete) << part;
  }
  EXPECT_TRUE(is_valid(kEan.substr(0, 12))) << "the beginning that is itself a UPC-A is among them";
  EXPECT_EQ(only_reject(frame, kEan8), Reason::incomplete);
  EXPECT_EQ(only_reject({"", Suffix::cr, true}, "\x02"), Reason::incomplete);
}

TEST(ScannerDriver, RejectsWithTheReason) {
  const Frame cr{"", Suffix::cr, false};
  EXPECT_EQ(only_reject(cr, "5012345678901\r"), Reason::bad_check_digit);
  EXPECT_EQ(only_reject(cr, "50123456789005012345678900\r"), Reason::merged);
  EXPECT_EQ(only_reject(cr, "0360002914525012345678900\r"), Reason::merged);
  EXPECT_EQ(only_reject(cr, "950123465012345678900\r"), Reason::merged);
  EXPECT_EQ(only_reject({"F", Suffix::cr, false}, "F5012345678900F036000291452\r"), Reason::merged);
  EXPECT_EQ(only_reject(cr, std::string(65, '7') + "\r"), Reason::too_long);
  EXPECT_EQ(only_reject(cr, "7\r"), Reason::too_short);
  EXPECT_EQ(only_reject(cr, std::string("50123\0"
                                        "45678900\r",
                                        15)),
            Reason::garbage);
  EXPECT_EQ(only_reject(cr,
                        "50123\xff"
                        "45678900\r"),
            Reason::garbage);
  EXPECT_EQ(only_reject(cr,
                        "50123\x7f"
                        "45678900\r"),
            Reason::garbage);
  EXPECT_EQ(only_reject({"F", Suffix::cr, false}, "5012345678900\r"), Reason::no_prefix);
  EXPECT_EQ(only_reject({"", Suffix::cr, true}, "5012345678900"), Reason::garbage);
}

TEST(ScannerDriver, ARejectSaysWhatCameAndWhy) {
  EXPECT_EQ(describe({Reason::garbage, base::Bytes("12\0", 3)}),
            "the scanner sent \"12\\x00\", which is no scan: it holds bytes that no code has; scan "
            "the item again");
}

TEST(ScannerDriver, AnEndlessCodeTakesNoEndlessMemoryAndTheNextOneIsRead) {
  ScannerDriver driver(with({"", Suffix::cr, false}));
  for (int i = 0; i < 100; ++i) driver.feed(std::string(1000, '7'), kStart);
  const Reading got = driver.feed("\r5012345678900\r", kStart);
  ASSERT_EQ(got.rejects.size(), 1U);
  EXPECT_EQ(got.rejects[0].reason, Reason::too_long);
  EXPECT_EQ(got.rejects[0].bytes.size(), 64U);
  ASSERT_EQ(got.scans.size(), 1U);
}

TEST(ScannerDriver, ANewStxEndsAFrameWhoseEtxWasLost) {
  const Reading got = read_all({"", Suffix::cr, true},
                               "\x02"
                               "CARD-1"
                               "\x02"
                               "5012345678900\x03");
  ASSERT_EQ(got.rejects.size(), 1U);
  EXPECT_EQ(got.rejects[0].reason, Reason::incomplete);
  ASSERT_EQ(got.scans.size(), 1U);
  EXPECT_EQ(got.scans[0].code, kEan);
}

TEST(ScannerDriver, ForgetsAHalfReceivedCodeOnReset) {
  ScannerDriver driver(with({"", Suffix::cr, false}));
  driver.feed("50123", kStart);
  driver.reset();
  EXPECT_EQ(driver.poll_at(), base::Instant::never());
  EXPECT_EQ(driver.feed("036000291452\r", kStart).scans.at(0).code, kUpc);
}

TEST(ScannerDriver, MutatedBytesGiveNoScanWithAWrongCheckDigit) {
  std::uint64_t state = 7;
  const auto next = [&] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>(state >> 33U);
  };
  std::size_t scans = 0;
  std::size_t rejects = 0;
  for (const Frame& frame : every_frame()) {
    ScannerDriver driver(with(frame));
    base::Instant now = kStart;
    for (int round = 0; round < 4000; ++round) {
      base::Bytes sent = encode(frame, next() % 2 == 0 ? kEan : kUpc);
      for (std::size_t flips = next() % 3; flips > 0; --flips) {
        sent[next() % sent.size()] = static_cast<char>(static_cast<unsigned char>(next()));
      }
      sent.resize(next() % 8 == 0 ? next() % (sent.size() + 1) : sent.size());
      now = now + std::chrono::milliseconds(next() % 80);
      const Reading got = driver.feed(sent, now);
      for (const Scan& scan : got.scans) {
        EXPECT_EQ(is_valid(scan.code), scan.symbology != Symbology::other) << scan.code;
      }
      scans += got.scans.size();
      rejects += got.rejects.size();
    }
  }
  EXPECT_GT(scans, 4000U);
  EXPECT_GT(rejects, 4000U);
}

TEST(SimulatedScanner, ItsScanReachesTheDriver) {
  for (const Frame& frame : every_frame()) {
    SimulatedScanner scanner(frame);
    const Reading got = read_all(frame, scanner.scan(kEan));
    ASSERT_EQ(got.scans.size(), 1U);
    EXPECT_EQ(got.scans[0].code, kEan);
  }
}

TEST(SimulatedScanner, AFaultIsUsedUpByTheScansItSpoils) {
  const Frame frame{"", Suffix::cr, false};
  SimulatedScanner scanner(frame);
  scanner.arm(ScanFault::duplicate);
  EXPECT_EQ(read_all(frame, scanner.scan(kEan)).scans.size(), 2U);
  EXPECT_EQ(read_all(frame, scanner.scan(kEan)).scans.size(), 1U);
  EXPECT_EQ(scanner.armed(ScanFault::duplicate), 0U);
  EXPECT_EQ(scanner.fired(ScanFault::duplicate), 1U);

  scanner.arm(ScanFault::misread_digit);
  EXPECT_EQ(only_reject(frame, scanner.scan(kEan)), Reason::bad_check_digit);
  scanner.arm(ScanFault::nul_garbage);
  EXPECT_EQ(only_reject(frame, scanner.scan(kEan)), Reason::garbage);
  scanner.arm(ScanFault::drop_suffix);
  const base::Bytes first = scanner.scan(kEan);
  EXPECT_EQ(only_reject(frame, first + scanner.scan(kUpc)), Reason::merged);
  EXPECT_EQ(scanner.scans(), 6U);
}

TEST(SimulatedScanner, AFaultThatHasNothingToSpoilStaysArmed) {
  SimulatedScanner scanner({"", Suffix::none, false});
  scanner.arm(ScanFault::drop_suffix);
  scanner.scan(kEan);
  EXPECT_EQ(scanner.armed(ScanFault::drop_suffix), 1U);
  scanner.disarm(ScanFault::drop_suffix);
  EXPECT_EQ(scanner.armed(ScanFault::drop_suffix), 0U);
  scanner.set_power(false);
  EXPECT_EQ(scanner.scan(kEan), "");
}

}  // namespace
}  // namespace tillrig::scanner
