#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"
#include "sim/disk/volume.hpp"
#include "sim/oracle/tapes.hpp"
#include "sim/world/order.hpp"
#include "sim/world/provision.hpp"
#include "sim/world/setup.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace tillrig::world {

// What a shop had sold before a story begins: each till so many sales, all of the day before, in
// its first epoch, which is over. They stand in the tills' stores and in the cloud as the stack
// itself puts them there, each answered for. Nobody saw them being made, so that they are not on
// the tapes, but for whether the cloud keeps them. Without any, all that follows is empty.
class SoldBefore {
 public:
  explicit SoldBefore(const Setup& setup) : setup_(setup) {}

  // Fills a cloud's disk and keeps what each till's disk begins with. Errors: those of the stores;
  // protocol, naming a document that the cloud did not take.
  base::Result<void> write(disk::Volume& cloud, const Provision& provision);

  // What of it the cloud has: the first that it numbered.
  [[nodiscard]] const oracle::PastLook& in_cloud() const { return in_cloud_; }
  // Puts it on a till's disk, before that is used.
  void put_on(disk::Volume& disk, const std::string& till) const;
  // Asks a till for its Register Sales without these.
  static Order ask_sales(const Setup& setup);
  // How many of the events that a till counts as uploaded are of it.
  static std::uint64_t events_of_each(const Setup& setup);
  // Whether it is a day before the story.
  static bool has_day(const Setup& setup, const std::string& day);

 private:
  const Setup& setup_;
  std::map<std::string, std::map<std::string, base::Bytes>> disks_;
  oracle::PastLook in_cloud_;
};

}  // namespace tillrig::world
