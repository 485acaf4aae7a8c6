#include "sim/hosts/oms_program.hpp"

#include "sim/hosts/host_process.hpp"

namespace tillrig::hosts {

base::Result<void> run_oms(const oms::Config& config, const std::string& folder) {
  HostProcess process(folder);
  auto cloud = oms::Cloud::start(process.ports(), config);
  if (!cloud) return base::Failure(cloud.error());
  HostProcess::say(fmt::format(R"({{"ev":"listening","port":{}}})", (*cloud)->port()));
  // What the connections still wait for ends by itself once the cloud has stopped.
  process.run([&cloud] { (*cloud)->stop(); });
  HostProcess::say(R"({"ev":"stopped"})");
  return {};
}

}  // namespace tillrig::hosts
