#include "pos/oms/cloud.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/host_process.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/output_file.hpp"
#include "sim/app/say.hpp"

namespace tillrig::app {

int oms(const OmsOptions& options) {
  oms::Config config;
  const auto refuse = [](const base::Error& error) {
    complain("tillrig oms: " + error.what + "\n");
    return kBadInput;
  };
  const auto at = read_endpoint("--listen", options.listen);
  if (!at) return refuse(at.error());
  config.listen = *at;
  const auto mutants = read_mutants(options.mutants);
  if (!mutants) return refuse(mutants.error());
  config.mutants = *mutants;
  config.rules.reject_skus.insert(options.reject_skus.begin(), options.reject_skus.end());
  if (auto made = make_folder(options.data); !made) return refuse(made.error());

  HostProcess process(options.data);
  auto cloud = oms::Cloud::start(process.ports(), config);
  if (!cloud) {
    complain("tillrig oms: " + cloud.error().what + "\n");
    return kBlocked;
  }
  HostProcess::say(fmt::format(R"({{"ev":"listening","port":{}}})", (*cloud)->port()));
  // What the connections still wait for ends by itself once the cloud has stopped.
  process.run([&cloud] { (*cloud)->stop(); });
  HostProcess::say(R"({"ev":"stopped"})");
  return kHeld;
}

}  // namespace tillrig::app
