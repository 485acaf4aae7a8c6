#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/output_file.hpp"
#include "sim/app/say.hpp"
#include "sim/app/shop_file.hpp"
#include "sim/hosts/host_process.hpp"
#include "sim/hosts/till_program.hpp"

namespace tillrig::app {
namespace {

base::Result<till::Config> configure(const TillOptions& options) {
  till::Config config;
  config.name = options.name;
  config.day = options.day;
  auto mutants = read_mutants(options.mutants);
  if (!mutants) return base::Failure(mutants.error());
  config.mutants = *mutants;
  const auto cloud = hosts::read_endpoint("--cloud", options.cloud);
  if (!cloud) return base::Failure(cloud.error());
  config.cloud.endpoint = *cloud;
  if (!options.scanner.empty()) {
    const auto scanner = hosts::read_endpoint("--scanner", options.scanner);
    if (!scanner) return base::Failure(scanner.error());
    config.scanner = *scanner;
  }
  if (!options.printer.empty()) {
    const auto printer = hosts::read_endpoint("--printer", options.printer);
    if (!printer) return base::Failure(printer.error());
    config.printer = *printer;
  }
  config.connectivity.heartbeat /= options.pace;
  config.connectivity.probe_timeout /= options.pace;
  auto shop = read_shop(options.fixture);
  if (!shop) return base::Failure(shop.error());
  config.currency = shop->currency;
  config.catalogue = std::move(shop->catalogue);
  config.shop = std::move(shop->text);
  if (auto made = make_folder(options.data); !made) return base::Failure(made.error());
  return config;
}

}  // namespace

int till(const TillOptions& options) {
  auto config = configure(options);
  if (!config) {
    complain("tillrig till: " + config.error().what + "\n");
    return kBadInput;
  }
  const auto ran = hosts::run_till(*std::move(config), options.data);
  complain("tillrig till: " + ran.error().what + "\n");
  return ran.error().code == base::Code::bad_input ? kBadInput : kBlocked;
}

}  // namespace tillrig::app
