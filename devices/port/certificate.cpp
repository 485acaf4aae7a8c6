#include "devices/port/certificate.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace tillrig::port {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
  void operator()(T* what) const { Free(what); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Freed<X509, X509_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;

constexpr long kVersion3 = 2;
constexpr std::size_t kSerial = 16;

std::string text_in(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_in(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_in(bio.get());
}

BioPtr bio_of(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

bool extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  if (made == nullptr) return false;
  const bool added = X509_add_ext(certificate, made, -1) == 1;
  X509_EXTENSION_free(made);
  return added;
}

bool is_address(const std::string& host) {
  ASN1_OCTET_STRING* const address = a2i_IPADDRESS(host.c_str());
  ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

std::string names_of(const Claim& claim) {
  std::string names;
  for (const std::string& host : claim.hosts) {
    names +=
        fmt::format("{}{}:{}", names.empty() ? "" : ",", is_address(host) ? "IP" : "DNS", host);
  }
  return names;
}

base::Failure refused(const Claim& claim) {
  return base::fail(base::Code::io, "no certificate could be made for \"{}\"", claim.name);
}

base::Result<Identity> make(const Claim& claim, X509* issuer, EVP_PKEY* issuer_key) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertPtr certificate(X509_new());
  unsigned char serial[kSerial];
  if (!key || !certificate || RAND_bytes(serial, sizeof(serial)) != 1) return refused(claim);
  serial[0] &= 0x7f;
  const bool authority = issuer == nullptr;
  X509* const cert = certificate.get();
  X509_set_version(cert, kVersion3);
  BIGNUM* const number = BN_bin2bn(serial, sizeof(serial), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
  BN_free(number);
  ASN1_TIME_set(X509_getm_notBefore(cert), claim.from);
  ASN1_TIME_set(X509_getm_notAfter(cert), claim.until);
  X509_set_pubkey(cert, key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(claim.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert, X509_get_subject_name(authority ? cert : issuer));
  X509* const by = authority ? cert : issuer;
  bool good =
      extend(cert, by, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE") &&
      extend(cert, by, NID_subject_key_identifier, "hash");
  if (authority) {
    good = good && extend(cert, by, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    good = good && extend(cert, by, NID_authority_key_identifier, "keyid") &&
           extend(cert, by, NID_key_usage, "critical,digitalSignature") &&
           extend(cert, by, NID_ext_key_usage, "serverAuth");
  }
  if (!claim.hosts.empty()) good = good && extend(cert, by, NID_subject_alt_name, names_of(claim));
  EVP_PKEY* const signer = authority ? key.get() : issuer_key;
  if (!good || X509_sign(cert, signer, EVP_sha256()) == 0) return refused(claim);
  return Identity{pem_of(cert), pem_of(key.get())};
}

}  // namespace

base::Result<Identity> mint_authority(const Claim& claim) {
  return make(claim, nullptr, nullptr);
}

base::Result<Identity> mint(const Identity& authority, const Claim& claim) {
  const CertPtr issuer(
      PEM_read_bio_X509(bio_of(authority.certificate).get(), nullptr, nullptr, nullptr));
  const KeyPtr key(PEM_read_bio_PrivateKey(bio_of(authority.key).get(), nullptr, nullptr, nullptr));
  if (!issuer || !key) {
    return base::fail(base::Code::bad_input,
                      "the authority for \"{}\" is no certificate with a key", claim.name);
  }
  return make(claim, issuer.get(), key.get());
}

}  // namespace tillrig::port
