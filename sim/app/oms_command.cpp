#include "sim/app/commands.hpp"
#include "sim/app/exit_codes.hpp"
#include "sim/app/mutant_names.hpp"
#include "sim/app/output_file.hpp"
#include "sim/app/say.hpp"
#include "sim/app/secret_file.hpp"
#include "sim/hosts/host_process.hpp"
#include "sim/hosts/oms_program.hpp"

namespace tillrig::app {

int oms(const OmsOptions& options) {
  oms::Config config;
  const auto refuse = [](const base::Error& error) {
    complain("tillrig oms: " + error.what + "\n");
    return kBadInput;
  };
  const auto at = hosts::read_endpoint("--listen", options.listen);
  if (!at) return refuse(at.error());
  config.listen = *at;
  if (!options.secrets.empty()) {
    auto secrets = read_secrets(options.secrets);
    if (!secrets) return refuse(secrets.error());
    config.secrets = *std::move(secrets);
  }
  const auto mutants = read_mutants(options.mutants);
  if (!mutants) return refuse(mutants.error());
  config.mutants = *mutants;
  config.rules.reject_skus.insert(options.reject_skus.begin(), options.reject_skus.end());
  if (auto made = make_folder(options.data); !made) return refuse(made.error());
  if (const auto ran = hosts::run_oms(config, options.data); !ran) {
    complain("tillrig oms: " + ran.error().what + "\n");
    return ran.error().code == base::Code::bad_input ? kBadInput : kBlocked;
  }
  return kHeld;
}

}  // namespace tillrig::app
