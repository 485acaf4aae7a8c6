#include "devices/role/role.hpp"

#include "devices/printer/simulated.hpp"

#include <charconv>

namespace tillrig::printer::role {
namespace {

using devices::SimulatedDevice;

SimulatedPrinterOptions options_of(const devices::Settings& settings) {
  SimulatedPrinterOptions options;
  const auto columns = settings.find("columns");
  if (columns == settings.end()) return options;
  std::from_chars(columns->second.data(), columns->second.data() + columns->second.size(),
                  options.columns);
  return options;
}

class Device final : public SimulatedDevice {
 public:
  explicit Device(const devices::Settings& settings) : printer_(options_of(settings)) {}
  base::Bytes feed(base::ByteView bytes, base::Instant now) override {
    return printer_.feed(bytes, now);
  }
  base::Bytes power_cut(base::Instant now) override {
    printer_.power_cut();
    return printer_.power_on(now);
  }
  std::vector<devices::Record> take_records() override {
    std::vector<devices::Record> cut;
    const auto& paper = printer_.paper();
    for (; kicks_ < printer_.drawer_kicks().size(); ++kicks_) cut.push_back({"drawer opened", {}});
    for (; taken_ < paper.size() && paper[taken_].complete; ++taken_) {
      cut.push_back({"receipt", paper_text(paper[taken_], printer_.options().columns)});
    }
    return cut;
  }

  SimulatedPrinter& printer() { return printer_; }
  [[nodiscard]] const SimulatedPrinter& printer() const { return printer_; }

 private:
  SimulatedPrinter printer_;
  std::size_t taken_ = 0;
  std::size_t kicks_ = 0;
};

SimulatedPrinter& printer_of(SimulatedDevice& device) {
  return static_cast<Device&>(device).printer();
}

// Of two troubles at once each held up what came.
bool held_up(const SimulatedDevice& device) {
  return static_cast<const Device&>(device).printer().held_up() > 0;
}

const devices::RoleRow kRow{devices::Role{
    "printer",
    9100,
    [](const devices::Settings& settings) -> std::unique_ptr<SimulatedDevice> {
      return std::make_unique<Device>(settings);
    },
    {{"printer.paper_out",
      "The paper is used up: the printer goes offline and keeps what fits its buffer.",
      "{ fault = \"printer.paper_out\", till = \"till-1\", for = \"5m\" }",
      "A new roll is put in; what the buffer holds is printed.",
      [](SimulatedDevice& device, base::Instant now) {
        return printer_of(device).set_paper_out(true, now);
      },
      [](SimulatedDevice& device, base::Instant now) {
        return printer_of(device).set_paper_out(false, now);
      },
      held_up},
     {"printer.cover_open",
      "The printer's cover stands open: it prints nothing until it is closed.",
      "{ fault = \"printer.cover_open\", till = \"till-1\", for = \"1m\" }",
      "The cover is closed; what the buffer holds is printed.",
      [](SimulatedDevice& device, base::Instant now) {
        return printer_of(device).set_cover_open(true, now);
      },
      [](SimulatedDevice& device, base::Instant now) {
        return printer_of(device).set_cover_open(false, now);
      },
      held_up},
     {"printer.unplugged",
      "The printer is without power: its line breaks, and what its buffer held is gone.",
      "{ fault = \"printer.unplugged\", till = \"till-1\", for = \"1m\" }",
      "The printer has power and can be connected to; what was lost stays so.",
      [](SimulatedDevice& device, base::Instant) {
        printer_of(device).power_cut();
        return base::Bytes();
      },
      [](SimulatedDevice& device, base::Instant now) { return printer_of(device).power_on(now); },
      [](const SimulatedDevice&) { return false; }, true}}}};

}  // namespace
}  // namespace tillrig::printer::role
