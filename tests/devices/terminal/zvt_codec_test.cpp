#include "devices/terminal/zvt/bcd.hpp"
#include "devices/terminal/zvt/bookmark.hpp"
#include "devices/terminal/zvt/codes.hpp"
#include "devices/terminal/zvt/message.hpp"
#include "devices/terminal/zvt/serial_link.hpp"
#include "devices/terminal/zvt/tcp_link.hpp"

#include <gtest/gtest.h>

namespace tillrig::terminal::zvt {
namespace {

using base::Instant;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart{1'000'000'000};

std::string framed(const Message& message) {
  return base::to_hex(frame(encode(write(message))));
}

Message message(Command command) {
  Message out;
  out.command = command;
  return out;
}

// Frames whose CRC another implementation has computed.
TEST(ZvtFrames, AreTheStandards) {
  EXPECT_EQ(framed(message(kAck)), "10028000001003f51f");
  EXPECT_EQ(framed(message(kCompletion)), "1002060f001003c633");

  Message pay = message(kAuthorisation);
  pay.body.amount = 1010;
  EXPECT_EQ(framed(pay), "10020601070400000000101010101003f304") << "each 10 in it stands twice";

  Message repeat = message(kRepeatReceipt);
  repeat.password = "000000";
  repeat.body.service = kWithStatusInfo | kDoNotPrint;
  EXPECT_EQ(framed(repeat),
            "10020620050000000303"
            "1003db15");

  Message state = message(kStatusEnquiry);
  state.password = "000000";
  EXPECT_EQ(framed(state), "10020501030000001003dfdb");

  Message insert = message(kIntermediate);
  insert.code = code_of(Step::waiting_for_card);
  EXPECT_EQ(framed(insert), "100204ff010a1003f57d");
}

TEST(ZvtMessages, ComeBackAsTheyWereWritten) {
  std::vector<Message> all;
  Message registration = message(kRegistration);
  registration.password = "123456";
  registration.config = 0xbe;
  registration.currency = 978;
  registration.body.service = 1;
  registration.body.message_id = 0;
  all.push_back(registration);
  registration.currency.reset();
  all.push_back(registration);

  Message pay = message(kAuthorisation);
  pay.body.amount = 999'999'999'999;
  pay.body.currency = 978;
  pay.body.receipt_sync = ReceiptSync{41};
  pay.body.message_id = 999'999;
  all.push_back(pay);
  pay.body.receipt_sync = ReceiptSync{};
  all.push_back(pay);

  Message info = message(kStatusInfo);
  CardSlip slip;
  slip.terminal_id = "52500006";
  slip.receipt_number = 9999;
  slip.trace = 120;
  slip.sequence = 1;
  slip.masked_pan = "************4711";
  slip.card_name = "girocard";
  slip.authorisation_code = "012345";
  slip.time = "2026-03-02T10:15:00";
  slip.amount = base::Money{1010};
  slip.currency = "EUR";
  slip.stored_offline = true;
  info.body = body_of(slip);
  info.body.result = 0;
  all.push_back(info);
  CardSlip back = slip_of(info.body);
  EXPECT_EQ(back.time, "03-02T10:15:00") << "the protocol has no year";
  back.time = slip.time;
  EXPECT_EQ(back, slip);

  Message state = message(kCompletion);
  state.code = 0xdc;
  all.push_back(state);
  state.version = "GER-APP-v2.0.9";
  all.push_back(state);
  Message wait = message(kIntermediate);
  wait.code = 0x0e;
  wait.minutes = 5;
  wait.body.message_id = 7;
  all.push_back(wait);
  Message block = message(kPrintBlock);
  block.text = "first line\n\nthird line\n";
  all.push_back(block);
  Message line = message(kPrintLine);
  line.code = 0x80;
  line.text = "a line";
  all.push_back(line);
  Message failed = message(kFailed);
  failed.code = 0x6c;
  all.push_back(failed);

  for (const Message& one : all) {
    const Apdu apdu = write(one);
    EXPECT_EQ(decode(encode(apdu)), apdu);
    const auto read_back = read(apdu);
    ASSERT_TRUE(read_back) << read_back.error().what;
    EXPECT_EQ(*read_back, one) << describe(one.command);
  }
}

// A message of another terminal, as recorded in the field: version, state and a container.
TEST(ZvtMessages, ReadACompletionWithVersionAndState) {
  const base::Bytes data =
      std::string("\xf0\xf1\xf4") + "GER-APP-v2.0.9" + std::string("\0\x06\x05\x1f\x40\x02VX", 8);
  const auto read_back = read(Apdu{kCompletion, data});
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->version, "GER-APP-v2.0.9");
  EXPECT_EQ(read_back->code, 0U);
}

TEST(ZvtMessages, ReadNumbersOfOtherLengthsAsTheOnesTheyAre) {
  Message short_id = message(kStatusInfo);
  short_id.body.terminal_id = "5250";
  EXPECT_EQ(read(write(short_id))->body.terminal_id, "5250");
  const auto long_ones = read(
      Apdu{kStatusInfo, std::string("\x06\x10\x1f\x1f\x03\x01\0\0\x1f\x73\x05\x01\0\0\0\x07\x1f"
                                    "\x74\0",
                                    18)});
  ASSERT_FALSE(long_ones) << "the container ends within an object";
  const auto wrapped = read(
      Apdu{kStatusInfo, std::string("\x06\x0e\x1f\x1f\x03\x01\0\0\x1f\x73\x05\x01\0\0\0\x07", 16)});
  ASSERT_TRUE(wrapped) << wrapped.error().what;
  EXPECT_EQ(wrapped->body.receipt_sync, ReceiptSync{});
  EXPECT_EQ(wrapped->body.message_id, 7U);
}

TEST(ZvtMessages, TakeATimeOutThatIsNoNumberForTheUsualOne) {
  const auto read_back = read(Apdu{kIntermediate, "\xff\x0a\x03\x06"});
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->minutes, 0U);
  EXPECT_EQ(*read(write(*read_back)), *read_back);
}

TEST(ZvtMessages, SayWhatInThemCannotBeRead) {
  const auto error_of = [](Command command, base::Bytes data) {
    const auto read_back = read(Apdu{command, std::move(data)});
    return read_back ? std::string() : read_back.error().what;
  };
  EXPECT_NE(error_of(kAuthorisation, "\x04\x10").find("field 04 is cut off"), std::string::npos);
  EXPECT_NE(error_of(kAuthorisation, std::string("\x04\0\0\0\0\0\xab", 7)).find("no digits"),
            std::string::npos);
  EXPECT_NE(error_of(kStatusInfo, "\x09").find("none that the protocol has"), std::string::npos);
  EXPECT_NE(error_of(kStatusInfo, "\x22\x12\x34").find("expected f0 to f9"), std::string::npos);
  EXPECT_NE(error_of(kRepeatReceipt, "\x01").find("password is missing"), std::string::npos);
  EXPECT_NE(error_of(kTotals, std::string("\x7f\0\x7f", 3)).find("six digits"), std::string::npos);
  EXPECT_NE(error_of(kStatusInfo, "\x06\x84").find("TLV"), std::string::npos);
  EXPECT_NE(error_of(kStatusInfo, "\x06\x03\x1f\x1f\x05").find("TLV object"), std::string::npos);
}

TEST(ZvtMessages, LongOnesHaveALengthOfThreeBytes) {
  Message block = message(kPrintBlock);
  block.text = std::string(300, 'x') + '\n';
  const base::Bytes bytes = encode(write(block));
  EXPECT_EQ(byte_of(bytes[2]), 0xff);
  EXPECT_EQ(apdu_size(bytes), bytes.size());
  const auto read_back = read(*decode(bytes));
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->text, block.text);
}

