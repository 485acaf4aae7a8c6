#include "sim/world/office.hpp"

#include "pos/wire/customer.hpp"
#include "pos/wire/purse.hpp"
#include "pos/wire/stock.hpp"
#include "sim/world/cloud_door.hpp"
#include "sim/world/day_reports.hpp"

namespace tillrig::world {

using base::Result;

void Office::at(ports::Endpoint door, std::string secret) {
  door_ = std::move(door);
  secret_ = std::move(secret);
}

base::Awaitable<Result<base::Bytes>> Office::ask(std::string method, std::string target,
                                                 std::string body) {
  return ask_at_door(ports_, door_, secret_, std::move(method), std::move(target), std::move(body));
}

base::Awaitable<Result<std::uint64_t>> Office::post(std::string target, std::string body) {
  std::string method = "POST";
  auto asking = ask(std::move(method), std::move(target), std::move(body));
  auto answer = co_await std::move(asking);
  if (!answer) co_return base::Failure(answer.error());
  const auto changed = wire::read_changed(*answer);
  if (!changed) {
    co_return base::fail(base::Code::protocol, "the cloud's answer cannot be read: {}",
                         answer->substr(0, 500));
  }
  co_return changed->v;
}

base::Awaitable<Result<std::vector<oracle::ReportLook>>> Office::day_reports(std::string day,
                                                                             std::string till) {
  std::string method = "GET";
  std::string target = "/v1/reports/days?day=" + day + (till.empty() ? "" : "&till=" + till);
  std::string nothing;
  auto asking = ask(std::move(method), std::move(target), std::move(nothing));
  auto answer = co_await std::move(asking);
  if (!answer) co_return base::Failure(answer.error());
  auto looks = read_day_reports(*answer, recording_.now());
  if (looks) {
    auto& tape = recording_.tapes().reports;
    tape.insert(tape.end(), looks->begin(), looks->end());
  }
  co_return looks;
}

base::Awaitable<Result<std::vector<std::string>>> Office::calendar() {
  std::string method = "GET";
  std::string target = "/v1/reports/calendar";
  std::string nothing;
  auto asking = ask(std::move(method), std::move(target), std::move(nothing));
  auto answer = co_await std::move(asking);
  if (!answer) co_return base::Failure(answer.error());
  co_return read_calendar(*answer);
}

base::Awaitable<Result<void>> Office::change(std::string sku, std::optional<Item> item) {
  wire::ItemChanges changes;
  if (item) {
    wire::Item made;
    made.sku = item->sku;
    made.name = item->name;
    made.code = item->code;
    made.price = item->price;
    made.tax = item->tax;
    made.price_embedded = item->price_embedded;
    changes.items.push_back(std::move(made));
  } else {
    changes.removed.push_back(sku);
  }
  oracle::GoodsChange entry;
  entry.at = recording_.now();
  entry.line = recording_.line();
  entry.sku = sku;
  entry.sold = item.has_value();
  entry.price = item ? item->price.minor : 0;
  std::string target = "/v1/items";
  std::string body = wire::write_json(changes);
  auto posting = post(std::move(target), std::move(body));
  auto v = co_await std::move(posting);
  if (v) entry.v = *v;
  const bool refused = !v && v.error().code == base::Code::protocol;
  if (!refused) recording_.tapes().goods_changes.push_back(entry);
  if (!v) co_return base::Failure(v.error());
  changed_[sku] = std::move(item);
  co_return Result<void>{};
}

base::Awaitable<Result<void>> Office::change_customer(std::string id,
                                                      std::optional<Customer> customer) {
  wire::CustomerChanges changes;
  oracle::CustomerChange entry;
  entry.at = recording_.now();
  entry.line = recording_.line();
  entry.id = id;
  entry.known = customer.has_value();
  if (customer) {
    changes.customers.push_back({customer->id, customer->name, customer->phone, customer->card});
    entry.name = customer->name;
    entry.phone = customer->phone;
  } else {
    changes.removed.push_back(id);
  }
  std::string target = "/v1/customers";
  std::string body = wire::write_json(changes);
  auto posting = post(std::move(target), std::move(body));
  auto v = co_await std::move(posting);
  if (v) entry.v = *v;
  const bool refused = !v && v.error().code == base::Code::protocol;
  if (!refused) recording_.tapes().customer_changes.push_back(entry);
  if (!v) co_return base::Failure(v.error());
  changed_customers_[id] = std::move(customer);
  co_return Result<void>{};
}

base::Awaitable<Result<void>> Office::deliver(std::string sku, base::Quantity quantity) {
  wire::Delivery delivery;
  delivery.id = fmt::format("d{}", ++deliveries_);
  delivery.goods.push_back({sku, quantity});
  recording_.tapes().deliveries.push_back({"delivery:" + delivery.id, sku, quantity.thousandths});
  std::string target = "/v1/deliveries";
  std::string body = wire::write_json(delivery);
  auto posting = post(std::move(target), std::move(body));
  auto v = co_await std::move(posting);
  if (!v) co_return base::Failure(v.error());
  co_return Result<void>{};
}

base::Awaitable<Result<void>> Office::set_limit(std::string customer, base::Money limit) {
  recording_.tapes().limits.push_back({recording_.now(), customer, limit.minor});
  const wire::AccountLimit asked{std::move(customer), limit};
  std::string target = "/v1/accounts";
  std::string body = wire::write_json(asked);
  auto posting = post(std::move(target), std::move(body));
  auto v = co_await std::move(posting);
  if (!v) co_return base::Failure(v.error());
  co_return Result<void>{};
}

base::Awaitable<Result<void>> Office::move_horizon() {
  std::string target = "/v1/feed/horizon";
  std::string body = "{}";
  auto posting = post(std::move(target), std::move(body));
  auto v = co_await std::move(posting);
  if (!v) co_return base::Failure(v.error());
  co_return Result<void>{};
}

}  // namespace tillrig::world
