#pragma once

#include "devices/terminal/payment.hpp"
#include "pos/base/names.hpp"
#include "pos/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::terminal::nexo {

// MessageType.
enum class Form { request, response, notification };

constexpr auto names_of(Form) {
  return base::named<Form>({{Form::request, "Request"},
                            {Form::response, "Response"},
                            {Form::notification, "Notification"}});
}

// Response.Result.
enum class Word { success, partial, failure };

constexpr auto names_of(Word) {
  return base::named<Word>(
      {{Word::success, "Success"}, {Word::partial, "Partial"}, {Word::failure, "Failure"}});
}
using base::name;

// The message categories that our ends know.
inline constexpr std::string_view kLogin = "Login";
inline constexpr std::string_view kLogout = "Logout";
inline constexpr std::string_view kDiagnosis = "Diagnosis";
inline constexpr std::string_view kPayment = "Payment";
inline constexpr std::string_view kReversal = "Reversal";
inline constexpr std::string_view kStatus = "TransactionStatus";
inline constexpr std::string_view kAbort = "Abort";
inline constexpr std::string_view kReconciliation = "Reconciliation";
inline constexpr std::string_view kDisplay = "Display";
inline constexpr std::string_view kPrint = "Print";
inline constexpr std::string_view kEvent = "Event";

// EventToNotify of a message that was not taken.
inline constexpr std::string_view kReject = "Reject";

// Who says what, and in answer to which: SaleID and ServiceID name a message.
struct Header {
  Form form = Form::request;
  std::string category;
  std::string sale_id;
  std::string service_id;  // at most ten characters
  std::string device_id;
  std::string poi_id;

  bool operator==(const Header&) const = default;
};

struct Reference {
  std::string category;
  std::string sale_id;
  std::string service_id;

  bool operator==(const Reference&) const = default;
};

struct Response {
  Word result = Word::success;
  std::string condition;   // ErrorCondition; empty: none
  std::string additional;  // AdditionalResponse: "message=NOT_ENOUGH_BALANCE&..."

  bool operator==(const Response&) const = default;
};

struct TransactionId {
  std::string id;
  std::string time;

  bool operator==(const TransactionId&) const = default;
};

// What a payment came to.
struct Paid {
  TransactionId sale;  // the till's name of it
  TransactionId poi;   // the terminal's
  std::string currency;
  base::Money amount;
  std::string pan;
  std::string brand;
  std::string authorisation;
  std::string acquirer_poi;  // the terminal as its acquirer knows it
  bool online = true;        // else the terminal approved it alone

  bool operator==(const Paid&) const = default;
};

// One SaleToPOIRequest or SaleToPOIResponse, as far as our ends use it: what a message of its
// category does not have is empty.
struct Message {
  Header header;
  std::optional<Response> response;

  std::optional<TransactionId> sale;  // PaymentRequest
  std::string currency;
  std::optional<base::Money> amount;
  std::optional<Reference> about;         // AbortRequest, TransactionStatusRequest
  std::optional<TransactionId> original;  // ReversalRequest
  std::string reason;                     // AbortReason, ReversalReason, EventToNotify
  std::string details;                    // EventDetails
  std::vector<std::string> lines;         // Display, Print; the receipt of a PaymentResponse

  std::optional<Paid> paid;       // PaymentResponse
  std::string reconciliation;     // the terminal's day, which an end of day closes
  std::string status;             // DiagnosisResponse: "OK", "Busy", "Maintenance"
  std::vector<Message> repeated;  // TransactionStatusResponse: none or one

  bool operator==(const Message&) const = default;
};

// The answer to a message: its header turned round, with a Response.
Message answer_to(const Header& header, Response response);
// "PaymentRequest", "EventNotification".
std::string member_of(const Header& header);

std::string write(const Message& message);
// Errors: bad_input, naming what of it cannot be read.
base::Result<Message> read(std::string_view text);
// Of a message that may have no more than that. Errors: as read().
base::Result<Header> read_header(std::string_view text);

}  // namespace tillrig::terminal::nexo