TEST(ZvtCodes, EveryReasonThatChargesNothingComesBackAsItself) {
  for (const Reason reason :
       {Reason::wrong_pin, Reason::blocked_card, Reason::expired_card, Reason::no_funds,
        Reason::card_refused, Reason::unreadable_card, Reason::no_host, Reason::issuer_down,
        Reason::wrong_currency, Reason::not_registered, Reason::end_of_day_open,
        Reason::update_required, Reason::battery_low, Reason::not_reversible,
        Reason::offline_limit}) {
    const Outcome sent{Verdict::declined, reason, std::nullopt};
    EXPECT_EQ(outcome_of(code_of(sent)).reason, reason) << base::name(reason);
    EXPECT_EQ(charged(outcome_of(code_of(sent)).verdict), Charged::no);
  }
}

std::vector<LinkEvent> heard_by(Link& link, base::ByteView bytes, Instant at) {
  link.feed(bytes, at);
  return link.take_events();
}

TEST(SerialLine, RepeatsAnUnacknowledgedFrameTwiceAndThenSaysSo) {
  SerialLink link{Timers{}};
  const Apdu apdu{kCompletion, {}};
  link.send(apdu, kStart);
  const base::Bytes once = link.take_bytes();
  for (int i = 1; i <= 2; ++i) {
    link.poll(kStart + i * seconds(5));
    EXPECT_EQ(link.take_bytes(), once);
  }
  EXPECT_TRUE(link.take_events().empty());
  link.poll(kStart + seconds(15));
  const auto events = link.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Undelivered>(events[0]));
  EXPECT_EQ(link.poll_at(), Instant::never());
}

TEST(SerialLine, RepeatsAtOnceAfterANak) {
  SerialLink link{Timers{}};
  link.send(Apdu{kCompletion, {}}, kStart);
  const base::Bytes once = link.take_bytes();
  link.feed("\x15", kStart);
  EXPECT_EQ(link.take_bytes(), once);
  link.feed("\x06", kStart);
  EXPECT_EQ(link.poll_at(), Instant::never());
}

