#include "devices/printer/protocol.hpp"

#include "devices/printer/command_parser.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace tillrig::printer {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace)

TEST(EscPos, WritesTheBytesOfTheCommandReference) {
  EXPECT_EQ(EscPos().init().take(), "\x1b@\x1bt\x13"s);
  EXPECT_EQ(EscPos(CodePage::cp437).init().take(), "\x1b@\x1bt\0"s);
  EXPECT_EQ(EscPos().line("Milk").take(), "Milk\n");
  EXPECT_EQ(EscPos().bold(true).bold(false).take(),
            "\x1b"
            "E\x01\x1b"
            "E\0"s);
  EXPECT_EQ(EscPos().double_size(true).double_size(false).take(), "\x1d!\x11\x1d!\0"s);
  EXPECT_EQ(EscPos().align(Align::center).align(Align::right).align(Align::left).take(),
            "\x1b"
            "a\x01\x1b"
            "a\x02\x1b"
            "a\0"s);
  EXPECT_EQ(EscPos().feed(3).take(),
            "\x1b"
            "d\x03"s);
  EXPECT_EQ(EscPos().cut().take(), "\x1dVB\0"s);
  EXPECT_EQ(EscPos().kick_drawer().take(), "\x1bp\0\x32\xfa"s);
  EXPECT_EQ(EscPos().ask_paper().take(), "\x1dr\x01"s);
  EXPECT_EQ(EscPos().ask_done(job_id(1)).take(),
            "\x1d(H\x06\0"
            "00"
            "0001"s);
  EXPECT_EQ(ask_status(4), "\x10\x04\x04"s);
  EXPECT_EQ(done_answer(job_id(35)),
            "\x37\x22"
            "000Z\0"s);
}

TEST(EscPos, HandsItsBytesOutOnce) {
  EscPos page;
  EXPECT_EQ(page.text("a").take(), "a");
  EXPECT_EQ(page.take(), "");
}

TEST(JobId, IsDifferentForSerialsInARow) {
  std::set<JobId> ids;
  for (std::uint32_t serial = 0; serial < 5000; ++serial) ids.insert(job_id(serial));
  EXPECT_EQ(ids.size(), 5000U);
  EXPECT_EQ(job_id(0).view(), "0000");
  EXPECT_EQ(job_id(36).view(), "0010");
  EXPECT_EQ(job_id(1'679'616), job_id(0));
}

TEST(CodePage, TheEuroSignIsOneByteWhereThePageHasIt) {
  EXPECT_EQ(encode_text(CodePage::cp858, "€ 1.29").bytes, "\xd5 1.29");
  EXPECT_EQ(encode_text(CodePage::cp437, "€ 1.29").bytes, "EUR 1.29");
  EXPECT_EQ(encode_text(CodePage::cp437, "€ 1.29").lost, 0U);
}

TEST(CodePage, LettersWithMarksHaveTheirPlaces) {
  EXPECT_EQ(encode_text(CodePage::cp858, "äöüß é Å").bytes, "\x84\x94\x81\xe1 \x82 \x8f");
  EXPECT_EQ(encode_text(CodePage::cp437, "äöüß é Å").bytes, "\x84\x94\x81\xe1 \x82 \x8f");
  EXPECT_EQ(encode_text(CodePage::cp858, "Ø").bytes, "\x9d");
  EXPECT_EQ(encode_text(CodePage::cp858, "“a” – b…").bytes, "\"a\" - b...");
}

TEST(CodePage, EveryByteOfAPageComesBack) {
  for (CodePage page : {CodePage::cp437, CodePage::cp858}) {
    for (unsigned byte = 0x20; byte < 0x100; ++byte) {
      if (byte == 0x7f) continue;
      std::string utf8;
      append_decoded(page, static_cast<unsigned char>(byte), utf8);
      EXPECT_EQ(count_characters(utf8), 1U);
      const Encoded back = encode_text(page, utf8);
      EXPECT_EQ(back.bytes, std::string(1, static_cast<char>(byte))) << name(page) << " " << byte;
      EXPECT_EQ(back.lost, 0U);
    }
  }
}

TEST(CodePage, WhatHasNoPlaceIsAQuestionMarkAndCounted) {
  const Encoded got = encode_text(CodePage::cp858, "日本 😀");
  EXPECT_EQ(got.bytes, "?? ?");
  EXPECT_EQ(got.lost, 3U);
  EXPECT_EQ(encode_text(CodePage::cp858,
                        "a\xff\xc3"
                        "b\xe2\x82")
                .bytes,
            "a??b??");
  EXPECT_EQ(encode_text(CodePage::cp858, "\xed\xa0\x80").bytes, "???");  // half a surrogate pair
  EXPECT_EQ(encode_text(CodePage::cp858, "\xc0\xaf").bytes, "??");       // an overlong '/'
}

