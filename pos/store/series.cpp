#include "pos/store/series.hpp"

#include "pos/base/assert.hpp"

namespace tillrig::store {

void Series::given(const base::EventId& id, std::uint64_t number) {
  if (id.epoch != epoch_) {
    TILLRIG_ASSERT(id.epoch > epoch_ && id.seq == 1, "an epoch begins above the last, with 1");
    number_ = 0;
  } else {
    TILLRIG_ASSERT(id.seq == seq_ + 1, "events of an epoch are numbered without gaps");
  }
  epoch_ = id.epoch;
  seq_ = id.seq;
  if (number != 0) {
    TILLRIG_ASSERT(number == number_ + 1, "receipts of an epoch are numbered without gaps");
    number_ = number;
  }
}

}  // namespace tillrig::store
