#pragma once

#include "pos/base/bytes.hpp"
#include "pos/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tillrig::terminal::nexo {

// What till and terminal share to hide their messages from each other's network, beside TLS.
struct Key {
  std::string identifier;
  std::uint32_t version = 1;
  std::string passphrase;

  bool operator==(const Key&) const = default;
};

// Messages inside NexoBlob and SecurityTrailer, as Adyen's terminals have them: AES-256-CBC and
// HMAC-SHA256 under keys that PBKDF2 makes of the passphrase. The header stays readable.
class Seal {
 public:
  explicit Seal(Key key);
  ~Seal();
  Seal(const Seal&) = delete;
  Seal& operator=(const Seal&) = delete;

  // The nonce is made of the message and of how many were sealed before it: no two are alike.
  [[nodiscard]] std::string close(std::string_view message);
  // Errors: bad_input; protocol, when it was not sealed with this key or has been changed since.
  [[nodiscard]] base::Result<std::string> open(std::string_view sealed) const;

 private:
  struct Keys;
  Key key_;
  std::unique_ptr<Keys> keys_;
  std::uint64_t sealed_ = 0;
};

// Whether a text is a sealed message, if it is any.
bool is_sealed(std::string_view text);

}  // namespace tillrig::terminal::nexo
