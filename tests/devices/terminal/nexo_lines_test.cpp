#include "devices/terminal/device.hpp"
#include "devices/terminal/nexo/conditions.hpp"
#include "devices/terminal/nexo/message.hpp"
#include "devices/terminal/nexo/seal.hpp"
#include "tests/devices/terminal/desk.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace tillrig::terminal {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A terminal and tills of other makes, each message on a connection of its own or on one that
// stays.
struct Counter {
  explicit Counter(const TerminalSetup& how = Desk::nexo_setup())
      : device(how), lines(*device.many_lines()) {
    device.watch([this](std::string line) { shown.push_back(std::move(line)); });
  }

  void collect() {
    for (const devices::Said& said : lines.take_said()) {
      heard[said.line] += said.bytes;
      hung_up[said.line] = said.hang_up;
    }
  }
  void say(int line, base::ByteView bytes) {
    lines.feed(line, bytes, now);
    collect();
  }
  int open() {
    lines.line_up(++last, now);
    return last;
  }
  void close(int line) {
    lines.line_down(line, now);
    collect();
  }
  void pass(base::Duration time) {
    for (const base::Instant end = now + time; now < end;) {
      now = std::min(end, now + milliseconds(100));
      static_cast<void>(device.poll(now));
      collect();
    }
  }
  void post(int line, const std::string& body, const std::string& target = "/nexo") {
    base::HttpRequest request;
    request.method = "POST";
    request.target = target;
    request.body = body;
    say(line, base::write_http(request));
  }
  void post(int line, const nexo::Message& message) { post(line, nexo::write(message)); }
  // The answers that have come on a line and were not asked for yet.
  std::vector<base::HttpResponse> answers(int line) {
    base::HttpReader<base::HttpResponse> reader(nexo::kMostBodyBytes);
    EXPECT_TRUE(reader.feed(std::exchange(heard[line], {})));
    std::vector<base::HttpResponse> out;
    while (auto response = reader.next()) out.push_back(std::move(*response));
    return out;
  }
  nexo::Message answer(int line) {
    const auto all = answers(line);
    EXPECT_EQ(all.size(), 1U);
    if (all.size() != 1) return {};
    const auto message = nexo::read(all[0].body);
    EXPECT_TRUE(message) << all[0].body;
    return message.value_or(nexo::Message{});
  }

  static nexo::Message asks(std::string_view category, std::string service_id,
                            std::string sale_id = "POS-1") {
    nexo::Message message;
    message.header.category = std::string(category);
    message.header.sale_id = std::move(sale_id);
    message.header.service_id = std::move(service_id);
    return message;
  }
  static nexo::Message payment(std::string service_id, std::int64_t cents,
                               std::string sale_id = "POS-1") {
    nexo::Message message = asks(nexo::kPayment, service_id, std::move(sale_id));
    message.sale = nexo::TransactionId{"sale " + service_id, {}};
    message.amount = base::Money{cents};
    message.currency = "EUR";
    return message;
  }
  static nexo::Message status(std::string service_id, std::string of) {
    nexo::Message message = asks(nexo::kStatus, std::move(service_id));
    message.about = nexo::Reference{"Payment", "POS-1", std::move(of)};
    return message;
  }

