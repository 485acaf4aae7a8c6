#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/hash.hpp"
#include "pos/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::oms {

// Compares in a time that says nothing about where two texts of one length differ.
bool same_bytes(base::ByteView a, base::ByteView b);

// Who may speak to the cloud: the secrets that its tills, its auditors and its office were
// provisioned with.
// Only their hashes are kept, so that no secret can come into a log. Where none is listed at all
// everyone is let in; else nobody who is not.
class Secrets {
 public:
  static constexpr std::size_t kLeast = 16;                   // characters of a secret
  static constexpr std::size_t kMost = 256;                   // and at most
  static constexpr std::string_view kAudit = "@audit";        // the auditors, in a file of secrets
  static constexpr std::string_view kOffice = "@office";      // who changes the cloud's tables
  static constexpr std::string_view kAcquirer = "@acquirer";  // who takes the cards' money

  // A file of secrets, a line each: "TILL SECRET [SHOP]", or "@audit SECRET", "@office SECRET";
  // what follows # at the beginning of a line is for people. A name may have several, so that a
  // secret can be changed while both are in use. Errors: bad_input, naming the line, never what
  // stands in it.
  static base::Result<Secrets> read(std::string_view text, std::string_view file);

  // Errors: bad_input (no till's name; too short, too long, or not of printing characters without
  // blanks; the secret of another name; a till in two shops).
  base::Result<void> add(std::string_view name, std::string_view secret,
                         std::string_view shop = {});

  [[nodiscard]] bool open_to_all() const { return entries_.empty(); }
  [[nodiscard]] bool has_tills() const;
  [[nodiscard]] bool has_audit() const;

  // The hash under which this name's secret is listed; nothing when it is not.
  [[nodiscard]] std::optional<base::Hash256> find(std::string_view name,
                                                  std::string_view secret) const;
  // All of a name.
  [[nodiscard]] std::vector<base::Hash256> of(std::string_view name) const;
  // Whether two tills stand in one shop.
  [[nodiscard]] bool same_shop(std::string_view till, std::string_view other) const;

 private:
  struct Entry {
    std::string name;
    base::Hash256 hash;
    std::string shop;
  };
  [[nodiscard]] std::string_view shop_of(std::string_view till) const;

  std::vector<Entry> entries_;
};

}  // namespace tillrig::oms
