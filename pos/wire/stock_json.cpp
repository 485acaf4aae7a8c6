#include "pos/base/json_fields.hpp"
#include "pos/wire/customer.hpp"
#include "pos/wire/stock.hpp"

#include <set>

namespace tillrig::wire {

Bytes write_json(const Stock& stock) {
  return base::write_message(stock);
}

Bytes write_json(const Delivery& delivery) {
  return base::write_message(delivery);
}

Result<Stock> read_stock(ByteView body) {
  return base::read_message<Stock>(body, "answer about stock");
}

Result<Delivery> read_delivery(ByteView body) {
  auto delivery = base::read_message<Delivery>(body, "delivery");
  if (!delivery) return delivery;
  if (!is_customer_id(delivery->id) || delivery->goods.empty()) {
    return base::fail(
        base::Code::bad_input,
        "the delivery \"{}\" has no goods, or an id that is none; expected 1 to {} of "
        "A-Z, a-z, 0-9, - and _, and at least one of 'goods'",
        delivery->id.substr(0, 64), kCustomerId);
  }
  std::set<std::string_view> named;
  for (const Stock& goods : delivery->goods) {
    if (goods.sku.empty() || !named.insert(goods.sku).second || goods.quantity.thousandths == 0) {
      return base::fail(base::Code::bad_input,
                        "the delivery {} has \"{}\" twice, or nothing of it; expected each once",
                        delivery->id, goods.sku.substr(0, 64));
    }
  }
  return delivery;
}

}  // namespace tillrig::wire