  TerminalDevice device;
  devices::ManyLines& lines;
  base::Instant now{1'000'000'000};
  int last = 0;
  std::map<int, base::Bytes> heard;
  std::map<int, devices::HangUp> hung_up;
  std::vector<std::string> shown;
};

TEST(NexoLines, AnAbortComesOnAConnectionOfItsOwn) {
  Counter counter;
  const int pays = counter.open();
  counter.post(pays, Counter::payment("P1", 1000));
  counter.pass(milliseconds(500));
  const int stops = counter.open();
  nexo::Message abort = Counter::asks(nexo::kAbort, "A1");
  abort.about = nexo::Reference{"Payment", "POS-1", "P1"};
  counter.post(stops, abort);
  const auto empty = counter.answers(stops);
  ASSERT_EQ(empty.size(), 1U);
  EXPECT_EQ(empty[0].status, 200);
  EXPECT_EQ(empty[0].body, "") << "as the protocol has it";
  const nexo::Message stopped = counter.answer(pays);
  EXPECT_EQ(stopped.response->condition, "Aborted");
  EXPECT_TRUE(counter.device.local_host().standing().empty());
}

TEST(NexoLines, AnAbortOfAnotherPaymentStopsNothing) {
  Counter counter;
  const int pays = counter.open();
  counter.post(pays, Counter::payment("P1", 1000));
  const int stops = counter.open();
  nexo::Message abort = Counter::asks(nexo::kAbort, "A1");
  abort.about = nexo::Reference{"Payment", "POS-1", "P9"};
  counter.post(stops, abort);
  counter.pass(seconds(10));
  EXPECT_EQ(counter.answer(pays).response->result, nexo::Word::success);
}

TEST(NexoLines, StatusIsInProgressThenTheAnswerOfThePayment) {
  Counter counter;
  const int pays = counter.open();
  counter.post(pays, Counter::payment("P1", 1000));
  const int asks = counter.open();
  counter.post(asks, Counter::status("S1", "P1"));
  EXPECT_EQ(counter.answer(asks).response->condition, "InProgress");
  counter.pass(seconds(10));
  const nexo::Message paid = counter.answer(pays);
  counter.post(asks, Counter::status("S2", "P1"));
  const nexo::Message told = counter.answer(asks);
  ASSERT_EQ(told.repeated.size(), 1U);
  EXPECT_EQ(told.repeated[0], paid);
  counter.post(asks, Counter::status("S3", "P2"));
  EXPECT_EQ(counter.answer(asks).response->condition, "NotFound");
  nexo::Message last = Counter::asks(nexo::kStatus, "S4");
  counter.post(asks, last);
  EXPECT_EQ(counter.answer(asks).repeated[0], paid) << "without a reference: the last one";
}

TEST(NexoLines, ThePaymentIsHeldUntilTheLastCardIsOut) {
  Counter counter;
  const int line = counter.open();
  counter.post(line, Counter::payment("P1", 1000));
  counter.pass(milliseconds(3900));  // approved, the card still in
  ASSERT_EQ(counter.device.machine().stage(), Stage::card_in);
  const int other = counter.open();
  counter.post(other, Counter::payment("P2", 2000));
  counter.post(line, Counter::status("S1", "P2"));
  counter.pass(seconds(10));
  EXPECT_EQ(counter.answers(line).size(), 2U);
  EXPECT_EQ(counter.answer(other).response->result, nexo::Word::success);
  EXPECT_EQ(counter.device.local_host().standing().size(), 2U);
}

TEST(NexoLines, APaymentThatComesTwiceIsChargedOnce) {
  Counter counter;
  const int line = counter.open();
  counter.post(line, Counter::payment("P1", 1000));
  counter.post(line, Counter::payment("P1", 1000));
  counter.pass(seconds(10));
  EXPECT_EQ(counter.answers(line).size(), 2U);
  counter.post(line, Counter::payment("P1", 1000));
  EXPECT_EQ(counter.answer(line).response->result, nexo::Word::success);
  EXPECT_EQ(counter.device.local_host().standing().size(), 1U);
  counter.post(line, Counter::payment("P1", 1000, "POS-2"));
  counter.pass(seconds(10));
  EXPECT_EQ(counter.device.local_host().standing().size(), 2U) << "another till's is another one";
}

TEST(NexoLines, AnotherTillIsToldThatTheTerminalIsBusy) {
  Counter counter;
  const int line = counter.open();
  counter.post(line, Counter::payment("P1", 1000));
  const int other = counter.open();
  counter.post(other, Counter::payment("P2", 1000, "POS-2"));
  EXPECT_EQ(counter.answer(other).response->condition, "Busy");
  counter.post(other, Counter::asks(nexo::kDiagnosis, "D1", "POS-2"));
  EXPECT_EQ(counter.answer(other).status, "Busy");
}

TEST(NexoLines, WhatItDoesNotDoItSays) {
  Counter counter;
  const int line = counter.open();
  std::string input = nexo::write(Counter::asks("Input", "I1"));
  counter.post(line, input);
  const nexo::Message answer = counter.answer(line);
  EXPECT_EQ(answer.header.category, "Input");
  EXPECT_EQ(answer.response->condition, "UnavailableService");
  EXPECT_EQ(counter.device.protocol().not_understood(), 1U);
  nexo::Message print = Counter::asks(nexo::kPrint, "X1");
  print.lines = {"hello"};
  counter.post(line, print);
  EXPECT_EQ(counter.answer(line).response->result, nexo::Word::success);
  EXPECT_NE(std::find(counter.shown.begin(), counter.shown.end(), "* prints \"hello\""),
            counter.shown.end());
}

TEST(NexoLines, AMessageThatCannotBeTakenIsRejectedAndTheLineGoesOn) {
  Counter counter;
  const int line = counter.open();
  const auto rejected = [&](const nexo::Message& message) {
    counter.post(line, message);
    const nexo::Message event = counter.answer(line);
    EXPECT_EQ(event.header.category, "Event");
    EXPECT_EQ(event.reason, "Reject");
    return nexo::value_in(event.details, "message");
  };
  nexo::Message wrong = Counter::payment("P1", 1000);
  wrong.header.poi_id = "P400Plus-9";
  EXPECT_EQ(rejected(wrong),
            "the message is for the terminal P400Plus-9, and this is P400Plus-52500006");
  EXPECT_NE(rejected(Counter::payment("12345678901", 1000)).find("1 to 10"), std::string::npos);
  EXPECT_NE(rejected(Counter::payment("", 1000)).find("ServiceID"), std::string::npos);
  counter.post(line, "{\"SaleToPOIRequest\":");
  auto answers = counter.answers(line);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 400);
  EXPECT_NE(answers[0].body.find("not JSON"), std::string::npos);
  counter.post(line, nexo::write(Counter::asks(nexo::kLogin, "L1")), "/other");
  answers = counter.answers(line);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 404);
  counter.say(line, "GET /nexo HTTP/1.1\r\n\r\n");
  answers = counter.answers(line);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 405);
  counter.post(line, Counter::asks(nexo::kLogin, "L1"));
  EXPECT_EQ(counter.answer(line).response->result, nexo::Word::success);
}

