#pragma once

#include "pos/ports/ports.hpp"
#include "pos/sync/lane_host.hpp"
#include "pos/sync/up_lane.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tillrig::sync {

// Carries out what the up lane says: a window of workers, each with a connection of its own. There
// is one; a second one beside it is a mutant. Who destroys it does so after its coroutines ended.
class Uploader {
 public:
  struct Config {
    ports::Endpoint cloud;
    std::string till;
    std::string secret;  // of the till; empty: it has none
    base::Mutants mutants;
  };
  Uploader(const ports::Ports& ports, store::Outbox& store, Config config, LaneHost& host);
  ~Uploader();

  void start();
  // Ends its workers; what one of them still hears changes nothing.
  void replace();
  void ring();
  // Somebody wants it sent now, whether the link counts as online or not.
  void now();

  UpLane& lane() { return lane_; }

 private:
  struct Worker;
  [[nodiscard]] bool may_send() const;
  base::Awaitable<void> work_loop(Worker& worker);
  base::Awaitable<void> upload(Worker& worker, Outgoing outgoing);

  const ports::Ports& ports_;
  Config config_;
  LaneHost& host_;
  UpLane lane_;
  std::vector<std::unique_ptr<Worker>> workers_;
  bool replaced_ = false;
  bool wanted_ = false;  // by somebody
};

}  // namespace tillrig::sync