TEST(SerialLine, AnswersABrokenFrameWithNakAndAWholeOneWithAck) {
  SerialLink link{Timers{}};
  base::Bytes bytes = frame(encode(Apdu{kCompletion, {}}));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  auto events = heard_by(link, bytes, kStart);
  EXPECT_EQ(link.take_bytes(), "\x15");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<Noise>(events[0]).why, "its CRC is wrong");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  events = heard_by(link, bytes, kStart);
  EXPECT_EQ(link.take_bytes(), "\x06");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<Heard>(events[0]).apdu.command, kCompletion);
}

TEST(SerialLine, GivesAFrameUpThatDoesNotGoOnFor200Milliseconds) {
  SerialLink link{Timers{}};
  const base::Bytes bytes = frame(encode(Apdu{kCompletion, {}}));
  link.feed(bytes.substr(0, 4), kStart);
  EXPECT_EQ(link.poll_at(), kStart + milliseconds(200));
  link.poll(kStart + milliseconds(199));
  EXPECT_EQ(link.take_bytes(), "");
  link.poll(kStart + milliseconds(200));
  EXPECT_EQ(link.take_bytes(), "\x15");
  EXPECT_EQ(heard_by(link, bytes, kStart + seconds(1)).size(), 2U) << "the noise, and the frame";
}

TEST(SerialLine, AnAckInsideABrokenFrameAcknowledgesNothing) {
  SerialLink link{Timers{}};
  link.send(Apdu{kCompletion, {}}, kStart);
  static_cast<void>(link.take_bytes());
  link.feed("\x10\x02\x04\x10\x07\x06\x06", kStart);
  EXPECT_EQ(link.take_bytes(), "\x15");
  EXPECT_NE(link.poll_at(), Instant::never()) << "what was sent is not acknowledged";
  link.poll(kStart + milliseconds(200));
  link.feed("\x06", kStart + seconds(1));
  EXPECT_EQ(link.poll_at(), Instant::never());
}

TEST(SerialLine, FindsTheNextFrameAfterOneThatWasCutOff) {
  SerialLink link{Timers{}};
  const base::Bytes whole = frame(encode(Apdu{kCompletion, {}}));
  const auto events = heard_by(link, whole.substr(0, 5) + whole, kStart);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<Noise>(events[0]));
  EXPECT_TRUE(std::holds_alternative<Heard>(events[1]));
}

TEST(TcpLine, TakesMessagesInPiecesOfAnySize) {
  Message pay = message(kAuthorisation);
  pay.body.amount = 1010;
  const base::Bytes bytes = encode(write(pay)) + encode(Apdu{kAck, {}});
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    TcpLink link{Timers{}};
    std::size_t heard = 0;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      heard += heard_by(link, base::ByteView(bytes).substr(at, step), kStart).size();
    }
    EXPECT_EQ(heard, 2U) << step;
  }
}

TEST(TcpLine, PassesOverWhatIsNoMessageAndFindsTheNext) {
  TcpLink link{Timers{}};
  const auto events = heard_by(link, "\xee\xee\xee" + encode(Apdu{kCompletion, {}}), kStart);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::get<Noise>(events[0]).bytes, "\xee\xee\xee");
  EXPECT_EQ(std::get<Heard>(events[1]).apdu.command, kCompletion);
}

TEST(TcpLine, DropsAMessageWhoseEndDoesNotCome) {
  TcpLink link{Timers{}};
  link.feed(std::string("\x04\x0f\x20\x27\0", 5), kStart);
  link.poll(link.poll_at());
  const auto events = link.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Noise>(events[0]));
  EXPECT_EQ(heard_by(link, encode(Apdu{kCompletion, {}}), kStart + seconds(9)).size(), 1U);
}

TEST(ZvtBookmarks, ComeBackAsTheyWereKept) {
  const Bookmark bookmark{"52500006", 9999, 120, "03-02T10:15:00"};
  EXPECT_EQ(read_bookmark(text_of(bookmark)), bookmark);
  EXPECT_FALSE(read_bookmark(""));
  EXPECT_FALSE(read_bookmark("nexo 1 2 3"));
  EXPECT_FALSE(read_bookmark("zvt 52500006 x 3"));
}

TEST(ZvtBookmarks, NumbersGoRound) {
  Charge charge{"a", base::Money{1000}, "EUR", "zvt 52500006 9999 999999 03-02T10:15:00"};
  CardSlip slip;
  slip.terminal_id = "52500006";
  slip.receipt_number = 1;
  slip.trace = 1;
  slip.amount = charge.amount;
  slip.currency = "EUR";
  EXPECT_EQ(compare(charge, body_of(slip)).verdict, Verdict::approved);
  slip.trace = 999'998;
  EXPECT_EQ(compare(charge, body_of(slip)).reason, Reason::not_the_last) << "an older one";
}

}  // namespace
}  // namespace tillrig::terminal::zvt
