#pragma once

#include "pos/base/http.hpp"
#include "pos/wire/event.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::wire {

// What till and cloud say to each other (reference: domain 3.4). Every request and answer of ours
// has this content type; an answer without it is somebody else's and is not an answer.
inline constexpr std::string_view kContentType = "application/vnd.tillrig+json";

// Most epochs of a till: the store keeps an epoch (23 bits) and a seq (40) in one whole number.
inline constexpr std::uint32_t kMostEpoch = (1U << 23U) - 1;
inline constexpr std::size_t kLoginEpochs = 100;        // most epochs that a login tells of
inline constexpr std::size_t kBatchItems = 100;         // most items of one batch
inline constexpr std::size_t kBatchBytes = 256 * 1024;  // most bytes of its JSON, uncompressed
inline constexpr std::size_t kWindow = 4;               // most batches in flight
inline constexpr std::size_t kBodyLimit =
    1024 * 1024;  // what the cloud reads at most, uncompressed

inline constexpr std::size_t kReceiptRefunds = 500;  // most refunds told with a sale
inline constexpr std::size_t kTextBytes = 256;       // of a SKU or a name
inline constexpr std::size_t kLineBytes = 960;       // of a line's JSON
static_assert(kDocumentLines * kLineBytes + 64 * 1024 <= kBodyLimit,
              "64 KiB are for the payments and what stands around a document");
static_assert(kDocumentLines * (kLineBytes + 40) + kReceiptRefunds * 68 + 1024 <= kBodyLimit,
              "a sale with what was given back of it is an answer that a till reads");

// GET /v1/ping?nonce=N. The nonce comes back, so that a captive portal cannot fake it.
struct Pong {
  std::string nonce;
  std::int64_t server_ms = 0;
  std::string server_epoch;
  std::uint64_t feed = 0;  // number of the newest change of its tables (feed.hpp); 0: there is none

  static void describe(auto& self, auto& fields) {
    fields("nonce", self.nonce)("server_ms", self.server_ms, kAmounts)("server_epoch",
                                                                       self.server_epoch)
        .maybe("feed", self.feed);
  }
};

// The body of a login; empty or {} from tills that do not say their version.
struct Login {
  std::string version;
  std::string home;  // where the till's files are, in its own words: another one for each copy

  static void describe(auto& self, auto& fields) {
    fields.maybe("version", self.version, {.bytes = 32}).maybe("home", self.home, {.bytes = 32});
  }
};

// POST /v1/tills/{till}/login {"version":"1.15.0"}, with "Authorization: Bearer SECRET" where the
// till has one: fences all older generations of this till. Answered with 401 and this code when the
// secret is missing or another; then nothing is fenced.
inline constexpr std::string_view kBadSecret = "bad_secret";
struct LoggedIn {
  std::string token;
  std::uint64_t generation = 0;
  std::string server_epoch;
  // For the newest epochs of this till that the cloud knows, oldest of them first: highest receipt
  // number, contiguous seq.
  struct High {
    std::uint32_t epoch = 0;
    std::uint64_t number = 0;
    std::uint64_t contiguous_through = 0;

    static void describe(auto& self, auto& fields) {
      fields("epoch", self.epoch, {.least = 0, .most = kMostEpoch})("number", self.number)(
          "contiguous_through", self.contiguous_through);
    }
  };
  std::vector<High> highs;
  // Two work under the name of this till, in turn: its files are in two places.
  bool two = false;

  static void describe(auto& self, auto& fields) {
    fields("token", self.token)("generation", self.generation, {.least = 1})(
        "server_epoch", self.server_epoch)("highs", self.highs, {.entries = kLoginEpochs})
        .maybe("two", self.two);
  }
};

// GET /v1/receipts/{sale}[?after=N]: the lines of a sale, and how much of each came back. Answered
// with 404 and this code when the asking till's shop has no such sale.
inline constexpr std::string_view kNoSale = "no_sale";
struct Receipt {
  struct Sold {
    Line line;
    Quantity given_back{0};

    static void describe(auto& self, auto& fields) {
      Line::describe(self.line, fields);
      fields("given_back", self.given_back, {.least = 0, .most = kMostAmount});
    }
  };
  std::string sale;
  std::string currency;
  bool on_top = false;
  std::vector<Sold> lines;
  // The refunds that make up what was given back, so far as whoever asks made them: so that it can
  // tell which of its own are not among them. In the order in which they came; where there are
  // more, ?after=N asks for those after the first N.
  std::vector<std::string> refunds;
  bool more = false;
  std::string member;       // whose points the sale gave; empty: nobody's
  std::int64_t points = 0;  // that it gave

