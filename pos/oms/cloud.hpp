#pragma once

#include "pos/base/mutant.hpp"
#include "pos/oms/rules.hpp"
#include "pos/oms/secrets.hpp"
#include "pos/ports/ports.hpp"

#include <memory>
#include <string>

namespace tillrig::oms {

class Database;

// What a cloud is started with.
struct Config {
  ports::Endpoint listen{"cloud", 443, false};
  std::string database = "cloud.db";     // on the volume of the ports
  bool put_back = false;                 // it was copied back from an older backup
  std::uint32_t uploads_per_second = 0;  // the others wait for their turn; 0: there are no others
  Rules rules;
  Secrets secrets;  // of tills and auditors; none: everyone is let in
  base::Mutants mutants;
};

// The cloud as a process: database, API and server put together on the ports given.
class Cloud {
 public:
  // Opens the database and listens. Errors: those of the Database and of Network::listen.
  static base::Result<std::unique_ptr<Cloud>> start(const ports::Ports& ports,
                                                    const Config& config);
  // As stop().
  ~Cloud();

  // The port listened at.
  [[nodiscard]] std::uint16_t port() const;
  // For auditors in the same process.
  [[nodiscard]] Database& database();

  // Closes connections and database; what was acknowledged is on stable storage before and after.
  void stop();

 private:
  struct Parts;
  explicit Cloud(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace tillrig::oms
