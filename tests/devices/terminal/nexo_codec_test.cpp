#include "devices/terminal/nexo/conditions.hpp"
#include "devices/terminal/nexo/message.hpp"
#include "devices/terminal/nexo/outcome.hpp"
#include "devices/terminal/nexo/seal.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::terminal::nexo {
namespace {

constexpr std::string_view kPaymentText =
    R"({"SaleToPOIRequest":{"MessageHeader":{"ProtocolVersion":"3.0","MessageClass":"Service",)"
    R"("MessageCategory":"Payment","MessageType":"Request","ServiceID":"0207111104","SaleID":"POS-1",)"
    R"("POIID":"P400Plus-1"},"PaymentRequest":{"SaleData":{"SaleTransactionID":{"TransactionID":"27908",)"
    R"("TimeStamp":"2026-03-02T10:15:00+00:00"}},"PaymentTransaction":{"AmountsReq":{"Currency":"EUR",)"
    R"("RequestedAmount":10.10}}}}})";

std::string with_amount(std::string_view amount, std::string_view currency = "EUR") {
  std::string text(kPaymentText);
  text.replace(text.find("10.10"), 5, amount);
  text.replace(text.find("EUR"), 3, currency);
  return text;
}

Header header_of(std::string_view category, Form form) {
  return {form, std::string(category), "POS-1", "0207111104", {}, "P400Plus-1"};
}

Message payment_response() {
  Message message = answer_to(header_of(kPayment, Form::request), {});
  CardSlip slip;
  slip.terminal_id = "52500006";
  slip.receipt_number = 12;
  slip.trace = 34;
  slip.masked_pan = "************4711";
  slip.card_name = "girocard";
  slip.authorisation_code = "A\"1";
  slip.time = "2026-03-02T10:15:00";
  slip.amount = base::Money{1010};
  slip.currency = "EUR";
  slip.stored_offline = true;
  message.paid = paid_of({"27908", {}, {}, {}}, slip);
  message.reconciliation = "7";
  message.lines = {"* * CARD PAYMENT * *", "", "EUR 10.10"};
  return message;
}

// One of each kind that our ends send.
std::vector<Message> samples() {
  std::vector<Message> all;
  Message payment;
  payment.header = header_of(kPayment, Form::request);
  payment.sale = TransactionId{"27908", "2026-03-02T10:15:00"};
  payment.currency = "JPY";
  payment.amount = base::Money{1010};
  all.push_back(payment);
  all.push_back(payment_response());
  Message status;
  status.header = header_of(kStatus, Form::request);
  status.about = Reference{"Payment", "POS-1", "0207111104"};
  all.push_back(status);
  Message told = answer_to(status.header, {});
  told.about = status.about;
  told.repeated.push_back(payment_response());
  told.about.reset();
  all.push_back(told);
  Message abort;
  abort.header = header_of(kAbort, Form::request);
  abort.about = status.about;
  abort.reason = "MerchantAbort";
  all.push_back(abort);
  Message reversal;
  reversal.header = header_of(kReversal, Form::request);
  reversal.original = TransactionId{"0012.000034", "2026-03-02T10:15:00"};
  reversal.reason = "MerchantCancel";
  all.push_back(reversal);
  all.push_back(answer_to(reversal.header, failure_of(kNotFound, "gone & lost")));
  Message diagnosis = answer_to(header_of(kDiagnosis, Form::request), {});
  diagnosis.status = "Maintenance";
  diagnosis.reconciliation = "7";
  all.push_back(diagnosis);
  for (const std::string_view category : {kDisplay, kPrint}) {
    Message shown;
    shown.header = header_of(category, Form::request);
    shown.lines = {"one", "two"};
    all.push_back(shown);
    all.push_back(answer_to(shown.header, failure_of(kBusy, "later")));
  }
  for (const std::string_view category : {kLogin, kLogout, kDiagnosis, kReconciliation}) {
    Message asks;
    asks.header = header_of(category, Form::request);
    all.push_back(asks);
    all.push_back(answer_to(asks.header, {}));
  }
  Message rejected;
  rejected.header = header_of(kEvent, Form::notification);
  rejected.reason = "Reject";
  rejected.details = "message=no";
  all.push_back(rejected);
  return all;
}

TEST(NexoMessage, ReadsWhatItWrites) {
  for (const Message& message : samples()) {
    const std::string text = write(message);
    const auto again = read(text);
    ASSERT_TRUE(again) << text << '\n' << again.error().what;
    EXPECT_EQ(*again, message) << text;
  }
}

TEST(NexoMessage, ReadsAPaymentAsATillOfAnotherMakeWritesIt) {
  const auto message = read(kPaymentText);
  ASSERT_TRUE(message) << message.error().what;
  EXPECT_EQ(message->header.category, "Payment");
  EXPECT_EQ(message->header.service_id, "0207111104");
  EXPECT_EQ(message->sale->id, "27908");
  EXPECT_EQ(message->amount->minor, 1010);
  EXPECT_EQ(message->currency, "EUR");
}

TEST(NexoMessage, WritesAPaymentByteForByte) {
  const auto message = read(kPaymentText);
  ASSERT_TRUE(message);
  EXPECT_EQ(write(*message), kPaymentText);
}

TEST(NexoMessage, TakesAmountsAsTheyAreWrittenAndRoundsNone) {
  for (const auto& [text, minor] :
       {std::pair("10.1", 1010), std::pair("10", 1000), std::pair("10.100", 1010),
        std::pair("0.01", 1), std::pair("\"10.10\"", 1010), std::pair("1000000.01", 100'000'001)}) {
    const auto message = read(with_amount(text));
    ASSERT_TRUE(message) << text << ": " << message.error().what;
    EXPECT_EQ(message->amount->minor, minor) << text;
  }
  EXPECT_EQ(read(with_amount("1010", "JPY"))->amount->minor, 1010);
  EXPECT_EQ(read(with_amount("1010.0", "JPY"))->amount->minor, 1010);
  for (const std::string_view text : {"10.101", "1e2", "true", "null", "[10]", "1e999"}) {
    const auto message = read(with_amount(text));
    ASSERT_FALSE(message) << text;
    EXPECT_NE(message.error().what.find("RequestedAmount"), std::string::npos)
        << message.error().what;
  }
  EXPECT_FALSE(read(with_amount("10", "XXX")));
}

TEST(NexoMessage, SaysWhereAMessageIsWrongAndWhatWasExpected) {
  const auto sentence = [](std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    const auto message = read(text);
    return message ? std::string("taken") : message.error().what;
  };
  const std::string good(kPaymentText);
  EXPECT_EQ(
      sentence(good, R"("TransactionID":"27908",)", ""),
      "the message.SaleToPOIRequest.PaymentRequest.SaleData.SaleTransactionID.TransactionID is "
      "not there; expected a text");
  EXPECT_NE(sentence(good, R"("Request")", R"("Question")").find("MessageType"), std::string::npos);
  EXPECT_NE(sentence(good, "PaymentRequest", "PaymentRequst").find("PaymentRequest is not there"),
            std::string::npos);
  EXPECT_NE(sentence(good, "SaleToPOIRequest", "SaleToPIO").find("SaleToPOIRequest is not there"),
            std::string::npos);
  EXPECT_NE(read("{\"a\":").error().what.find("not JSON"), std::string::npos);
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("[]"));
  EXPECT_FALSE(read(std::string(100, '[')));
  EXPECT_FALSE(read(good + "x"));
}

