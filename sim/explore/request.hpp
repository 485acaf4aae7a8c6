#pragma once

#include "pos/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tillrig::explore {

// One playing of one run, as asked of a worker process: everything it needs, because the run must
// be the same whoever plays it.
struct Request {
  std::string file;
  std::uint64_t plan = 0;  // which of the file's plans, from 0
  std::uint64_t call = 0;  // of a sweep: die before this port call; 0: count the calls
  std::uint64_t seed = 1;
  std::vector<std::string> mutants;
  std::string bed = "virtual";
  std::string timeline;  // path for the .tlog; empty: none
  std::string scratch;   // folder for what the live bed's processes keep; whoever asks removes it

  bool operator==(const Request&) const = default;
  static void describe(auto& self, auto& fields) {
    auto number = static_cast<std::int64_t>(self.seed);  // JSON's numbers have a sign here
    fields("file", self.file)("plan", self.plan)("call", self.call)("seed", number)(
        "mutants", self.mutants)("bed", self.bed)("timeline", self.timeline)("scratch",
                                                                             self.scratch);
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(self)>>) {
      self.seed = static_cast<std::uint64_t>(number);
    }
  }
};

// As one line of JSON, and back. Errors: bad_input, naming the field.
std::string write_request(const Request& request);
base::Result<Request> read_request(std::string_view line);

}  // namespace tillrig::explore
