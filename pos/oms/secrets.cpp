#include "pos/oms/secrets.hpp"

#include "pos/base/ids.hpp"

#include <algorithm>

namespace tillrig::oms {
namespace {

using base::Code;
using base::fail;

// The next word of a line, which loses it.
std::string_view take_word(std::string_view& line) {
  constexpr std::string_view kBlank = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlank));
  line.remove_prefix(word.size());
  return word;
}

bool printing(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

// Somebody who is no till.
bool is_person(std::string_view name) {
  return name == Secrets::kAudit || name == Secrets::kOffice || name == Secrets::kAcquirer;
}

}  // namespace

bool same_bytes(base::ByteView a, base::ByteView b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

base::Result<Secrets> Secrets::read(std::string_view text, std::string_view file) {
  Secrets secrets;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string where = fmt::format("{}, line {}", file, number);
    const std::string_view name = take_word(line);
    if (name.empty() || name.starts_with('#')) continue;
    const std::string_view secret = take_word(line);
    const std::string_view shop = take_word(line);
    if (secret.empty() || !take_word(line).empty()) {
      return fail(Code::bad_input,
                  "{}: expected \"TILL SECRET\", \"TILL SECRET SHOP\" or \"{} SECRET\"", where,
                  kAudit);
    }
    if (auto added = secrets.add(name, secret, shop); !added) {
      return base::within(where, added.error());
    }
  }
  return secrets;
}

base::Result<void> Secrets::add(std::string_view name, std::string_view secret,
                                std::string_view shop) {
  if (!is_person(name) && !base::is_till_name(name)) {
    return fail(Code::bad_input,
                "the first word is no till's name (1 to 32 of a-z, 0-9 and -) and not {} or {}",
                kAudit, kOffice);
  }
  if (secret.size() < kLeast || secret.size() > kMost || !printing(secret)) {
    return fail(Code::bad_input,
                "the secret has {} characters; expected {} to {} printing ones, as from: openssl "
                "rand -hex 32",
                secret.size(), kLeast, kMost);
  }
  const base::Hash256 hash = base::blake2b(secret);
  const bool shared = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.hash == hash && entry.name != name;
  });
  if (shared) {
    return fail(Code::bad_input,
                "the secret is another's too; expected one for each till, and one "
                "for the auditors");
  }
  const bool known =
      std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  if (known && shop_of(name) != shop) {
    return fail(Code::bad_input,
                "the till stands in another shop by an earlier line; expected one");
  }
  entries_.push_back({std::string(name), hash, std::string(shop)});
  return {};
}

bool Secrets::has_tills() const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const Entry& entry) { return !is_person(entry.name); });
}

bool Secrets::has_audit() const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const Entry& entry) { return entry.name == kAudit; });
}

// All are looked at, so that the time says nothing of which it was.
std::optional<base::Hash256> Secrets::find(std::string_view name, std::string_view secret) const {
  const base::Hash256 hash = base::blake2b(secret);
  bool listed = false;
  for (const Entry& entry : entries_) {
    const bool same = same_bytes(entry.hash.view(), hash.view());
    listed |= same && entry.name == name;
  }
  return listed ? std::optional(hash) : std::nullopt;
}

std::vector<base::Hash256> Secrets::of(std::string_view name) const {
  std::vector<base::Hash256> hashes;
  for (const Entry& entry : entries_) {
    if (entry.name == name) hashes.push_back(entry.hash);
  }
  return hashes;
}

std::string_view Secrets::shop_of(std::string_view till) const {
  for (const Entry& entry : entries_) {
    if (entry.name == till) return entry.shop;
  }
  return "";
}

bool Secrets::same_shop(std::string_view till, std::string_view other) const {
  return shop_of(till) == shop_of(other);
}

}  // namespace tillrig::oms
