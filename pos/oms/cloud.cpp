#include "pos/oms/cloud.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/spawn.hpp"
#include "pos/oms/mutants.hpp"
#include "pos/oms/server.hpp"
#include "pos/oms/sqlite_database.hpp"

#include <utility>

namespace tillrig::oms {

struct Cloud::Parts {
  Parts(const ports::Ports& ports, const Config& config, std::unique_ptr<Database> opened,
        std::unique_ptr<ports::Listener> listener)
      : database(std::move(opened)),
        api(*database, ports.clock, ports.recorder, config.rules, config.mutants, config.secrets),
        server(
            std::make_shared<Server>(ports, api, std::move(listener), config.uploads_per_second)) {}

  std::unique_ptr<Database> database;
  Api api;
  std::shared_ptr<Server> server;  // its coroutines may outlive the rest
};

Cloud::Cloud(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Cloud::~Cloud() {
  stop();
}

Result<std::unique_ptr<Cloud>> Cloud::start(const ports::Ports& ports, const Config& config) {
  SqliteOptions options;
  options.path = config.database;
  options.put_back = config.put_back;
  options.unique_ids = !kNoDedupe.on(config.mutants);
  auto database = open_sqlite(ports.disk, ports.entropy, options);
  if (!database) return base::Failure(database.error());
  auto listener = ports.network.listen(config.listen);
  if (!listener) return base::within("the cloud cannot listen", listener.error());
  std::unique_ptr<Cloud> cloud(new Cloud(
      std::make_unique<Parts>(ports, config, *std::move(database), *std::move(listener))));
  auto work = Server::serve(cloud->parts_->server);
  base::spawn(ports.executor, std::move(work));
  return cloud;
}

std::uint16_t Cloud::port() const {
  TILLRIG_ASSERT(parts_ != nullptr, "a stopped cloud has no port");
  return parts_->server->port();
}

Database& Cloud::database() {
  TILLRIG_ASSERT(parts_ != nullptr, "a stopped cloud has no database");
  return *parts_->database;
}

void Cloud::stop() {
  if (parts_ == nullptr) return;
  parts_->server->stop();
  parts_.reset();
}

}  // namespace tillrig::oms
