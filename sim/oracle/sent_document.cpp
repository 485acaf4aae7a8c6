#include "sim/oracle/sent_document.hpp"

#include "sim/oracle/account/purse.hpp"
#include "sim/oracle/json_scan.hpp"

namespace tillrig::oracle {
namespace {

SentLine read_sent_line(JsonScan& scan) {
  SentLine line;
  scan.object([&](std::string_view key) {
    if (key == "sku") {
      line.sku = unescaped(scan.text());
    } else if (key == "quantity") {
      line.quantity = scan.number();
    } else if (key == "unit_price") {
      line.unit_price = scan.number();
    } else if (key == "discount") {
      line.discount = scan.number();
    } else if (key == "total") {
      line.total = scan.number();
    } else if (key == "tax_rate") {
      line.tax_rate = scan.number();
    } else if (key == "tax") {
      line.tax = scan.number();
    } else if (key == "of_line") {
      line.of_line = scan.count();
    } else {
      scan.skip();
    }
  });
  return line;
}

void read_sent_payment(JsonScan& scan, SentDocument& document) {
  std::int64_t given = 0;
  bool purse = false;
  scan.object([&](std::string_view key) {
    if (key == "given") {
      given = scan.number();
    } else if (key == "change") {
      document.change += scan.number();
    } else if (key == "kind") {
      purse = is_no_cash(scan.text());
    } else {
      scan.skip();
    }
  });
  (purse ? document.from_purse : document.given) += given;
}

}  // namespace

std::optional<Stamp> read_stamp(std::string_view body) {
  Stamp stamp;
  bool found = false;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "wall") {
      stamp.wall_ms = scan.number();
    } else if (key == "hlc") {
      found = true;
      scan.object([&](std::string_view part) {
        if (part == "ms") {
          stamp.ms = scan.number();
        } else if (part == "count") {
          stamp.count = scan.count();
        } else {
          scan.skip();
        }
      });
    } else {
      scan.skip();
    }
  });
  return scan.finished() && found ? std::optional(stamp) : std::nullopt;
}

std::optional<SentDocument> read_sent_document(std::string_view body) {
  SentDocument document;
  bool lines = false;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "lines") {
      lines = true;
      scan.array([&] { document.lines.push_back(read_sent_line(scan)); });
    } else if (key == "payments") {
      scan.array([&] { read_sent_payment(scan, document); });
    } else if (key == "total") {
      document.total = scan.number();
    } else if (key == "tax") {
      document.tax = scan.number();
    } else if (key == "rounding") {
      document.rounding = scan.number();
    } else if (key == "of") {
      document.of = scan.text();
    } else if (key == "day") {
      document.day = scan.text();
    } else if (key == "currency") {
      document.currency = scan.text();
    } else {
      scan.skip();
    }
  });
  if (!scan.finished() || !lines) return std::nullopt;
  return document;
}

}  // namespace tillrig::oracle
