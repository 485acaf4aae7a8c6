#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

namespace tillrig::oracle::inv_55_what_has_to_be_taken_is_taken {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr std::string_view kPing = "/v1/ping";
constexpr std::string_view kUpload = "/v1/sync/up";
constexpr base::Duration kRecent = 20s;

// Whether an exchange says that the line, or the cloud behind it, is not there. A cloud that takes
// no upload is there all the same.
bool speaks_against_line(const WireEntry& wire) {
  if (wire.target == kUpload && wire.status >= 500 && wire.status <= 504) return false;
  return wire.status == 0 || wire.status >= 400 || !wire.from_cloud;
}

// A till that has just heard its cloud says that it is offline.
void check_link(const Evidence& evidence, const CashierEntry& shown, Judgement& judgement) {
  const Instant from = shown.at - std::min(kRecent, shown.at - Instant{0});
  const Life& life = evidence.life;
  if (life.faulted("wan", shown.till, from, shown.at)) return;
  if (life.next_change(shown.till, from) <= shown.at) return;
  std::size_t heard = 0;
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (wire.till != shown.till || wire.ended < from || wire.order > shown.order) continue;
    if (speaks_against_line(wire)) return;
    if (wire.target.starts_with(kPing)) ++heard;
  }
  ++judgement.judged;
  if (heard < 2) return;
  judgement.blame(shown.till, shown.at, shown.line,
                  fmt::format("{} calls itself offline although its cloud answers.", shown.till),
                  fmt::format("online: {} questions whether it is there were answered", heard),
                  fmt::format("offline, {}", shown.code));
}

Judgement check(const Evidence& evidence) {
  using Kind = Oddity::Kind;
  Judgement judgement;
  judgement.judged = evidence.account->refusals() + evidence.account->searches();
  tell_oddities(evidence, {Kind::act_refused, Kind::not_found}, judgement);
  for (const CashierEntry& shown : evidence.tapes.cashier) {
    if (shown.kind != CashierEntry::Kind::connection || shown.text != "offline") continue;
    check_link(evidence, shown, judgement);
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-55",
     .doc = "Nothing is refused that has to be taken: what a cashier asks for is done unless the "
            "sale, the shop, a person, the disk or a line that is needed stands against it, and "
            "then the till says so with a code that is right, on its screen too where it was "
            "keyed. A search finds what there is, and a "
            "till whose cloud answers does not call itself offline.",
     .params = {},
     .example = "waive = { INV-55 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_55_what_has_to_be_taken_is_taken
