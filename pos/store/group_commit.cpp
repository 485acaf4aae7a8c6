#include "pos/store/group_commit.hpp"

namespace tillrig::store {

bool GatherWindow::ready(std::size_t waiting, base::Instant since, base::Instant now) const {
  if (waiting == 0) return false;
  return waiting >= in_flight_ || now >= deadline(since);
}

void GatherWindow::done(base::Duration took, std::size_t batch, std::size_t arrived) {
  in_flight_ = batch + arrived;
  if (average_ == base::Duration{}) {
    average_ = took;
  } else {
    average_ += (took - average_) / kMemory;
  }
}

}  // namespace tillrig::store
