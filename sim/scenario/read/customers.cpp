#include "sim/scenario/read/customers.hpp"

#include "sim/scenario/read/fixture_table.hpp"

#include <fmt/format.h>

#include <set>

namespace tillrig::scenario {

void read_customers(const Node& root, world::Shop& shop, Problems& problems) {
  using Need = FixtureTable::Need;
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  FixtureTable file(root, "a file of customers", problems);
  const std::vector<const Node*> all = file.tables("customer");
  file.finish();
  std::set<std::string> ids;
  for (const Node* each : all) {
    FixtureTable table(*each, "a [[customer]]", problems);
    world::Customer customer;
    customer.id = table.text("id", Need::must);
    customer.name = table.text("name", Need::must);
    customer.phone = table.text("phone", Need::may);
    customer.card = table.text("card", Need::may);
    table.finish();
    const std::string& id = customer.id;
    if (id.empty() || id.size() > 64 || id.find_first_not_of(kLetters) != std::string::npos) {
      table.problem("id", fmt::format("the customer's id is \"{}\"", id),
                    "1 to 64 small letters, digits and hyphens");
    }
    if (!ids.insert(id).second) {
      problems.add(each->where, fmt::format("two customers have the id \"{}\"", id));
    }
    shop.customers.push_back(std::move(customer));
  }
}

}  // namespace tillrig::scenario
