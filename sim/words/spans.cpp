// What on the timeline takes time.
#include "sim/words/span.hpp"

namespace tillrig::words {
namespace {

constexpr Span kSpans[] = {
    {"checkout", "checkout.begun", "sale.acknowledged", "till", false, "",
     "From Complete to the cashier's being told."},
    {"commit", "sale.begun", "sale.acknowledged", "sale", false, "store",
     "The document is made safe in both copies."},
    {"sync", "sale.committed", "outbox.settled", "sale", true, "outbox",
     "A document waits until the cloud has answered for it."},
    {"upload", "batch.sent", "batch.answered batch.failed", "batch", false, "sync",
     "A batch is under way until its answer is in, or given up."},
    {"print", "sale.acknowledged", "receipt.printed receipt.in_doubt", "order", false, "printer",
     "A receipt is sent and comes out."},
    {"outage", "link.offline", "link.online", "till", false, "sync",
     "The till counts itself as disconnected."},
};

}  // namespace

std::span<const Span> spans() {
  return kSpans;
}

}  // namespace tillrig::words
