#pragma once

#include "devices/terminal/host.hpp"
#include "sim/peers/acquirer.hpp"
#include "sim/world/device_post.hpp"
#include "sim/world/recording.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tillrig::world {

// The acquirer in a world: behind each card terminal, and at the cloud's door with what became of
// payments. Its settlement file is a tape.
class CardHouse {
 public:
  CardHouse(const ports::Ports& ports, Recording& recording);
  ~CardHouse();
  CardHouse(const CardHouse&) = delete;
  CardHouse& operator=(const CardHouse&) = delete;

  // Where the cloud's door is, and what opens it to the acquirer.
  void at(ports::Endpoint door, std::string secret);
  // Stands behind this terminal from now on; outcomes are chosen by the amount as the preset has
  // it.
  void serve(DevicePost& terminal, std::string by_amount);

  [[nodiscard]] peers::Acquirer& acquirer() { return acquirer_; }
  // Whether any terminal is served.
  [[nodiscard]] bool open() const { return !lines_.empty(); }
  // The acquirer's file of the day comes to the cloud: of what it does not have nothing was
  // charged.
  void day_ends();
  // Captures what stands, and puts the settlement file on the tapes.
  void close_books();

 private:
  class Line;
  void put_on_tape();
  static base::Awaitable<void> answer(CardHouse* self, Line* line, terminal::HostAnswer answer,
                                      base::Instant at);
  static base::Awaitable<void> tell_cloud(CardHouse* self);

  const ports::Ports& ports_;
  Recording& recording_;
  peers::Acquirer acquirer_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::unique_ptr<ports::Alarm> work_;  // since the first terminal
  ports::Endpoint door_;
  std::string secret_;
  std::size_t taped_ = 0;  // rows of the settlement file
};

}  // namespace tillrig::world
