// The cloud itself turns uploads away, in its own words.
#include "sim/net/faults/aim.hpp"
#include "sim/world/faults/upload.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tillrig::world::turned_away {
namespace {

using net::Verdict;
using words::Kind;

void turn_away(Verdict& verdict, int status, std::string_view code, std::string_view why) {
  verdict.answer = net::stranger(status, wire::kContentType, {});
  replace_body(*verdict.answer, wire::write_problem(code, why));
  verdict.as_cloud = true;
}

bool sells(const wire::ReadItem& item, std::string_view sku) {
  if (!item.item) return false;
  const auto* const document = std::get_if<wire::Document>(&item.item->event.body);
  return document != nullptr &&
         std::any_of(document->lines.begin(), document->lines.end(),
                     [&](const wire::Line& line) { return line.sku == sku; });
}

class Unreadable final : public net::LineFault {
 public:
  explicit Unreadable(const words::Args& args)
      : aim_(args, net::kUploadPath), item_(args.text("item")) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    const auto batch = read_upload(request);
    if (!batch || std::none_of(batch->items.begin(), batch->items.end(),
                               [&](const auto& item) { return sells(item, item_); })) {
      return false;
    }
    if (!aim_.hits(request)) return false;
    turn_away(verdict, 400, "bad_json", "the batch cannot be read");
    return true;
  }

 private:
  net::Aim aim_;
  std::string item_;
};

class TooLarge final : public net::LineFault {
 public:
  explicit TooLarge(const words::Args& args)
      : aim_(args, net::kUploadPath), most_(static_cast<std::size_t>(args.number("items"))) {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    const auto batch = read_upload(request);
    if (!batch || batch->items.size() <= most_ || !aim_.hits(request)) return false;
    turn_away(verdict, 413, "too_large", "the batch is too large");
    return true;
  }

 private:
  net::Aim aim_;
  std::size_t most_;
};

// The login that it meets first, and no other.
class LoginLost final : public net::LineFault {
 public:
  explicit LoginLost(const words::Args& args) : fenced_(args.text("as", "fenced") == "fenced") {}

  bool judge(const base::HttpRequest& request, Verdict& verdict) override {
    const auto batch = read_upload(request);
    const std::string_view login = request.fields.get("Authorization");
    if (!batch || login.empty()) return false;
    if (lost_.empty()) lost_ = login;
    if (login != lost_) return false;
    if (fenced_) {
      turn_away(verdict, 409, "fenced", "the till has logged in again since; log in again");
    } else {
      turn_away(verdict, 401, "bad_token", "the token is not known; log in again");
    }
    return true;
  }

 private:
  bool fenced_;
  std::string lost_;
};

const auto kUnreadable = net::wan_fault<Unreadable>(
    {.name = "cloud.400",
     .doc = "The cloud itself answers 400 to every upload in which a certain item is sold, "
            "whatever else is in it: the guilty sale is put aside once it stands alone. The item "
            "stands under poison of [store] too.",
     .params = {{"item", Kind::item, "which item", true}, net::kCountParam},
     .example = R"({ fault = "cloud.400", item = "umbrella" })"},
    "the cloud reads everything again; what was put aside stays so");

const auto kTooLarge = net::wan_fault<TooLarge>(
    {.name = "cloud.413",
     .doc = "The cloud itself answers 413 to uploads of more than so many items.",
     .params = {{"items", Kind::count, "the most that it takes at once", true}, net::kCountParam},
     .example = R"({ fault = "cloud.413", items = 2 })"},
    "larger uploads are taken again; nothing was held");

const auto kLoginLost = net::wan_fault<LoginLost>(
    {.name = "cloud.login_lost",
     .doc = "The cloud does not accept the login any more with which the till uploads: it has to "
            "log in again, and is let in.",
     .params = {{"as", Kind::text,
                 "fenced (default): it is an older one, 409; unknown: there is none such, 401",
                 false, "fenced unknown"}},
     .example = R"({ fault = "cloud.login_lost" })"},
    "the old login counts again");

}  // namespace
}  // namespace tillrig::world::turned_away