TEST(CodePage, ATextCannotBeACommand) {
  EXPECT_EQ(EscPos()
                .text("\x1bp\x01"
                      "Milk\x10\x04\x01")
                .take(),
            "?p?Milk???");
}

std::vector<Unit> parse(base::ByteView bytes) {
  CommandParser parser;
  std::vector<Unit> out;
  for (char byte : bytes) {
    if (auto unit = parser.take(static_cast<unsigned char>(byte))) out.push_back(*unit);
  }
  return out;
}

TEST(CommandParser, FindsTheEndOfEveryCommand) {
  const std::vector<base::Bytes> commands = {"\x1b@"s,
                                             "\x1b!\x08"s,
                                             "\x1b"
                                             "E\x01"s,
                                             "\x1b-\x01"s,
                                             "\x1d!\x11"s,
                                             "\x1d"
                                             "B\x01"s,
                                             "\x1b"
                                             "a\x01"s,
                                             "\x1bM\x01"s,
                                             "\x1bt\x13"s,
                                             "\x1bR\x02"s,
                                             "\x1b{\x01"s,
                                             "\x1b"
                                             "d\x03"s,
                                             "\x1bJ\x20"s,
                                             "\x1b"
                                             "2"s,
                                             "\x1b"
                                             "3\x18"s,
                                             "\x1dL\x10\0"s,
                                             "\x1dW\x80\x01"s,
                                             "\x1dh\x50"s,
                                             "\x1dw\x02"s,
                                             "\x1dH\x02"s,
                                             "\x1d"
                                             "f\0"s,
                                             "\x1dk\x04"
                                             "CODE39\0"s,
                                             "\x1dk\x43\x03"
                                             "12\0"s,
                                             "\x1d(k\x03\0"
                                             "1Q0"s,
                                             "\x1dv0\0\x02\0\x03\0"
                                             "\x0a\x1b\x1d\x10\0\x41"s,
                                             "\x1b*\0\x03\0"
                                             "abc"s,
                                             "\x1b*\x21\x01\0"
                                             "abc"s,
                                             "\x1dV\0"s,
                                             "\x1dV\x30"s,
                                             "\x1dV\x42\x20"s,
                                             "\x1bi"s,
                                             "\x1bm"s,
                                             "\x1bp\0\x19\xfa"s,
                                             "\x1dr\x01"s,
                                             "\x1dI\x42"s,
                                             "\x1d"
                                             "a\xff"s,
                                             "\x1d(H\x06\0"
                                             "00"
                                             "0001"s,
                                             "\x1d"
                                             "8L\x02\0\0\0"
                                             "ab"s,
                                             "\x1b"
                                             "D\x08\x10\0"s,
                                             "\n"s,
                                             "\t"s};
  for (const base::Bytes& command : commands) {
    const std::vector<Unit> units = parse(command + "x");
    ASSERT_EQ(units.size(), 2U) << base::to_hex(command);
    EXPECT_EQ(units[0].kind, Unit::Kind::command) << base::to_hex(command);
    EXPECT_EQ(units[0].bytes, command) << base::to_hex(command);
    EXPECT_EQ(units[1].kind, Unit::Kind::character);
  }
}

TEST(CommandParser, KeepsOnlyTheBeginningOfLongData) {
  const base::Bytes image = "\x1dv0\0\x40\0\x40\0"s + base::Bytes(0x40 * 0x40, '\x1b');
  const std::vector<Unit> units = parse(image + "x");
  ASSERT_EQ(units.size(), 2U);
  EXPECT_EQ(units[0].bytes.size(), CommandParser::kKeep);
}

TEST(CommandParser, NamesWhatIsNoCommandAndGoesOn) {
  const std::vector<Unit> units = parse("\x1b\x01\0a"s);
  ASSERT_EQ(units.size(), 3U);
  EXPECT_EQ(units[0].kind, Unit::Kind::unknown);
  EXPECT_EQ(units[0].bytes, "\x1b\x01");
  EXPECT_EQ(units[1].kind, Unit::Kind::unknown);
  EXPECT_EQ(units[2].bytes, "a");
}

}  // namespace
}  // namespace tillrig::printer
