#include "sim/trace/pcapng.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::trace {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::uint16_t kRawIp = 101;
constexpr std::uint16_t kIfName = 2;
constexpr std::uint16_t kIfResolution = 9;
constexpr char kNanoseconds = 9;
constexpr std::size_t kMostSegment = 1400;
constexpr std::uint32_t kTillAddress = 0x0a000001;    // 10.0.0.1
constexpr std::uint32_t kDeviceAddress = 0x0a000002;  // 10.0.0.2
constexpr std::uint16_t kFirstTillPort = 40'000;
constexpr std::uint16_t kWindow = 65'535;
constexpr unsigned kFin = 0x01;
constexpr unsigned kSyn = 0x02;
constexpr unsigned kRst = 0x04;
constexpr unsigned kPsh = 0x08;
constexpr unsigned kAck = 0x10;

// Little-endian, as the blocks of the file are.
template <class Int>
void put_low(base::Bytes& out, Int number) {
  for (std::size_t i = 0; i < sizeof(Int); ++i) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xff);
  }
}

// Big-endian, as packets are.
template <class Int>
void put_high(base::Bytes& out, Int number) {
  for (std::size_t i = sizeof(Int); i-- > 0;) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xff);
  }
}

void pad(base::Bytes& out) {
  while (out.size() % 4 != 0) out += '\0';
}

void put_option(base::Bytes& out, std::uint16_t code, std::string_view value) {
  put_low(out, code);
  put_low(out, static_cast<std::uint16_t>(value.size()));
  out += value;
  pad(out);
}

std::uint32_t sum_of(base::ByteView bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t byte = static_cast<unsigned char>(bytes[i]);
    sum += i % 2 == 0 ? byte << 8 : byte;
  }
  return sum;
}

std::uint16_t checksum(std::uint32_t sum) {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void replace(base::Bytes& in, std::size_t at, std::uint16_t number) {
  in[at] = static_cast<char>(number >> 8);
  in[at + 1] = static_cast<char>(number & 0xff);
}

}  // namespace

Pcapng::Pcapng(Write write, std::string_view name, std::uint16_t port)
    : write_(std::move(write)), port_(port) {
  base::Bytes section;
  put_low(section, kByteOrder);
  put_low(section, std::uint16_t{1});  // version 1.0
  put_low(section, std::uint16_t{0});
  put_low(section, std::int64_t{-1});  // of any length
  block(kSectionHeader, section);
  base::Bytes interface;
  put_low(interface, kRawIp);
  put_low(interface, std::uint16_t{0});
  put_low(interface, std::uint32_t{0});  // whole packets
  put_option(interface, kIfName, name);
  put_option(interface, kIfResolution, std::string_view(&kNanoseconds, 1));
  put_low(interface, std::uint32_t{0});  // the end of the options
  block(kInterface, interface);
}

void Pcapng::block(std::uint32_t type, const base::Bytes& body) {
  constexpr std::uint32_t kFrame = 12;  // the type, and the length twice
  base::Bytes out;
  const auto length = static_cast<std::uint32_t>(body.size()) + kFrame;
  put_low(out, type);
  put_low(out, length);
  out += body;
  put_low(out, length);
  write_(out);
}

int Pcapng::connected(std::int64_t at) {
  Flow& flow = flows_[++last_];
  flow.till_port = static_cast<std::uint16_t>(kFirstTillPort + last_ % 20'000);
  packet(flow, true, kSyn, {}, at);
  packet(flow, false, kSyn | kAck, {}, at);
  packet(flow, true, kAck, {}, at);
  return last_;
}

void Pcapng::sent(int connection, bool to_device, base::ByteView bytes, std::int64_t at) {
  const auto flow = flows_.find(connection);
  if (flow == flows_.end()) return;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kMostSegment);
    packet(flow->second, to_device, kPsh | kAck, bytes.substr(0, size), at);
    bytes.remove_prefix(size);
  }
}

void Pcapng::ended(int connection, bool by_device, bool reset, std::int64_t at) {
  const auto flow = flows_.find(connection);
  if (flow == flows_.end()) return;
  packet(flow->second, !by_device, reset ? kRst | kAck : kFin | kAck, {}, at);
  flows_.erase(flow);
}

void Pcapng::packet(Flow& flow, bool to_device, unsigned flags, base::ByteView bytes,
                    std::int64_t at) {
  std::uint32_t& mine = to_device ? flow.from_till : flow.from_device;
  const std::uint32_t theirs = to_device ? flow.from_device : flow.from_till;
  base::Bytes tcp;
  put_high(tcp, to_device ? flow.till_port : port_);
  put_high(tcp, to_device ? port_ : flow.till_port);
  put_high(tcp, mine);
  put_high(tcp, (flags & kAck) != 0 ? theirs : 0U);
  tcp += '\x50';  // five words of header
  tcp += static_cast<char>(flags);
  put_high(tcp, kWindow);
  put_high(tcp, std::uint32_t{0});  // checksum, and no urgent data
  tcp += bytes;
  const bool counts = (flags & (kSyn | kFin)) != 0;
  mine += static_cast<std::uint32_t>(bytes.size()) + (counts ? 1U : 0U);

  base::Bytes addresses;
  put_high(addresses, to_device ? kTillAddress : kDeviceAddress);
  put_high(addresses, to_device ? kDeviceAddress : kTillAddress);
  constexpr std::uint32_t kTcp = 6;
  constexpr std::size_t kChecksumOfTcp = 16;
  replace(tcp, kChecksumOfTcp,
          checksum(sum_of(tcp, sum_of(addresses) + kTcp + static_cast<std::uint32_t>(tcp.size()))));

  constexpr std::size_t kIpHeader = 20;
  constexpr std::size_t kChecksumOfIp = 10;
  base::Bytes ip("\x45\x00", 2);
  put_high(ip, static_cast<std::uint16_t>(kIpHeader + tcp.size()));
  put_high(ip, packets_++);
  ip += base::Bytes("\x40\x00\x40\x06\x00\x00", 6);  // not to be cut; 64 hops; TCP
  ip += addresses;
  replace(ip, kChecksumOfIp, checksum(sum_of(ip)));
  ip += tcp;

  base::Bytes body;
  put_low(body, std::uint32_t{0});  // the interface
  const auto time = static_cast<std::uint64_t>(at);
  put_low(body, static_cast<std::uint32_t>(time >> 32));
  put_low(body, static_cast<std::uint32_t>(time));
  put_low(body, static_cast<std::uint32_t>(ip.size()));
  put_low(body, static_cast<std::uint32_t>(ip.size()));
  body += ip;
  pad(body);
  block(kEnhancedPacket, body);
}

}  // namespace tillrig::trace
