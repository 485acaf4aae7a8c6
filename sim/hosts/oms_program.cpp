#include "sim/hosts/oms_program.hpp"

#include "pos/base/json_fields.hpp"
#include "sim/hosts/host_process.hpp"

namespace tillrig::hosts {

base::Result<void> run_oms(const oms::Config& config, const std::string& folder) {
  const bool guarded = config.secrets.has_tills() && config.secrets.has_audit();
  if (!guarded && !host::is_loopback(config.listen)) {
    return base::fail(
        base::Code::bad_input,
        "{} can be reached from other machines, and the secrets of {} are not set: "
        "list them in a file of lines (\"TILL SECRET\" and \"{} SECRET\") and name it "
        "with --secrets, or listen on 127.0.0.1",
        config.listen.host, config.secrets.has_tills() ? "the auditors" : "the tills",
        oms::Secrets::kAudit);
  }
  HostProcess process(folder);
  auto cloud = oms::Cloud::start(process.ports(), config);
  if (!cloud) return base::Failure(cloud.error());
  std::string line;
  base::JsonWriter fields(line);
  fields("ev", std::string_view("listening"))("address", config.listen.host)(
      "port", (*cloud)->port())("till_secrets", config.secrets.has_tills())(
      "audit_secret", config.secrets.has_audit());
  fields.close();
  HostProcess::say(line);
  // What the connections still wait for ends by itself once the cloud has stopped.
  process.run([&cloud] { (*cloud)->stop(); });
  HostProcess::say(R"({"ev":"stopped"})");
  return {};
}

}  // namespace tillrig::hosts
