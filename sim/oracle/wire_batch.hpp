#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::oracle {

// What POST /v1/sync/up carries (reference: domain 3.4), read by the oracle itself. The views point
// into the text that was read.
struct SentItem {
  std::uint64_t seq = 0;
  std::string_view id;
  std::string_view kind;
  std::string_view aggregate;
  std::string_view hash;
  std::string_view body;  // the JSON of its document
};

struct SentBatch {
  std::string_view till;
  std::uint64_t epoch = 0;
  std::uint64_t generation = 0;
  std::uint64_t batch = 0;
  std::vector<SentItem> items;
};

struct ItemAnswer {
  std::string_view id;
  std::string_view status;
  std::string_view code;
  std::string_view hash;
  bool other = false;  // the hash of something else than was sent

  // The cloud says that it holds the item.
  [[nodiscard]] bool proves() const { return status == "applied" || status == "duplicate"; }
  // ... and it is the item that was sent.
  [[nodiscard]] bool acknowledges() const { return proves() && !other; }
  // The cloud says that it will not take the item as it is.
  [[nodiscard]] bool refuses() const { return status == "rejected" || status == "conflict"; }
};

// Nothing if the text is not whole or not of that form: a cut answer is no answer.
std::optional<SentBatch> read_sent(std::string_view body);
std::optional<std::vector<ItemAnswer>> read_answers(std::string_view body);
// Up to which number the cloud says that it has all of the batch's epoch.
std::optional<std::uint64_t> read_through(std::string_view body);
// What a manifest and its answer say; the views point into the texts. Nothing as above.
struct ManifestSaid {
  std::vector<std::pair<std::string_view, std::string_view>> asked;  // id and hash
  std::vector<std::string_view> missing;
  std::vector<std::string_view> different;
};
std::optional<ManifestSaid> read_manifest_exchange(std::string_view body, std::string_view answer);
// Of each epoch the highest receipt number that a login's answer tells.
std::optional<std::vector<std::pair<std::uint64_t, std::uint64_t>>> read_highs(
    std::string_view body);
// The generation that a login's answer gives.
std::optional<std::uint64_t> read_generation(std::string_view body);

}  // namespace tillrig::oracle
