// A cloud that takes what it is sent, and says something else of it. Nothing is damaged: its sums
// fit.
#include "pos/wire/feed.hpp"
#include "sim/net/faults/aim.hpp"
#include "sim/world/faults/upload.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tillrig::world::lies {
namespace {

using net::Verdict;

// What becomes of the results when one of them is lied about.
using Lie = void (*)(std::vector<wire::UpResult>& results, std::size_t at);

// Lies about the first sale or refund of each upload that it hits.
template <Lie kLie>
class Lying final : public net::LineFault {
 public:
  explicit Lying(const words::Args& args) : aim_(args, net::kUploadPath) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    const auto batch = read_upload(request);
    const wire::UpItem* const about = batch ? first_document(*batch) : nullptr;
    if (about == nullptr || !aim_.hits(request)) return false;
    verdict.lie = [id = about->event.id.text()](base::HttpResponse& response) {
      if (response.status == 200) tell(response, id);
    };
    return true;
  }

 private:
  static void tell(base::HttpResponse& response, const std::string& id) {
    auto answer = wire::read_answer(response.body);
    if (!answer) return;
    auto& results = answer->results;
    const auto at = std::find_if(results.begin(), results.end(),
                                 [&](const wire::UpResult& result) { return result.id == id; });
    if (at == results.end()) return;
    kLie(results, static_cast<std::size_t>(at - results.begin()));
    replace_body(response, wire::write_json(*answer));
  }

  net::Aim aim_;
};

void give_other_hash(wire::UpResult& result) {
  if (result.hash.empty()) return;
  result.hash.front() = result.hash.front() == '0' ? '1' : '0';
}

void other_hash(std::vector<wire::UpResult>& results, std::size_t at) {
  give_other_hash(results[at]);
}

void conflict(std::vector<wire::UpResult>& results, std::size_t at) {
  results[at].status = wire::ItemStatus::conflict;
  results[at].code = "other_content";
  give_other_hash(results[at]);
}

void omit(std::vector<wire::UpResult>& results, std::size_t at) {
  results.erase(results.begin() + static_cast<std::ptrdiff_t>(at));
}

const auto kOtherHash = net::wan_fault<Lying<other_hash>>(
    {.name = "cloud.other_hash",
     .doc = "The cloud takes an upload, and acknowledges its first document with the hash of "
            "something else.",
     .params = {net::kCountParam},
     .example = R"({ fault = "cloud.other_hash", count = 1 })"},
    "the cloud's answers are true again; what was put aside stays so");

const auto kConflict = net::wan_fault<Lying<conflict>>(
    {.name = "cloud.conflict",
     .doc = "The cloud takes an upload, and says of its first document that it has another one "
            "under that id.",
     .params = {net::kCountParam},
     .example = R"({ fault = "cloud.conflict", count = 1 })"},
    "the cloud's answers are true again; what was put aside stays so");

const auto kOmits = net::wan_fault<Lying<omit>>(
    {.name = "cloud.omits",
     .doc = "The cloud takes an upload, and its answer says nothing of the first document in it.",
     .params = {net::kCountParam},
     .example = R"({ fault = "cloud.omits", count = 1 })"},
    "the cloud's answers are whole again; what it said nothing of is asked about again", true);

// Tells something else of the first row of each page of the feed that it hits and that has one.
template <void (*kLie)(std::vector<wire::FeedRow>& rows)>
class FeedLying final : public net::LineFault {
 public:
  explicit FeedLying(const words::Args& args) : aim_(args, "/v1/sync/down") {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    if (!aim_.hits(request)) return false;
    verdict.lie = [](base::HttpResponse& response) {
      if (response.status != 200) return;
      auto page = wire::read_feed_page(response.body);
      if (!page || page->rows.empty()) return;
      kLie(page->rows);
      replace_body(response, wire::write_json(*page));
    };
    return true;
  }

 private:
  net::Aim aim_;
};

void leave_out(std::vector<wire::FeedRow>& rows) {
  rows.erase(rows.begin());
}

void make_dearer(std::vector<wire::FeedRow>& rows) {
  auto item = wire::read_item(rows.front().body);
  if (!item) return;
  item->price += base::Money{1};
  rows.front().body = wire::write_item(*item);
}

const auto kRowLost = net::wan_fault<FeedLying<leave_out>>(
    {.name = "cloud.row_lost",
     .doc = "A page of goods or customers that the cloud tells lacks its first row, and looks as "
            "if it were whole.",
     .params = {net::kCountParam},
     .example = R"({ fault = "cloud.row_lost", count = 1 })"},
    "pages are whole again; what one lacked is missed until somebody compares: Trigger sync down");

const auto kRowWrong = net::wan_fault<FeedLying<make_dearer>>(
    {.name = "cloud.row_wrong",
     .doc = "A page of goods that the cloud tells has a price in its first row that is a cent "
            "more than the cloud's.",
     .params = {net::kCountParam},
     .example = R"({ fault = "cloud.row_wrong", count = 1 })"},
    "prices are told right again; one that was wrong stays so until somebody compares: Trigger "
    "sync down");

}  // namespace
}  // namespace tillrig::world::lies
