#pragma once

#include "sim/oracle/account/account.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <initializer_list>
#include <string>

namespace tillrig::oracle {

// The first place where what is seen of a document differs from what it has to be; what differs
// after it most often follows from it.
class Difference {
 public:
  void note(std::string expected, std::string seen);
  // An amount in minor units, and the place where it was seen: "on the receipt".
  void amount(const Evidence& evidence, std::string_view what, std::int64_t right,
              std::int64_t seen, std::string_view where);
  void text(std::string_view what, std::string_view right, std::string_view seen,
            std::string_view where);

  // Written down as what does not hold of this document; nothing if nothing differed.
  void tell(const Evidence& evidence, const Document& document, const Due* due, std::string what,
            Judgement& judgement) &&;

 private:
  std::string expected_;
  std::string seen_;
};

// What tills showed and does not follow from what they were given, as far as it is of these kinds.
void tell_oddities(const Evidence& evidence, std::initializer_list<Oddity::Kind> kinds,
                   Judgement& judgement);

}  // namespace tillrig::oracle
