#pragma once

#include "pos/ports/ports.hpp"
#include "sim/oracle/tapes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tillrig::world {

// What an auditor sees of the cloud: its rows, read at its own door and not through a till's line.
// Rows are numbered and only ever added to, so a look asks for those that are new; from() forgets
// what was read.
class CloudView {
 public:
  explicit CloudView(const ports::Ports& ports) : ports_(ports) {}

  // Where the cloud's door is, and what opens it to an auditor; what was read of it is forgotten.
  // Its first rows are of before the story, and no look has them: so many events and postings.
  void from(ports::Endpoint door, std::string secret, oracle::PastLook past = {});

  // All rows by now. The reference holds until the next call. Errors: those of the network;
  // protocol, naming the field that is wrong.
  base::Awaitable<base::Result<const std::vector<oracle::CloudEntry>*>> rows();
  // What was read so far.
  [[nodiscard]] const std::vector<oracle::CloudEntry>& known() const { return rows_; }
  // The bodies of what was read anew for the last time.
  [[nodiscard]] const std::vector<oracle::HeldBody>& bodies() const { return bodies_; }
  // The ids of what the cloud has refused and keeps for a person. Errors: as rows().
  base::Awaitable<base::Result<std::vector<std::string>>> refused();
  // What the cloud's ledgers have. Errors: as rows().
  base::Awaitable<base::Result<std::vector<oracle::PostingEntry>>> postings();
  base::Awaitable<base::Result<std::vector<oracle::HoldEntry>>> holds();
  // As rows(), all of them read anew, with their bodies.
  base::Awaitable<base::Result<const std::vector<oracle::CloudEntry>*>> rows_anew();
  // What it holds of before the story, in short. Errors: as rows().
  base::Awaitable<base::Result<oracle::PastLook>> past();

 private:
  struct Postings {
    std::vector<oracle::PostingEntry> rows;
    std::int64_t last = 0;  // number of the last one
  };
  void forget();
  base::Awaitable<base::Result<base::Bytes>> ask(std::string target);
  // True: there may be more.
  base::Awaitable<base::Result<bool>> read_page(bool bodies);
  base::Awaitable<base::Result<const std::vector<oracle::CloudEntry>*>> read_on(bool bodies);
  base::Awaitable<base::Result<Postings>> read_postings_after(std::int64_t last);

  const ports::Ports& ports_;
  ports::Endpoint door_;
  std::string secret_;
  std::vector<oracle::CloudEntry> rows_;
  std::vector<oracle::HeldBody> bodies_;
  oracle::PastLook past_;
  std::uint64_t newest_ = 0;
};

}  // namespace tillrig::world
