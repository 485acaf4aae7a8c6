#pragma once

#include "pos/ports/ports.hpp"
#include "pos/sync/down_lane.hpp"
#include "pos/sync/lane_host.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace tillrig::sync {

// Carries out what the down lane of one of the cloud's tables says: a page at a time, over a line
// of its own, so that what goes up never waits for it. Logging in is the uploader's. Who destroys
// it does so after its coroutine ended.
class Downloader {
 public:
  Downloader(const ports::Ports& ports, store::Shelf& shelf, CloudClient client,
             std::string_view table, LaneHost& host, base::Mutants mutants);

  void start();
  // Ends it; what it still hears changes nothing.
  void replace();
  void ring() { alarm_->ring(); }

  [[nodiscard]] std::string_view table() const { return table_; }
  DownLane& lane() { return lane_; }

 private:
  base::Awaitable<void> read();
  base::Awaitable<void> read_page(FeedAsk ask);

  const ports::Ports& ports_;
  LaneHost& host_;
  std::string_view table_;
  DownLane lane_;
  CloudClient client_;
  std::unique_ptr<ports::Alarm> alarm_;
  Patience patience_{std::chrono::seconds(30), std::chrono::minutes(10)};
  bool replaced_ = false;
};

}  // namespace tillrig::sync
