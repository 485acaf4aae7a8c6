// Somebody on the line who has the till's login: a document that breaks a rule comes in the place
// of what the till made.
#include "sim/net/faults/aim.hpp"
#include "sim/world/faults/upload.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace tillrig::world::spoiled {
namespace {

using base::Money;
using net::Verdict;

// Takes part in what all sums of a document say.
void add_to_all(wire::Document& document, wire::Line& line, Money more) {
  line.total += more;
  document.total += more;
  document.payments.front().given += more;
  document.payments.front().amount += more;
}

// A line and as much again taken back: no sum is another.
void take_back_a_line(wire::Document& document) {
  wire::Line line = document.lines.front();
  document.lines.push_back(line);
  line.quantity.thousandths = -line.quantity.thousandths;
  line.total = -line.total;
  line.tax = -line.tax;
  line.discount = -line.discount;
  document.lines.push_back(line);
}

void spoil(wire::Event& event, std::string_view how) {
  wire::Document& document = std::get<wire::Document>(event.body);
  wire::Line& line = document.lines.front();
  wire::Payment& payment = document.payments.front();
  const Money one{1};
  if (how == "total") document.total += one;
  if (how == "line") add_to_all(document, line, one);
  if (how == "tax-sum") document.tax += one;
  if (how == "given") payment.given += one;
  if (how == "paid") {
    payment.given -= one;
    payment.amount -= one;
  }
  if (how == "tax") {
    line.tax += Money{9};
    document.tax += Money{9};
  }
  if (how == "sign") take_back_a_line(document);
  if (how == "discount") {
    line.discount -= one;
    add_to_all(document, line, one);
  }
  if (how == "of-line") line.of_line = line.of_line == 0 ? 1 : 0;
  if (how == "other-line") line.of_line = 99;
  if (how == "other-goods") line.sku += "-other";
  if (how == "rounding") {
    document.rounding += Money{1000};
    payment.given += Money{1000};
    payment.amount += Money{1000};
  }
  if (how == "no-number") document.number = 0;
  if (how == "number-twice") --document.number;
  if (how == "day") document.day = "2026-02-30";
  if (how == "currency") document.currency = "QQQ";
  if (how == "aggregate") {
    base::EventId other = event.id;
    --other.seq;
    event.aggregate = other.text();
  }
}

class Spoiled final : public net::LineFault {
 public:
  explicit Spoiled(const words::Args& args)
      : aim_(args, net::kUploadPath), how_(args.text("how", "total")) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    const auto batch = read_upload(request);
    const wire::UpItem* const document = batch ? first_document(*batch) : nullptr;
    if (document == nullptr || !aim_.hits(request)) return false;
    verdict.forge = [id = document->event.id, how = how_](base::HttpRequest& passing) {
      change(passing, id, how);
    };
    return true;
  }

 private:
  static void change(base::HttpRequest& request, const base::EventId& id, std::string_view how) {
    const auto sent = read_upload(request);
    if (!sent) return;
    wire::UpBatch batch;
    batch.till = sent->till;
    batch.epoch = sent->epoch;
    batch.generation = sent->generation;
    batch.batch = sent->batch;
    for (const wire::ReadItem& item : sent->items) {
      if (!item.item) return;
      batch.items.push_back(*item.item);
      wire::UpItem& last = batch.items.back();
      if (last.event.id != id) continue;
      spoil(last.event, how);
      last.hash = wire::payload_hash(last.event);
      if (how == "hash") last.hash.bytes.front() ^= 1;
    }
    replace_body(request, wire::write_json(batch));
  }

  net::Aim aim_;
  std::string how_;
};

const auto kSpoiled = net::wan_fault<Spoiled>(
    {.name = "wan.spoiled",
     .doc = "The first document of an upload is another one when it comes to the cloud, under its "
            "id and with a hash and a sum that fit, and breaks a rule that all documents keep.",
     .params = {{"how", words::Kind::text, "which rule", true,
                 "total line tax-sum given paid tax sign discount of-line other-line other-goods "
                 "rounding no-number number-twice day currency aggregate hash"},
                net::kCountParam},
     .example = R"({ fault = "wan.spoiled", how = "tax", count = 1 })"},
    "uploads pass as they are; what was put aside stays so");

}  // namespace
}  // namespace tillrig::world::spoiled
