#pragma once

#include "pos/ports/ports.hpp"
#include "sim/world/recording.hpp"
#include "sim/world/shop.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::world {

// Who changes the cloud's tables: at the cloud's own door, not through a till's line. What it asked
// for is on the tapes.
class Office {
 public:
  Office(const ports::Ports& ports, Recording& recording) : ports_(ports), recording_(recording) {}

  // Where the cloud's door is, and what opens it to the office.
  void at(ports::Endpoint door, std::string secret);

  // An item is another now, or with nothing is not sold any more. Errors: the network's; protocol,
  // with the cloud's answer. After those of the network it may have happened.
  base::Awaitable<base::Result<void>> change(std::string sku, std::optional<Item> item);
  // A customer is another now, or with nothing is gone. Errors: likewise.
  base::Awaitable<base::Result<void>> change_customer(std::string id,
                                                      std::optional<Customer> customer);
  // Goods have come. Errors: likewise.
  base::Awaitable<base::Result<void>> deliver(std::string sku, base::Quantity quantity);
  // How much a customer may owe. Errors: likewise.
  base::Awaitable<base::Result<void>> set_limit(std::string customer, base::Money limit);
  // Whoever has not read all of the cloud's tables has to read them from the start.
  base::Awaitable<base::Result<void>> move_horizon();

  // What the cloud says of a business day, at a till or with an empty name at all of them; it goes
  // on the tapes too. Errors: the network's; protocol.
  base::Awaitable<base::Result<std::vector<oracle::ReportLook>>> day_reports(std::string day,
                                                                             std::string till);
  // The days that there are reports of. Errors: likewise.
  base::Awaitable<base::Result<std::vector<std::string>>> calendar();

  // What was changed, as it is now; without an item: removed.
  [[nodiscard]] const std::map<std::string, std::optional<Item>>& changed() const {
    return changed_;
  }
  [[nodiscard]] const std::map<std::string, std::optional<Customer>>& changed_customers() const {
    return changed_customers_;
  }

 private:
  // Errors: protocol also where the answer is no 200.
  base::Awaitable<base::Result<base::Bytes>> ask(std::string method, std::string target,
                                                 std::string body);
  base::Awaitable<base::Result<std::uint64_t>> post(std::string target, std::string body);

  const ports::Ports& ports_;
  Recording& recording_;
  ports::Endpoint door_;
  std::string secret_;
  int deliveries_ = 0;
  std::map<std::string, std::optional<Item>> changed_;
  std::map<std::string, std::optional<Customer>> changed_customers_;
};

}  // namespace tillrig::world
