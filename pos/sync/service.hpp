#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/ports.hpp"
#include "pos/store/outbox.hpp"
#include "pos/sync/cloud_client.hpp"
#include "pos/sync/connectivity.hpp"
#include "pos/sync/session.hpp"
#include "pos/sync/up_lane.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::sync {

struct ServiceConfig {
  std::string till = "till-1";
  ports::Endpoint cloud{"cloud", 8080, false};
  ConnectivityConfig connectivity;
  base::Mutants mutants;
};

// Keeps the till in touch with its cloud: probes, logs in, uploads. Runs as coroutines on the
// ports' executor from start() until the process ends or stop(). The store outlives it.
class Service {
 public:
  // Told at every change of link or cause, and after every change of the queue's counters.
  struct Listener {
    std::function<void(Link, Cause)> connection;
    std::function<void()> counters;
    std::function<void()> logged_in;
  };

  Service(const ports::Ports& ports, store::Outbox& store, ServiceConfig config, Listener listener);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The first probe and, if it succeeds, the login; before any sale is taken.
  base::Awaitable<Cause> first_contact();
  // What the login said, while it stands.
  [[nodiscard]] const std::optional<wire::LoggedIn>& logged_in() const { return session_.login(); }

  void start();
  // Ends everything; the store and the listener are not called any more.
  void stop();
  // There is something new to send.
  void kick();
  // Somebody says that the line is there: look now.
  void probe_now();

  [[nodiscard]] Link link() const { return connectivity_.link(); }
  // Why the cloud cannot be reached; or login: it can, but does not take us.
  [[nodiscard]] Cause cause() const {
    const Cause line = connectivity_.cause();
    return line == Cause::none && session_.refused() ? Cause::login : line;
  }
  [[nodiscard]] bool online() const { return connectivity_.online(); }

 private:
  struct Worker;
  struct Uploader;

  base::Awaitable<void> probe_loop();
  base::Awaitable<void> work_loop(Worker& worker);
  base::Awaitable<void> upload(Worker& worker, Outgoing outgoing);
  base::Awaitable<Cause> log_in(CloudClient& client);
  void start_uploader();
  void heard(Cause cause);
  void tell();

  const ports::Ports& ports_;
  store::Outbox& store_;
  ServiceConfig config_;
  Listener listener_;
  Connectivity connectivity_;
  CloudClient prober_;
  std::unique_ptr<ports::Alarm> probe_alarm_;
  Session session_;
  std::vector<std::unique_ptr<Uploader>> uploaders_;
  std::pair<Link, Cause> told_{Link::starting, Cause::none};  // what the listener knows
  bool running_ = false;
  bool probe_due_ = false;  // before Connectivity wants it
  bool stopped_ = false;
};

}  // namespace tillrig::sync