TEST(NexoMessage, NoPieceOfAMessageIsTakenForOne) {
  for (const Message& message : samples()) {
    const std::string text = write(message);
    for (std::size_t size = 0; size < text.size(); ++size) {
      EXPECT_FALSE(read(std::string_view(text).substr(0, size)));
    }
  }
}

TEST(NexoConditions, SayEachOutcomeSoThatItIsUnderstoodAgain) {
  for (const Outcome& outcome :
       std::vector<Outcome>{{Verdict::aborted, Reason::cancelled, {}},
                            {Verdict::aborted, Reason::stopped, {}},
                            {Verdict::aborted, Reason::time_out, {}},
                            {Verdict::reversed, Reason::by_itself, {}},
                            {Verdict::reversed, Reason::none, {}},
                            {Verdict::reversed, Reason::already_reversed, {}},
                            {Verdict::refused, Reason::wrong_currency, {}},
                            {Verdict::refused, Reason::wrong_amount, {}},
                            {Verdict::refused, Reason::end_of_day_open, {}},
                            {Verdict::refused, Reason::update_required, {}},
                            {Verdict::refused, Reason::battery_low, {}},
                            {Verdict::refused, Reason::not_reversible, {}},
                            {Verdict::busy, Reason::none, {}},
                            {Verdict::declined, Reason::card_refused, {}},
                            {Verdict::declined, Reason::no_funds, {}},
                            {Verdict::declined, Reason::issuer_down, {}},
                            {Verdict::declined, Reason::offline_limit, {}},
                            {Verdict::declined, Reason::unreadable_card, {}},
                            {Verdict::declined, Reason::expired_card, {}},
                            {Verdict::declined, Reason::blocked_card, {}},
                            {Verdict::declined, Reason::wrong_pin, {}},
                            {Verdict::declined, Reason::no_host, {}}}) {
    const Response said = failure_of(outcome);
    EXPECT_EQ(said.result, Word::failure);
    EXPECT_EQ(outcome_of(said), outcome) << said.condition << ' ' << said.additional;
  }
}

