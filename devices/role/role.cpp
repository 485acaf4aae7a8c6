#include "devices/role/role.hpp"

#include <algorithm>
#include <deque>

namespace tillrig::devices {
namespace {

std::deque<Role>& table() {
  static std::deque<Role> rows;
  return rows;
}

}  // namespace

const std::vector<const Role*>& roles() {
  static const std::vector<const Role*> sorted = [] {
    std::vector<const Role*> rows;
    for (const Role& role : table()) rows.push_back(&role);
    std::sort(rows.begin(), rows.end(),
              [](const Role* a, const Role* b) { return a->name < b->name; });
    return rows;
  }();
  return sorted;
}

RoleRow::RoleRow(Role role) {
  table().push_back(std::move(role));
}

base::Result<base::Bytes> SimulatedDevice::handle(std::string_view act, std::string_view /*detail*/,
                                                  base::Instant /*now*/) {
  return base::fail(base::Code::not_found, "this device has nothing to {}", act);
}

}  // namespace tillrig::devices
