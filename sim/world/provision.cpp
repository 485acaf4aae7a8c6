#include "sim/world/provision.hpp"

#include "pos/base/hash.hpp"
#include "pos/oms/secrets.hpp"

#include <fmt/format.h>

namespace tillrig::world {

std::string Provision::secret_of(std::string_view till) const {
  return base::blake2b(fmt::format("{:016x} {}", root_, till)).hex();
}

std::string Provision::audit_secret() const {
  return secret_of(oms::Secrets::kAudit);
}

std::string Provision::office_secret() const {
  return secret_of(oms::Secrets::kOffice);
}

std::string Provision::acquirer_secret() const {
  return secret_of(oms::Secrets::kAcquirer);
}

std::string Provision::file(const std::vector<std::string>& tills) const {
  std::string text = fmt::format("{} {}\n", oms::Secrets::kAudit, audit_secret());
  text += fmt::format("{} {}\n", oms::Secrets::kOffice, office_secret());
  text += fmt::format("{} {}\n", oms::Secrets::kAcquirer, acquirer_secret());
  for (const std::string& till : tills) text += fmt::format("{} {}\n", till, secret_of(till));
  return text;
}

}  // namespace tillrig::world
