#pragma once

#include "pos/base/ids.hpp"

#include <cstdint>
#include <string>

namespace tillrig::store {

// The numbers that this till gives: event ids and receipt numbers of the current epoch, without
// gaps (INV-07). A number counts as given only once its event is committed.
class Series {
 public:
  explicit Series(std::string till) : till_(std::move(till)) {}

  // What the store holds of its newest epoch.
  void resume(std::uint32_t epoch, std::uint64_t seq, std::uint64_t number) {
    epoch_ = epoch;
    seq_ = seq;
    number_ = number;
  }
  // The id and the receipt number that the `ahead`th event from now would get, from 1.
  [[nodiscard]] base::EventId id(std::uint64_t ahead = 1) const {
    return {till_, epoch_, seq_ + ahead};
  }
  [[nodiscard]] std::uint64_t number(std::uint64_t ahead = 1) const { return number_ + ahead; }
  // An event was committed; `number` is 0 if it took no receipt number.
  void given(const base::EventId& id, std::uint64_t number);

  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  [[nodiscard]] std::uint64_t high_number() const { return number_; }

 private:
  std::string till_;
  std::uint32_t epoch_ = 0;
  std::uint64_t seq_ = 0;
  std::uint64_t number_ = 0;
};

}  // namespace tillrig::store
