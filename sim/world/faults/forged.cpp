// Somebody on the line who has the till's login: what is sent again is another document.
#include "sim/net/faults/aim.hpp"
#include "sim/world/faults/upload.hpp"

#include <string>
#include <utility>

namespace tillrig::world::forged {
namespace {

using net::Verdict;

// The batch again, its first document a millisecond later than it was, with the hash of that.
void forge(base::HttpRequest& request, const base::EventId& id) {
  const auto sent = read_upload(request);
  if (!sent) return;
  wire::UpBatch batch;
  batch.till = sent->till;
  batch.epoch = sent->epoch;
  batch.generation = sent->generation;
  batch.batch = sent->batch;
  for (const wire::ReadItem& item : sent->items) {
    if (!item.item) return;
    batch.items.push_back(*item.item);
    wire::UpItem& last = batch.items.back();
    if (last.event.id != id) continue;
    ++last.event.wall.ms;
    last.hash = wire::payload_hash(last.event);
  }
  replace_body(request, wire::write_json(batch));
}

class Forged final : public net::LineFault {
 public:
  explicit Forged(const words::Args& args) : aim_(args, net::kUploadPath) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    const auto batch = read_upload(request);
    const wire::UpItem* const document = batch ? first_document(*batch) : nullptr;
    if (document == nullptr) return false;
    const base::EventId& id = document->event.id;
    if (known_ && *known_ == id) {
      verdict.forge = [id](base::HttpRequest& passing) { forge(passing, id); };
      known_.reset();
      return true;
    }
    if (known_ || !aim_.hits(request)) return false;
    known_ = id;
    verdict.lose_answer = true;
    return true;
  }

 private:
  net::Aim aim_;
  std::optional<base::EventId> known_;  // the cloud has it, and the till does not know
};

const auto kForged = net::wan_fault<Forged>(
    {.name = "wan.forged",
     .doc = "The answer to an upload is lost, and what the till sends again is changed on its way: "
            "another document under the id of the first, with a hash and a sum that fit.",
     .params = {net::kCountParam},
     .example = R"({ fault = "wan.forged", count = 1 })"},
    "uploads pass as they are; what was put aside stays so");

// Somebody who does not have the till's login, and makes one up.
class MadeUp final : public net::LineFault {
 public:
  explicit MadeUp(const words::Args& args) : aim_(args, net::kUploadPath) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.forge = [](base::HttpRequest& passing) {
      for (auto& [name, value] : passing.fields.all) {
        if (name == "Authorization" && !value.empty()) {
          value.back() = value.back() == '0' ? '1' : '0';
        }
      }
    };
    return true;
  }

 private:
  net::Aim aim_;
};

const auto kMadeUp = net::wan_fault<MadeUp>(
    {.name = "wan.login_made_up",
     .doc =
         "An upload comes to the cloud with a login that the cloud has not given, another one by "
         "a letter.",
     .params = {net::kCountParam},
     .example = R"({ fault = "wan.login_made_up", count = 1 })"},
    "uploads pass as they are");

}  // namespace
}  // namespace tillrig::world::forged
