#include "pos/till/stock_desk.hpp"

#include "pos/sync/service.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::till {
namespace {

const base::Mutant kStockFromMemory{"stock_from_memory", "INV-17", "domain 1.2, OUT-30",
                                    "without a connection the quantity on hand is the one that "
                                    "was heard last"};

const base::Mutant kNothingAtLeast{"stock_nothing_at_least", "INV-17",
                                   "a fault planted by a reviewer",
                                   "what there is less than nothing of is shown as nothing"};

}  // namespace

base::Awaitable<Result<StockShown>> StockDesk::ask(std::string sku) {
  StockShown shown;
  shown.sku = sku;
  Result<wire::Stock> told =
      base::fail(base::Code::needs_connection, "the till is {}", name(service_.link()));
  if (service_.online()) {
    const base::Instant deadline = ports_.clock.now() + config_.loyalty.patience;
    auto asking = service_.desk().stock(std::move(sku), deadline);
    told = co_await std::move(asking);
  }
  const auto before = told_.find(shown.sku);
  if (told) {
    shown.quantity = told_[shown.sku] = told->quantity;
    if (kNothingAtLeast.on(config_.mutants)) {
      shown.quantity.thousandths = std::max<std::int64_t>(shown.quantity.thousandths, 0);
    }
    co_return shown;
  }
  if (kStockFromMemory.on(config_.mutants) && before != told_.end()) {
    shown.quantity = before->second;
    co_return shown;
  }
  const base::Error why{told.error().code,
                        "checking quantity on hand requires real time connectivity: wait until the "
                        "connection is back (" +
                            told.error().what + ")"};
  co_return base::Failure(why);
}

}  // namespace tillrig::till
