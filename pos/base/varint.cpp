#include "pos/base/varint.hpp"

namespace tillrig::base {

void append_varint(Bytes& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>((value & 0x7f) | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void append_signed(Bytes& out, std::int64_t value) {
  append_varint(out, zigzag(value));
}

void append_text(Bytes& out, std::string_view text) {
  append_varint(out, text.size());
  out += text;
}

Result<std::uint64_t> VarintReader::varint() {
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (std::size_t i = at_; i < bytes_.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes_[i]);
    if (shift == 63 && byte > 1) {
      return fail(Code::corrupt, "the number at byte {} does not fit into 64 bits", at_);
    }
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift > 0) {
        return fail(Code::corrupt, "the number at byte {} is longer than it need be", at_);
      }
      at_ = i + 1;
      return value;
    }
    shift += 7;
  }
  return fail(Code::corrupt, "the bytes end at {} within the number at byte {}", bytes_.size(),
              at_);
}

Result<std::uint64_t> VarintReader::varint(std::uint64_t most) {
  const std::size_t start = at_;
  auto value = varint();
  if (value && *value > most) {
    at_ = start;
    return fail(Code::corrupt, "the number at byte {} is {}; at most {} makes sense there", start,
                *value, most);
  }
  return value;
}

Result<std::int64_t> VarintReader::signed_varint() {
  const auto value = varint();
  if (!value) return Failure(value.error());
  return unzigzag(*value);
}

Result<std::string_view> VarintReader::text() {
  const std::size_t start = at_;
  const auto length = varint();
  if (!length) return Failure(length.error());
  const std::size_t left = bytes_.size() - at_;
  if (*length > left) {
    at_ = start;
    return fail(Code::corrupt, "the text at byte {} claims {} bytes, but only {} are left", start,
                *length, left);
  }
  const auto found = bytes_.substr(at_, static_cast<std::size_t>(*length));
  at_ += found.size();
  return found;
}

Result<ByteView> VarintReader::raw(std::size_t length) {
  const std::size_t left = bytes_.size() - at_;
  if (length > left) {
    return fail(Code::corrupt, "{} bytes are expected at byte {}, but only {} are left", length,
                at_, left);
  }
  const auto found = bytes_.substr(at_, length);
  at_ += length;
  return found;
}

Result<void> VarintReader::finish() const {
  if (empty()) return {};
  return fail(Code::corrupt, "{} bytes are left over after byte {}, where the end was expected",
              bytes_.size() - at_, at_);
}

}  // namespace tillrig::base
