#pragma once

#include "pos/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oms {

using base::Result;

// From where the tills log in. A till that is started anew comes from another place, and never from
// the old one again; when that is heard of once more, its files are in two places: two tills under
// one name. Each of them has a login that stands, from when it was told.
class Homes {
 public:
  virtual ~Homes() = default;

  // A login with this generation; inside a transaction. True: two work under this name, and this
  // login is told.
  virtual Result<bool> came(std::string_view till, std::string_view home,
                            std::uint64_t generation) = 0;
  // Whether a login that is not the newest of its till stands all the same.
  virtual Result<bool> stands(std::string_view till, std::uint64_t generation) = 0;
  // The tills under whose name two work, for the audit.
  virtual Result<std::vector<std::string>> doubled() = 0;
};

}  // namespace tillrig::oms
