#include "pos/till/devices/device_line.hpp"

#include "pos/base/nearest.hpp"

#include <algorithm>

namespace tillrig::till {
namespace {

std::vector<const DeviceRole*>& device_table() {
  static std::vector<const DeviceRole*> table;  // filled before main, read-only after
  return table;
}

}  // namespace

DeviceRole::DeviceRole(std::string_view role_, Attach attach_) : role(role_), attach(attach_) {
  device_table().push_back(this);
}

std::vector<const DeviceRole*> device_roles() {
  auto sorted = device_table();
  std::sort(sorted.begin(), sorted.end(),
            [](const DeviceRole* a, const DeviceRole* b) { return a->role < b->role; });
  return sorted;
}

base::Result<const DeviceRole*> find_device_role(std::string_view role) {
  std::vector<std::string_view> known;
  for (const DeviceRole* row : device_roles()) {
    if (row->role == role) return row;
    known.push_back(row->role);
  }
  return base::unknown_word("device", role, known);
}

}  // namespace tillrig::till