TEST(NexoConditions, AConditionAloneIsEnough) {
  EXPECT_EQ(outcome_of({Word::failure, "Refusal", "refusalReason=210%20No%20balance"}).verdict,
            Verdict::declined);
  EXPECT_EQ(outcome_of({Word::failure, "UnreachableHost", ""}).reason, Reason::no_host);
  EXPECT_EQ(outcome_of({Word::failure, "Busy", ""}).verdict, Verdict::busy);
  EXPECT_EQ(outcome_of({Word::failure, "Cancel", ""}).verdict, Verdict::aborted);
  EXPECT_EQ(outcome_of({Word::failure, "SomethingNew", ""}).verdict, Verdict::declined);
}

TEST(NexoConditions, WordsSurviveTheirEncoding) {
  const std::string text = "100 % & more = \"less\"";
  EXPECT_EQ(value_in("a=1&message=" + encoded(text) + "&b=2", "message"), text);
  EXPECT_EQ(value_in("message=a+b%2", "message"), "a b%2");
  EXPECT_EQ(value_in("message", "message"), "");
}

TEST(NexoServiceId, IsOfTenCharactersAndTheSameWheneverItIsAskedFor) {
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = service_id_of("till-1", fmt::format("till-1-1-{}", i));
    EXPECT_EQ(id.size(), 10U);
    EXPECT_EQ(id, service_id_of("till-1", fmt::format("till-1-1-{}", i)));
    all.insert(id);
  }
  EXPECT_EQ(all.size(), 1000U);
  EXPECT_NE(service_id_of("till-1", "a"), service_id_of("till-2", "a"));
}

// Made with Adyen's own library (32.1.0), its nonce being 0 to 15.
constexpr std::string_view kSealedText =
    R"({"SaleToPOIRequest":{"MessageHeader":{"ProtocolVersion":"3.0","MessageClass":"Service",)"
    R"("MessageCategory":"Payment","MessageType":"Request","SaleID":"till-1","ServiceID":"0000000001",)"
    R"("POIID":"P400Plus-52500006"},)"
    R"("NexoBlob":"3l5Eq43QzqHl5Jde5iQr+Z1wxT1qkBFaSS/TnFb1rMoMJgGWSB75IEmOss09Ux7h",)"
    R"("SecurityTrailer":{"AdyenCryptoVersion":1,"Hmac":"T/2DVFAmrlYrVAvkVg7CNff/YafV1Ne5EAW+5Aadc+I=",)"
    R"("KeyIdentifier":"shop","KeyVersion":1,"Nonce":"AAECAwQFBgcICQoLDA0ODw=="}}})";

TEST(NexoSeal, OpensWhatAnotherMakeHasSealed) {
  const Seal seal({"shop", 1, "a passphrase"});
  EXPECT_TRUE(is_sealed(kSealedText));
  const auto text = seal.open(kSealedText);
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, R"({"SaleToPOIRequest":{"MessageHeader":{}}})");
}

TEST(NexoSeal, ClosesSoThatOnlyTheSameKeyOpens) {
  Seal seal({"shop", 1, "a passphrase"});
  const std::string once = seal.close(kPaymentText);
  const std::string again = seal.close(kPaymentText);
  EXPECT_NE(once, again) << "no two messages have the same nonce";
  EXPECT_EQ(once.find("27908"), std::string::npos);
  EXPECT_NE(once.find(R"("ServiceID":"0207111104")"), std::string::npos)
      << "the header is to be read";
  EXPECT_TRUE(is_sealed(once));
  EXPECT_FALSE(is_sealed(kPaymentText));
  ASSERT_TRUE(seal.open(once));
  EXPECT_EQ(*seal.open(again), kPaymentText);
  EXPECT_NE(Seal({"shop", 1, "another"}).open(once).error().what.find("another passphrase"),
            std::string::npos);
  EXPECT_NE(Seal({"other", 1, "a passphrase"}).open(once).error().what.find("\"shop\""),
            std::string::npos);
  EXPECT_FALSE(seal.open(kPaymentText));
}

TEST(NexoSeal, SeesEveryChangeOfASealedMessage) {
  const Seal seal({"shop", 1, "a passphrase"});
  const std::string sealed(kSealedText);
  const std::size_t blob = sealed.find("3l5E");
  for (std::size_t at = blob; at < blob + 64; ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(seal.open(changed)) << at;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(seal.open(std::string_view(sealed).substr(0, size)));
  }
}

}  // namespace
}  // namespace tillrig::terminal::nexo
