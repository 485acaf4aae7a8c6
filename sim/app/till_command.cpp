#include "pos/till/devices/device_line.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/output_file.hpp"
#include "sim/app/say.hpp"
#include "sim/app/secret_file.hpp"
#include "sim/app/shop_file.hpp"
#include "sim/hosts/host_process.hpp"
#include "sim/hosts/till_program.hpp"
#include "sim/world/till_shop.hpp"

namespace tillrig::app {
namespace {

// "scanner=127.0.0.1:4001". Errors: bad_input, not_found.
base::Result<void> attach(std::string_view device, till::Config& config) {
  const std::size_t equals = device.find('=');
  if (equals == std::string_view::npos) {
    return base::fail(base::Code::bad_input,
                      "--device is \"{}\"; expected ROLE=HOST:PORT, as in scanner=127.0.0.1:4001",
                      device);
  }
  const auto role = till::find_device_role(device.substr(0, equals));
  if (!role) return base::within("--device", role.error());
  const auto at = hosts::read_peer("--device", device.substr(equals + 1));
  if (!at) return base::Failure(at.error());
  config.devices.insert_or_assign(std::string((*role)->role), *at);
  return {};
}

// "till-2=192.168.1.12:7420". Errors: bad_input.
base::Result<void> meet(std::string_view peer, till::Config& config) {
  const std::size_t equals = peer.find('=');
  const std::string name(peer.substr(0, equals));
  if (equals == std::string_view::npos || name.empty() || name == config.name) {
    return base::fail(base::Code::bad_input,
                      "--lan-peer is \"{}\"; expected another till's NAME=HOST:PORT, as in "
                      "till-2=192.168.1.12:7420",
                      peer);
  }
  const auto at = hosts::read_endpoint("--lan-peer", peer.substr(equals + 1));
  if (!at) return base::Failure(at.error());
  config.lan.peers.insert_or_assign(name, *at);
  return {};
}

base::Result<till::Config> configure(const TillOptions& options) {
  till::Config config;
  config.name = options.name;
  config.day = options.day;
  auto mutants = read_mutants(options.mutants);
  if (!mutants) return base::Failure(mutants.error());
  config.mutants = *mutants;
  const auto cloud = hosts::read_peer("--cloud", options.cloud);
  if (!cloud) return base::Failure(cloud.error());
  config.cloud = *cloud;
  if (!options.secret_file.empty()) {
    auto secret = read_secret(options.secret_file);
    if (!secret) return base::Failure(secret.error());
    config.secret = *std::move(secret);
  }
  for (const std::string& device : options.devices) {
    if (auto attached = attach(device, config); !attached) return base::Failure(attached.error());
  }
  if (!options.lan.empty()) {
    const auto at = hosts::read_endpoint("--lan", options.lan);
    if (!at) return base::Failure(at.error());
    config.lan.listen = *at;
    config.lan.wired = options.wired;
  }
  for (const std::string& peer : options.peers) {
    if (auto met = meet(peer, config); !met) return base::Failure(met.error());
  }
  config.connectivity.heartbeat /= options.pace;
  config.connectivity.probe_timeout /= options.pace;
  auto shop = read_shop(options.fixture);
  if (!shop) return base::Failure(shop.error());
  if (auto furnished = world::furnish(config, *shop); !furnished) {
    return base::Failure(furnished.error());
  }
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
  std::string trusted;
  if (!options.trust.empty()) {
    auto text = read_text(options.trust);
    if (!text) {
      complain("tillrig till: " + text.error().what + "\n");
      return kBadInput;
    }
    trusted = *std::move(text);
  }
  const auto ran = hosts::run_till(*std::move(config), options.data, trusted);
  complain("tillrig till: " + ran.error().what + "\n");
  return ran.error().code == base::Code::bad_input ? kBadInput : kBlocked;
}

}  // namespace tillrig::app