TEST(NexoLines, SealedAndPlainMessagesAreNotMistakenForEachOther) {
  nexo::Seal seal({"shop", 1, "a passphrase"});
  Counter plain;
  int line = plain.open();
  plain.post(line, seal.close(nexo::write(Counter::asks(nexo::kLogin, "L1"))));
  EXPECT_NE(plain.answer(line).details.find("no%20key"), std::string::npos);

  TerminalSetup how = Desk::nexo_setup();
  how.nexo.key = nexo::Key{"shop", 1, "a passphrase"};
  Counter sealed(how);
  line = sealed.open();
  sealed.post(line, Counter::asks(nexo::kLogin, "L1"));
  auto answers = sealed.answers(line);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_NE(seal.open(answers[0].body)->find("not%20sealed"), std::string::npos);
  nexo::Seal stranger({"shop", 1, "another"});
  sealed.post(line, stranger.close(nexo::write(Counter::payment("P1", 1000))));
  answers = sealed.answers(line);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_NE(seal.open(answers[0].body)->find("Reject"), std::string::npos);
  EXPECT_EQ(sealed.device.machine().current(), nullptr);
}

TEST(NexoLines, BytesThatAreNoHttpEndTheirConnectionAndAreNamed) {
  Counter counter;
  const int line = counter.open();
  counter.say(line, base::ByteView("\x06\x01\x00 no http", 11));
  EXPECT_NE(counter.heard[line].find("400 Bad Request"), std::string::npos);
  EXPECT_EQ(counter.hung_up[line], devices::HangUp::in_order);
  ASSERT_FALSE(counter.shown.empty());
  EXPECT_EQ(counter.shown[0].substr(0, 10), "< 06010020") << counter.shown[0];
  counter.close(line);
  const int next = counter.open();
  counter.post(next, Counter::asks(nexo::kLogin, "L1"));
  EXPECT_EQ(counter.answer(next).response->result, nexo::Word::success);
}

TEST(NexoLines, OversizedRequestsAreRefused) {
  Counter counter;
  const int line = counter.open();
  counter.say(line, "POST /nexo HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n");
  EXPECT_EQ(counter.hung_up[line], devices::HangUp::in_order);
  const int many = counter.open();
  for (int i = 0; i < 100; ++i) {
    counter.post(many, Counter::payment("P" + std::to_string(i), 1000));
  }
  counter.pass(minutes(1));
  EXPECT_NE(counter.hung_up[many], devices::HangUp::no);
}

// Every message, cut off and changed in every place, and bytes of no meaning at all.
TEST(NexoLines, SurvivesWhateverComes) {
  std::mt19937 random(1);  // NOLINT: the same bytes every time
  base::HttpRequest request;
  request.method = "POST";
  request.target = "/nexo";
  request.body = nexo::write(Counter::payment("P1", 1000));
  const std::string good = base::write_http(request);
  Counter counter;
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = good.substr(0, random() % (good.size() + 1));
    for (unsigned n = random() % 4; n > 0 && !bytes.empty(); --n) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (i % 5 == 0) {
      for (char& byte : bytes) byte = static_cast<char>(random());
    }
    const int line = counter.open();
    counter.say(line, bytes);
    counter.close(line);
  }
  counter.pass(minutes(2));
  const int line = counter.open();
  counter.post(line, Counter::payment("good", 1000));
  counter.pass(seconds(10));
  EXPECT_EQ(counter.answer(line).response->result, nexo::Word::success);
}

}  // namespace
}  // namespace tillrig::terminal
