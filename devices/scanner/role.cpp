#include "devices/role/role.hpp"

#include "devices/scanner/simulated.hpp"

namespace tillrig::scanner::role {
namespace {

Frame frame_of(const devices::Settings& settings) {
  Frame frame;
  const auto prefix = settings.find("prefix");
  if (prefix != settings.end()) frame.prefix = prefix->second;
  const auto suffix = settings.find("suffix");
  if (suffix != settings.end()) frame.suffix = suffix_named(suffix->second).value_or(Suffix::cr);
  return frame;
}

class Device final : public devices::SimulatedDevice {
 public:
  explicit Device(const devices::Settings& settings) : scanner_(frame_of(settings)) {}
  base::Bytes feed(base::ByteView /*bytes*/, base::Instant /*now*/) override { return {}; }
  base::Result<base::Bytes> handle(std::string_view act, std::string_view detail,
                                   base::Instant now) override {
    if (act != "scan") return SimulatedDevice::handle(act, detail, now);
    return scanner_.scan(detail);
  }
  base::Bytes power_cut(base::Instant /*now*/) override { return {}; }

 private:
  SimulatedScanner scanner_;
};

const devices::RoleRow kRow{devices::Role{
    "scanner",
    4001,
    [](const devices::Settings& settings) -> std::unique_ptr<devices::SimulatedDevice> {
      return std::make_unique<Device>(settings);
    },
    {},
    false,
    {{"scan", "CODE", "a label is held before it"}}}};

}  // namespace
}  // namespace tillrig::scanner::role
