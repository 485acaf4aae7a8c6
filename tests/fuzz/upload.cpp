// What till and cloud read of each other. What a cloud takes from an upload is an event of the
// compact form, and nothing else is.
#include "pos/wire/api.hpp"
#include "pos/wire/customer.hpp"
#include "pos/wire/feed.hpp"
#include "pos/wire/points.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace tillrig::fuzz {

void one(base::ByteView input) {
  if (const auto batch = wire::read_batch(input)) {
    for (const wire::ReadItem& each : batch->items) {
      if (!each.item) continue;
      const auto again = wire::decode(wire::encode(each.item->event));
      must(again && *again == each.item->event, "an event taken from JSON survives the ledger");
    }
  }
  if (const auto answer = wire::read_answer(input)) {
    const auto again = wire::read_answer(wire::write_json(*answer));
    must(again && again->results.size() == answer->results.size() &&
             again->contiguous_through == answer->contiguous_through,
         "an answer that was read can be written and read");
  }
  if (const auto page = wire::read_feed_page(input)) {
    const auto again = wire::read_feed_page(wire::write_json(*page));
    must(again && again->rows == page->rows && again->next == page->next &&
             again->head == page->head && again->horizon == page->horizon,
         "a page that was read can be written and read");
  }
  if (const auto changes = wire::read_item_changes(input)) {
    for (const wire::Item& item : changes->items) {
      const std::string body = wire::write_item(item);
      const auto again = wire::read_item(body);
      must(body.size() <= wire::kFeedBody && again && *again == item,
           "an item that the cloud takes is a row that a till reads");
    }
  }
  if (const auto changes = wire::read_customer_changes(input)) {
    for (const wire::Customer& customer : changes->customers) {
      const std::string body = wire::write_customer(customer);
      const auto again = wire::read_customer(body);
      must(body.size() <= wire::kFeedBody && again && *again == customer,
           "a customer that the cloud takes is a row that a till reads");
    }
  }
  static_cast<void>(wire::read_points(input));
  static_cast<void>(wire::read_pong(input));
  static_cast<void>(wire::read_login(input));
  static_cast<void>(wire::read_problem(input));
  if (const auto receipt = wire::read_receipt(input)) {
    const auto again = wire::read_receipt(wire::write_json(*receipt));
    must(again && again->lines.size() == receipt->lines.size(),
         "a receipt that was read can be written and read");
  }
}

}  // namespace tillrig::fuzz