  static void describe(auto& self, auto& fields) {
    fields("sale", self.sale, {.bytes = 64})("currency", self.currency, {.bytes = 3})(
        "lines", self.lines, {.entries = kDocumentLines})("refunds", self.refunds,
                                                          {.bytes = 64, .entries = kReceiptRefunds})
        .maybe("more", self.more)
        .maybe("on_top", self.on_top)
        .maybe("member", self.member, {.bytes = kTailBytes})
        .maybe("points", self.points, kAmounts);
  }
};

// POST /v1/sync/up. All items are of one epoch, in seq order.
struct UpItem {
  Event event;
  base::Hash256 hash;
};

struct UpBatch {
  std::string till;
  std::uint32_t epoch = 0;
  std::uint64_t generation = 0;
  std::uint64_t batch = 0;  // number of the batch within the generation, from 1
  std::vector<UpItem> items;
};

enum class ItemStatus { applied, duplicate, conflict, rejected, deferred };
constexpr auto names_of(ItemStatus) {
  return base::named<ItemStatus>({
      {ItemStatus::applied, "applied"},
      {ItemStatus::duplicate, "duplicate"},
      {ItemStatus::conflict, "conflict"},
      {ItemStatus::rejected, "rejected"},
      {ItemStatus::deferred, "deferred"},
  });
}

struct UpResult {
  std::string id;
  ItemStatus status = ItemStatus::applied;
  // Why, for conflict, rejected and deferred; of what stands, why a person should look at it.
  std::string code;
  std::string hash;     // hex; of what the cloud holds under this id (empty when it holds nothing)
  std::uint64_t v = 0;  // the cloud's version of the event; 0 when not stored

  static void describe(auto& self, auto& fields) {
    fields("uuid", self.id, {.bytes = 64})("status", self.status)("code", self.code)("v", self.v)(
        "hash", self.hash, {.bytes = 64});
  }
};

struct UpAnswer {
  std::vector<UpResult> results;
  std::uint64_t contiguous_through = 0;  // of the batch's epoch
  std::uint64_t window = kWindow;
  std::uint64_t retry_after_ms = 0;

  static void describe(auto& self, auto& fields) {
    fields("results", self.results, {.entries = kBatchItems})(
        "contiguous_through", self.contiguous_through)("window", self.window)("retry_after_ms",
                                                                              self.retry_after_ms);
  }
};

// Both directions of each. Writers give the whole body; readers check every field, its type and its
// range. Errors: bad_input, too_large.
Bytes write_json(const Pong& pong);
Bytes write_json(const Login& login);
Bytes write_json(const LoggedIn& login);
Bytes write_json(const Receipt& receipt);
Bytes write_json(const UpBatch& batch);
// The same in two steps, so that a batch ends where the limit is: as many of the items as fit into
// `most` bytes are appended to `list`, at least one; returns how many. Then the whole body; the
// batch's own items are not looked at.
std::size_t append_items(std::string& list, std::span<const UpItem> items, std::size_t most);
Bytes write_json(const UpBatch& batch, std::string_view list);
// What stands around the list of items, at most.
inline constexpr std::size_t kBatchHeadBytes = 256;
Bytes write_json(const UpAnswer& answer);
Bytes write_problem(std::string_view code,
                    std::string_view what);  // {"error":{"code":..,"what":..}}

// What write_problem wrote.
struct Problem {
  std::string code;
  std::string what;

  static void describe(auto& self, auto& fields) {
    fields("code", self.code, {.bytes = 64})("what", self.what, {.bytes = 1024});
  }
};
Result<Problem> read_problem(ByteView body);

Result<Pong> read_pong(ByteView body);
Result<Login> read_login_asked(ByteView body);
Result<LoggedIn> read_login(ByteView body);
Result<Receipt> read_receipt(ByteView body);
// The batch, with for each item either the event or why it cannot be one: a bad item must not stop
// its neighbours (INV-24).
struct ReadItem {
  std::string id;
  std::uint64_t seq = 0;
  Result<UpItem> item;
};

struct ReadBatch {
  std::string till;
  std::uint32_t epoch = 0;
  std::uint64_t generation = 0;
  std::uint64_t batch = 0;
  std::vector<ReadItem> items;
};
Result<ReadBatch> read_batch(ByteView body);
Result<UpAnswer> read_answer(ByteView body);

// zstd, level 1; the sender takes the result when it is smaller than the body and tells the
// receiver by "Content-Encoding: zstd". unpack: errors protocol (not exactly one whole zstd frame
// that states its unpacked size), too_large (over `limit` when unpacked; checked before unpacking).
Bytes pack(ByteView body);
Result<Bytes> unpack(ByteView packed, std::size_t limit);

}  // namespace tillrig::wire
