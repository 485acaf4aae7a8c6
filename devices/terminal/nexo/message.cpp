#include "devices/terminal/nexo/message.hpp"

#include "devices/terminal/nexo/fields.hpp"
#include "devices/terminal/nexo/json_text.hpp"
#include "pos/base/json_fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace tillrig::terminal::nexo {
namespace {

using base::JsonWriter;

constexpr std::string_view kVersion = "3.0";
constexpr std::string_view kRequestRoot = "SaleToPOIRequest";
constexpr std::string_view kResponseRoot = "SaleToPOIResponse";
constexpr std::size_t kLongestId = 128;
constexpr std::size_t kLongestText = 1024;
constexpr std::size_t kMostLines = 64;

// --- writing
// ---------------------------------------------------------------------------------------

template <class Fill>
void nest(JsonWriter& fields, std::string_view key, Fill fill) {
  JsonWriter inner(fields.lead(key));
  fill(inner);
  inner.close();
}

void put(JsonWriter& fields, std::string_view key, const std::string& text) {
  if (!text.empty()) fields(key, text);
}

void put(JsonWriter& fields, std::string_view key, bool flag) {
  fields.lead(key) += flag ? "true" : "false";
}

void put(JsonWriter& fields, std::string_view key, base::Money amount,
         const std::string& currency) {
  const auto known = base::find_currency(currency);
  fields.lead(key) += base::format_money(amount, known.value_or(base::Currency{currency, 2}));
}

void put(JsonWriter& fields, std::string_view key, const TransactionId& id) {
  nest(fields, key, [&](JsonWriter& inner) {
    inner("TransactionID", id.id);
    put(inner, "TimeStamp", id.time);
  });
}

std::string_view class_of(const std::string& category) {
  if (category == kEvent) return "Event";
  return category == kDisplay || category == kPrint || category == "Input" || category == "Sound"
             ? "Device"
             : "Service";
}

void put(JsonWriter& fields, const Header& header) {
  nest(fields, "MessageHeader", [&](JsonWriter& inner) {
    inner("ProtocolVersion", kVersion)("MessageClass", class_of(header.category));
    inner("MessageCategory", header.category)("MessageType", header.form);
    put(inner, "ServiceID", header.service_id);
    put(inner, "DeviceID", header.device_id);
    inner("SaleID", header.sale_id)("POIID", header.poi_id);
  });
}

void put(JsonWriter& fields, const Reference& about) {
  nest(fields, "MessageReference", [&](JsonWriter& inner) {
    inner("MessageCategory", about.category)("SaleID", about.sale_id);
    inner("ServiceID", about.service_id);
  });
}

void put_lines(JsonWriter& fields, const std::vector<std::string>& lines) {
  nest(fields, "OutputContent", [&](JsonWriter& content) {
    content("OutputFormat", std::string_view("Text"));
    std::string& out = content.lead("OutputText");
    out += '[';
    for (const std::string& line : lines) {
      if (out.back() != '[') out += ',';
      JsonWriter one(out);
      one("Text", line);
      one.close();
    }
    out += ']';
  });
}

void put(JsonWriter& fields, const Paid& paid) {
  nest(fields, "PaymentResult", [&](JsonWriter& result) {
    result("PaymentType", std::string_view("Normal"));
    nest(result, "AmountsResp", [&](JsonWriter& amounts) {
      amounts("Currency", paid.currency);
      put(amounts, "AuthorizedAmount", paid.amount, paid.currency);
    });
    put(result, "OnlineFlag", paid.online);
    nest(result, "PaymentInstrumentData", [&](JsonWriter& instrument) {
      instrument("PaymentInstrumentType", std::string_view("Card"));
      nest(instrument, "CardData", [&](JsonWriter& card) {
        put(card, "PaymentBrand", paid.brand);
        put(card, "MaskedPan", paid.pan);
      });
    });
    nest(result, "PaymentAcquirerData", [&](JsonWriter& acquirer) {
      put(acquirer, "AcquirerPOIID", paid.acquirer_poi);
      put(acquirer, "ApprovalCode", paid.authorisation);
      put(acquirer, "AcquirerTransactionID", paid.poi);
    });
  });
}

void put(JsonWriter& fields, const Response& said) {
  nest(fields, "Response", [&](JsonWriter& response) {
    response("Result", said.result);
    put(response, "ErrorCondition", said.condition);
    put(response, "AdditionalResponse", said.additional);
  });
}

// A display answers for each of its outputs.
void put_output_result(JsonWriter& body, const Response& response) {
  std::string& out = body.lead("OutputResult");
  out += '[';
  JsonWriter result(out);
  result("Device", std::string_view("CustomerDisplay"))("InfoQualify", std::string_view("Display"));
  put(result, response);
  result.close();
  out += ']';
}

void put_body(JsonWriter& body, const Message& message) {
  const std::string& category = message.header.category;
  const bool asks = message.header.form == Form::request;
  if (message.response && category == kDisplay) put_output_result(body, *message.response);
  if (message.response && category == kPrint)
    body("DocumentQualifier", std::string_view("Document"));
  if (message.response && category != kDisplay) put(body, *message.response);
  if (message.header.form == Form::notification) {
    put(body, "EventToNotify", message.reason);
    put(body, "EventDetails", message.details);
  }
  if (category == kPayment && asks) {
    nest(body, "SaleData", [&](JsonWriter& sale) {
      put(sale, "SaleTransactionID", message.sale.value_or(TransactionId{}));
    });
    nest(body, "PaymentTransaction", [&](JsonWriter& transaction) {
      nest(transaction, "AmountsReq", [&](JsonWriter& amounts) {
        amounts("Currency", message.currency);
        put(amounts, "RequestedAmount", message.amount.value_or(base::Money{}), message.currency);
      });
    });
  }
  if (message.paid) {
    nest(body, "SaleData",
         [&](JsonWriter& sale) { put(sale, "SaleTransactionID", message.paid->sale); });
  }
  if (message.paid || !message.reconciliation.empty()) {
    nest(body, "POIData", [&](JsonWriter& poi) {
      if (message.paid) put(poi, "POITransactionID", message.paid->poi);
      put(poi, "POIReconciliationID", message.reconciliation);
    });
  }
  if (message.paid) put(body, *message.paid);
  if (category == kPayment && !message.lines.empty()) {
    std::string& out = body.lead("PaymentReceipt");
    out += '[';
    JsonWriter receipt(out);
    receipt("DocumentQualifier", std::string_view("CustomerReceipt"));
    put_lines(receipt, message.lines);
    receipt.close();
    out += ']';
  }
  if (message.about) put(body, *message.about);
  if (category == kAbort && asks) put(body, "AbortReason", message.reason);
  if (category == kReversal && asks) {
    nest(body, "OriginalPOITransaction", [&](JsonWriter& original) {
      put(original, "POITransactionID", message.original.value_or(TransactionId{}));
    });
    put(body, "ReversalReason", message.reason);
  }
  if (category == kReconciliation && asks) {
    body("ReconciliationType", std::string_view("SaleReconciliation"));
  }
  if (!message.status.empty()) {
    nest(body, "POIStatus", [&](JsonWriter& status) { status("GlobalStatus", message.status); });
  }
  if (category == kDisplay && asks) {
    std::string& out = body.lead("DisplayOutput");
    out += '[';
    JsonWriter output(out);
    output("Device", std::string_view("CustomerDisplay"))("InfoQualify",
                                                          std::string_view("Display"));
    put_lines(output, message.lines);
    output.close();
    out += ']';
  }
  if (category == kPrint && asks) {
    nest(body, "PrintOutput", [&](JsonWriter& output) {
      output("DocumentQualifier", std::string_view("Document"));
      put_lines(output, message.lines);
    });
  }
  if (!message.repeated.empty()) {
    const Message& repeated = message.repeated.front();
    nest(body, "RepeatedMessageResponse", [&](JsonWriter& again) {
      put(again, repeated.header);
      nest(again, "RepeatedResponseMessageBody", [&](JsonWriter& inner) {
        nest(inner, member_of(repeated.header),
             [&](JsonWriter& fields) { put_body(fields, repeated); });
      });
    });
  }
}

// --- reading
// ---------------------------------------------------------------------------------------

Header header_in(const Fields& fields) {
  Header header;
  const Fields head = fields.at("MessageHeader");
  if (!head.here()) {
    fields.refuse("MessageHeader", "an object");
    return header;
  }
  const std::string form = head.need("MessageType");
  if (const auto known = base::by_name<Form>(form)) {
    header.form = *known;
  } else {
    head.refuse("MessageType", base::all_names<Form>());
  }
  header.category = head.need("MessageCategory", kLongestId);
  if (header.category.empty()) head.refuse("MessageCategory", "the name of a category");
  header.sale_id = head.text("SaleID", kLongestId);
  header.service_id = head.text("ServiceID", kLongestId);
  header.device_id = head.text("DeviceID", kLongestId);
  header.poi_id = head.text("POIID", kLongestId);
  return header;
}

std::optional<TransactionId> id_in(const Fields& fields) {
  if (!fields.here()) return std::nullopt;
  return TransactionId{fields.need("TransactionID", kLongestId),
                       fields.text("TimeStamp", kLongestId)};
}

// "10.1" is 10.10: a number has no zeros at its end.
base::Money amount_in(const Fields& fields, std::string_view key, const std::string& code) {
  std::string digits = fields.number(key);
  const auto currency = base::find_currency(code);
  if (!currency) {
    fields.refuse(currency.error());
    return {};
  }
  const std::size_t point = digits.find('.');
  const auto places = static_cast<std::size_t>(currency->exponent);
  if (point != std::string::npos) {
    while (digits.size() > point + 1 + places && digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  const auto amount = base::parse_money(digits, *currency);
  if (amount) return *amount;
  fields.refuse(base::Error{amount.error().code, fmt::format("{}: {}", key, amount.error().what)});
  return {};
}

void lines_in(const Fields& output, std::vector<std::string>& lines) {
  output.at("OutputContent").each("OutputText", [&](const Fields& one) {
    if (lines.size() < kMostLines) lines.push_back(one.text("Text", kLongestText));
  });
}

std::optional<Paid> paid_in(const Fields& body) {
  const Fields result = body.at("PaymentResult");
  if (!result.here()) return std::nullopt;
  Paid paid;
  paid.sale = id_in(body.at("SaleData").at("SaleTransactionID")).value_or(TransactionId{});
  paid.poi = id_in(body.at("POIData").at("POITransactionID")).value_or(TransactionId{});
  const Fields amounts = result.at("AmountsResp");
  paid.currency = amounts.need("Currency", kLongestId);
  if (amounts.has("Currency")) {
    paid.amount = amount_in(amounts, "AuthorizedAmount", paid.currency);
  }
  paid.online = result.flag("OnlineFlag", true);
  const Fields card = result.at("PaymentInstrumentData").at("CardData");
  paid.brand = card.text("PaymentBrand", kLongestId);
  paid.pan = card.text("MaskedPan", kLongestId);
  if (paid.pan.empty()) paid.pan = card.text("MaskedPAN", kLongestId);
  const Fields acquirer = result.at("PaymentAcquirerData");
  paid.acquirer_poi = acquirer.text("AcquirerPOIID", kLongestId);
  paid.authorisation = acquirer.text("ApprovalCode", kLongestId);
  return paid;
}

void read_body(const Fields& body, Message& message);

void read_request(const Fields& body, Message& message) {
  const std::string& category = message.header.category;
  if (category == kPayment) {
    const Fields id = body.at("SaleData").at("SaleTransactionID");
    message.sale = TransactionId{id.need("TransactionID", kLongestId), id.text("TimeStamp")};
    const Fields amounts = body.at("PaymentTransaction").at("AmountsReq");
    message.currency = amounts.need("Currency", kLongestId);
    if (amounts.has("Currency")) {
      message.amount = amount_in(amounts, "RequestedAmount", message.currency);
    }
  } else if (category == kStatus || category == kAbort) {
    const Fields about = body.at("MessageReference");
    if (about.here()) {
      message.about = Reference{about.text("MessageCategory"), about.text("SaleID", kLongestId),
                                about.text("ServiceID", kLongestId)};
    }
    if (category == kAbort) message.reason = body.text("AbortReason", kLongestText);
  } else if (category == kReversal) {
    message.original = TransactionId{};
    const Fields id = body.at("OriginalPOITransaction").at("POITransactionID");
    message.original = TransactionId{id.need("TransactionID", kLongestId), id.text("TimeStamp")};
    message.reason = body.text("ReversalReason", kLongestText);
  } else if (category == kDisplay) {
    body.each("DisplayOutput", [&](const Fields& output) { lines_in(output, message.lines); });
  } else if (category == kPrint) {
    lines_in(body.at("PrintOutput"), message.lines);
  }
}

std::optional<Response> response_in(const Fields& fields) {
  const Fields response = fields.at("Response");
  if (!response.here()) {
    fields.refuse("Response", "an object");
    return std::nullopt;
  }
  Response out;
  const std::string result = response.need("Result");
  if (const auto known = base::by_name<Word>(result)) {
    out.result = *known;
  } else {
    response.refuse("Result", base::all_names<Word>());
  }
  out.condition = response.text("ErrorCondition", kLongestId);
  out.additional = response.text("AdditionalResponse", 16 * kLongestText);
  return out;
}

void read_response(const Fields& body, Message& message) {
  if (message.header.category == kDisplay) {
    body.each("OutputResult",
              [&](const Fields& output) { message.response = response_in(output); });
    if (!message.response) body.refuse("OutputResult", "a list of results");
    return;
  }
  message.response = response_in(body);
  if (!message.response) return;
  if (message.header.category == kPayment) {
    message.paid = paid_in(body);
    body.each("PaymentReceipt", [&](const Fields& receipt) {
      if (receipt.text("DocumentQualifier") == "CustomerReceipt") lines_in(receipt, message.lines);
    });
  }
  message.reconciliation = body.at("POIData").text("POIReconciliationID", kLongestId);
  message.status = body.at("POIStatus").text("GlobalStatus", kLongestId);
  const Fields again = body.at("RepeatedMessageResponse");
  if (message.header.category != kStatus || !again.here()) return;
  Message repeated;
  repeated.header = header_in(again);
  const std::string member = member_of(repeated.header);
  const Fields inner = again.at("RepeatedResponseMessageBody");
  if (repeated.header.category == kStatus || repeated.header.form != Form::response) {
    again.refuse("MessageHeader", "that of an answer about a transaction");
  } else if (!inner.has(member)) {
    inner.refuse(member, "an object");
  } else {
    read_body(inner.at(member), repeated);
    message.repeated.push_back(std::move(repeated));
  }
}

void read_body(const Fields& body, Message& message) {
  switch (message.header.form) {
    case Form::request:
      return read_request(body, message);
    case Form::response:
      return read_response(body, message);
    case Form::notification:
      message.reason = body.text("EventToNotify", kLongestId);
      message.details = body.text("EventDetails", 4 * kLongestText);
  }
}

// The object in which a message stands, whichever way it goes.
std::optional<Fields> root_of(const Fields& all) {
  for (const std::string_view key : {kRequestRoot, kResponseRoot}) {
    if (all.has(key)) return all.at(key);
  }
  all.refuse(kRequestRoot, "an object");
  return std::nullopt;
}

}  // namespace

std::string member_of(const Header& header) {
  return header.category + std::string(name(header.form));
}

Message answer_to(const Header& header, Response response) {
  Message message;
  message.header = header;
  message.header.form = Form::response;
  message.response = std::move(response);
  return message;
}

std::string write(const Message& message) {
  std::string out;
  JsonWriter all(out);
  const bool answers = message.header.form == Form::response;
  nest(all, answers ? kResponseRoot : kRequestRoot, [&](JsonWriter& root) {
    put(root, message.header);
    nest(root, member_of(message.header), [&](JsonWriter& body) { put_body(body, message); });
  });
  all.close();
  return out;
}

base::Result<Message> read(std::string_view text) {
  const auto value = parse_decimal_json(text);
  if (!value) return base::Failure(value.error());
  const Fields all(*value, "the message");
  Message message;
  if (const auto root = root_of(all)) {
    message.header = header_in(*root);
    const std::string member = member_of(message.header);
    if (auto good = all.check(); !good) return base::Failure(good.error());
    if (root->has(member)) {
      read_body(root->at(member), message);
    } else {
      root->refuse(member, "an object");
    }
  }
  if (auto good = all.check(); !good) return base::Failure(good.error());
  return message;
}

base::Result<Header> read_header(std::string_view text) {
  const auto value = parse_decimal_json(text);
  if (!value) return base::Failure(value.error());
  const Fields all(*value, "the message");
  Header header;
  if (const auto root = root_of(all)) header = header_in(*root);
  if (auto good = all.check(); !good) return base::Failure(good.error());
  return header;
}

}  // namespace tillrig::terminal::nexo
