#include "devices/terminal/nexo/seal.hpp"

#include "devices/terminal/nexo/fields.hpp"
#include "devices/terminal/nexo/json_text.hpp"
#include "pos/base/json_fields.hpp"

#include <boost/json/serialize.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tillrig::terminal::nexo {
namespace {

using Block = std::array<unsigned char, 16>;

constexpr std::string_view kSalt = "AdyenNexoV1Salt";
constexpr int kRounds = 4000;
constexpr std::size_t kHash = 32;
constexpr std::size_t kLongestBlob = 256 * 1024;
constexpr std::string_view kBlob = "NexoBlob";
constexpr std::string_view kTrailer = "SecurityTrailer";

const unsigned char* raw(base::ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

std::string to_base64(base::ByteView bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(raw(out), raw(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<base::Bytes> from_base64(std::string_view text) {
  base::Bytes out(text.size() / 4 * 3 + 1, '\0');
  const int size = EVP_DecodeBlock(raw(out), raw(text), static_cast<int>(text.size()));
  if (text.size() % 4 != 0 || size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  out.resize(static_cast<std::size_t>(size) -
             std::min<std::size_t>(padding, static_cast<std::size_t>(size)));
  return out;
}

base::Bytes hmac(base::ByteView key, base::ByteView message) {
  base::Bytes out(kHash, '\0');
  unsigned size = kHash;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(message), message.size(),
       raw(out), &size);
  return out;
}

// One direction of AES-256-CBC; nothing when the text cannot have come from the other.
std::optional<base::Bytes> cipher(bool encrypts, base::ByteView key, const Block& iv,
                                  base::ByteView text) {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  base::Bytes out(text.size() + iv.size(), '\0');
  int first = 0;
  int last = 0;
  const bool good = EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, raw(key),
                                      iv.data(), encrypts ? 1 : 0) == 1 &&
                    EVP_CipherUpdate(context.get(), raw(out), &first, raw(text),
                                     static_cast<int>(text.size())) == 1 &&
                    EVP_CipherFinal_ex(context.get(), raw(out) + first, &last) == 1;
  if (!good) return std::nullopt;
  out.resize(static_cast<std::size_t>(first + last));
  return out;
}

struct Trailer {
  std::int64_t crypto_version = 1;
  std::string hmac;
  std::string key_identifier;
  std::int64_t key_version = 1;
  std::string nonce;

  static void describe(auto& self, auto& fields) {
    fields("AdyenCryptoVersion", self.crypto_version)("Hmac", self.hmac);
    fields("KeyIdentifier", self.key_identifier)("KeyVersion", self.key_version);
    fields("Nonce", self.nonce);
  }
};

}  // namespace

struct Seal::Keys {
  base::Bytes hmac;
  base::Bytes cipher;
  Block iv{};

  [[nodiscard]] Block mixed(base::ByteView nonce) const {
    Block out = iv;
    for (std::size_t i = 0; i < out.size() && i < nonce.size(); ++i) {
      out[i] = static_cast<unsigned char>(out[i] ^ static_cast<unsigned char>(nonce[i]));
    }
    return out;
  }
};

Seal::Seal(Key key) : key_(std::move(key)), keys_(std::make_unique<Keys>()) {
  base::Bytes all(kHash + kHash + keys_->iv.size(), '\0');
  PKCS5_PBKDF2_HMAC_SHA1(key_.passphrase.data(), static_cast<int>(key_.passphrase.size()),
                         raw(kSalt), static_cast<int>(kSalt.size()), kRounds,
                         static_cast<int>(all.size()), raw(all));
  keys_->hmac = all.substr(0, kHash);
  keys_->cipher = all.substr(kHash, kHash);
  std::copy(all.begin() + 2 * kHash, all.end(), keys_->iv.begin());
}

Seal::~Seal() = default;

std::string Seal::close(std::string_view message) {
  const std::string counted =
      base::to_hex({reinterpret_cast<const char*>(&sealed_), sizeof(sealed_)});
  ++sealed_;
  const base::Bytes nonce =
      hmac(keys_->hmac, counted + std::string(message)).substr(0, keys_->iv.size());
  const auto blob = cipher(true, keys_->cipher, keys_->mixed(nonce), message);
  Trailer trailer;
  trailer.hmac = to_base64(hmac(keys_->hmac, message));
  trailer.key_identifier = key_.identifier;
  trailer.key_version = key_.version;
  trailer.nonce = to_base64(nonce);

  // The header stands before it as it stands in the message itself.
  const auto value = base::parse_json(message);
  const base::json::object* const all = value ? value->if_object() : nullptr;
  std::string out;
  base::JsonWriter outer(out);
  if (all != nullptr && !all->empty() && all->begin()->value().is_object()) {
    const auto& [root, body] = *all->begin();
    base::JsonWriter inner(outer.lead(std::string_view(root.data(), root.size())));
    if (const auto* const header = body.as_object().if_contains("MessageHeader")) {
      inner.lead("MessageHeader") += base::json::serialize(*header);
    }
    inner(kBlob, to_base64(blob.value_or(base::Bytes())))(kTrailer, trailer);
    inner.close();
  }
  outer.close();
  return out;
}

base::Result<std::string> Seal::open(std::string_view sealed) const {
  const auto value = parse_decimal_json(sealed);
  if (!value) return base::Failure(value.error());
  const Fields all(*value, "the sealed message");
  const Fields root =
      all.at(all.has("SaleToPOIResponse") ? "SaleToPOIResponse" : "SaleToPOIRequest");
  const std::string blob = root.need(kBlob, kLongestBlob);
  const Fields trailer = root.at(kTrailer);
  const std::string sum = trailer.need("Hmac");
  const std::string salt = trailer.need("Nonce");
  const std::string identifier = trailer.need("KeyIdentifier");
  if (auto good = all.check(); !good) return base::Failure(good.error());
  if (identifier != key_.identifier) {
    return base::fail(base::Code::protocol,
                      "the message is sealed with the key \"{}\"; expected \"{}\"", identifier,
                      key_.identifier);
  }
  const auto bytes = from_base64(blob);
  const auto nonce = from_base64(salt);
  const auto said = from_base64(sum);
  if (!bytes || !nonce || !said || nonce->size() != keys_->iv.size()) {
    return base::fail(base::Code::bad_input,
                      "NexoBlob, Hmac or Nonce is no base64 of a size that fits");
  }
  auto text = cipher(false, keys_->cipher, keys_->mixed(*nonce), *bytes);
  const base::Bytes is = text ? hmac(keys_->hmac, *text) : base::Bytes();
  if (!text || is.size() != said->size() ||
      CRYPTO_memcmp(is.data(), said->data(), is.size()) != 0) {
    return base::fail(base::Code::protocol,
                      "the message was sealed with another passphrase than ours, or has been "
                      "changed since");
  }
  return *std::move(text);
}

bool is_sealed(std::string_view text) {
  const auto value = parse_decimal_json(text);
  const base::json::object* const all = value ? value->if_object() : nullptr;
  if (all == nullptr) return false;
  return std::any_of(all->begin(), all->end(), [](const auto& root) {
    return root.value().is_object() &&
           root.value().as_object().contains(base::json::string_view(kBlob.data(), kBlob.size()));
  });
}

}  // namespace tillrig::terminal::nexo
