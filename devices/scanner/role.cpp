#include "devices/role/role.hpp"

#include "devices/scanner/simulated.hpp"

namespace tillrig::scanner::role {
namespace {

class Device final : public devices::SimulatedDevice {
 public:
  base::Bytes feed(base::ByteView /*bytes*/, base::Instant /*now*/) override { return {}; }
  base::Result<base::Bytes> handle(std::string_view act, std::string_view detail,
                                   base::Instant now) override {
    if (act != "scan") return SimulatedDevice::handle(act, detail, now);
    return scanner_.scan(detail);
  }
  base::Bytes power_cut(base::Instant /*now*/) override { return {}; }

 private:
  SimulatedScanner scanner_{Frame{}};
};

const devices::RoleRow kRow{devices::Role{
    "scanner",
    4001,
    []() -> std::unique_ptr<devices::SimulatedDevice> { return std::make_unique<Device>(); },
    {}}};

}  // namespace
}  // namespace tillrig::scanner::role
