#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/say.hpp"
#include "sim/hosts/device_program.hpp"
#include "sim/hosts/host_process.hpp"

#include <fstream>
#include <functional>
#include <string>

namespace tillrig::app {
namespace {

constexpr std::string_view kThisMachine = "127.0.0.1";

// Writes the certificate that tills are to trust.
std::function<base::Result<void>(const std::string&)> writer_of(const std::string& path) {
  return [path](const std::string& pem) -> base::Result<void> {
    std::ofstream file(path);
    file << pem << std::flush;
    if (file) return {};
    return base::fail(base::Code::io, "{} cannot be written; expected a file of yours", path);
  };
}

base::Result<hosts::DeviceProgram> read_device(const DeviceOptions& options) {
  hosts::DeviceProgram program;
  const auto role = hosts::find_device(options.role);
  if (!role) return base::Failure(role.error());
  program.role = *role;
  program.listen = {std::string(kThisMachine), (*role)->port, false};
  program.pty = options.pty;
  program.capture = options.capture;
  if (options.pty && options.role == "terminal") program.settings["framing"] = "serial";
  if ((options.zvt || options.nexo) && options.role != "terminal") {
    return base::fail(base::Code::bad_input, "{} is for a terminal, and this is a {}",
                      options.zvt ? "--zvt-tcp" : "--nexo", options.role);
  }
  if (options.zvt) {
    program.listen.port = static_cast<std::uint16_t>(options.zvt_port);
  } else if (options.nexo) {
    program.listen.port = static_cast<std::uint16_t>(options.nexo_port);
    program.settings["protocol"] = "nexo";
    program.tls = true;
    if (!options.authority.empty()) program.authority = writer_of(options.authority);
  } else if (!options.listen.empty()) {
    const auto at = hosts::read_endpoint("--listen", options.listen);
    if (!at) return base::Failure(at.error());
    program.listen = *at;
  }
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::fail(base::Code::bad_input,
                        "--set is \"{}\"; expected NAME=VALUE, as in lost_ack=keep", setting);
    }
    program.settings[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  if (!options.script.empty()) {
    std::ifstream file(options.script);
    for (std::string line; std::getline(file, line);) program.script.push_back(line);
  }
  return program;
}

}  // namespace

int device(const DeviceOptions& options) {
  const auto program = read_device(options);
  if (!program) {
    complain("tillrig device: " + program.error().what + "\n");
    return kBadInput;
  }
  if (const auto ran = hosts::run_device(*program); !ran) {
    complain("tillrig device: " + ran.error().what + "\n");
    return ran.error().code == base::Code::bad_input ? kBadInput : kBlocked;
  }
  return kHeld;
}

}  // namespace tillrig::app
