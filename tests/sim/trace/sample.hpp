#pragma once

#include "sim/trace/format.hpp"
#include "sim/trace/reader.hpp"
#include "sim/trace/sink.hpp"
#include "sim/trace/writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

// Small timelines that the tests share.
namespace tillrig::trace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): 5s, 20ms

namespace sample {

inline RunInfo run() {
  return {"drop-mid-sale", "title = \"The internet drops\"\n", 4711, "0.1"};
}

// A trading day in small: per sale a scan, a basket, a payment, a commit with its sync, an outbox
// entry, a send and its acknowledgement; every 50th sale meets a timeout. Virtual time moves in
// the steps that such a day has: milliseconds within a sale, seconds between sales.
struct Day {
  std::uint64_t sales = 100;
  std::uint64_t odd_sale = 0;  // its payment is 1 more than in any other day
  std::uint64_t flush_every = 0;
};

inline void trade(Writer& writer, const Day& day) {
  const LaneId cashier = writer.lane("till-1/cashier");
  const LaneId store = writer.lane("till-1/store");
  const LaneId outbox = writer.lane("till-1/outbox");
  const LaneId cloud = writer.lane("cloud/oms");
  const Name scan = writer.intern("scan");
  const Name pay = writer.intern("pay");
  const Name commit = writer.intern("commit");
  const Name queued = writer.intern("queued");
  const Name sent = writer.intern("sent");
  const Name stored = writer.intern("stored");
  const Name ack = writer.intern("ack");
  const Name late = writer.intern("timeout");
  const Name item = writer.intern("item");
  const Name milk = writer.intern("milk");
  const Name amount = writer.intern("amount");
  const Name bytes = writer.intern("bytes");
  const Name depth = writer.intern("depth");
  const Name tries = writer.intern("try");
  base::Instant now{0};
  for (std::uint64_t i = 1; i <= day.sales; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    const Name sale = writer.intern(fmt::format("S-{:06}", i));
    const Arg what[] = {{item, milk}};
    const Arg money[] = {{amount, 1000 + n % 90 + (i == day.odd_sale ? 1 : 0)}};
    const Arg size[] = {{bytes, 300 + n % 40}, {tries, n % 50 == 0 ? 2 : 1}};
    const Arg deep[] = {{depth, n % 7}};
    const auto tell = [&](LaneId lane, Name name, base::Duration later, std::uint64_t cause,
                          std::uint32_t line, base::Duration took, std::span<const Arg> args,
                          Severity severity = Severity::info) {
      now = now + later;
      return writer.write({now, lane, name, sale, cause, severity, line, took, args});
    };
    const auto first = tell(cashier, scan, 43s + 250ms, 0, 21, 0s, what);
    tell(cashier, scan, 1s + 700ms, 0, 21, 0s, what);
    const auto paid = tell(cashier, pay, 9s, first, 22, 4s, money);
    const auto kept = tell(store, commit, 2ms, paid, 22, 6ms, size);
    const auto waits = tell(outbox, queued, 6ms, kept, 22, 0s, deep);
    auto out = tell(outbox, sent, 0ms, waits, 22, 0s, size);
    if (i % 50 == 0) {
      const auto lost = tell(outbox, late, 5s, out, 22, 5s, {}, Severity::warning);
      out = tell(outbox, sent, 500ms, lost, 22, 0s, size);
    }
    const auto there = tell(cloud, stored, 21ms, out, 22, 3ms, {});
    tell(outbox, ack, 20ms, there, 22, 0s, deep);
    if (day.flush_every != 0 && i % day.flush_every == 0) {
      EXPECT_TRUE(writer.flush());
    }
  }
}

inline base::Bytes day(const Day& what, const RunInfo& of = run(),
                       const std::optional<HostInfo>& host = std::nullopt) {
  MemorySink sink;
  Writer writer(sink, of, host);
  trade(writer, what);
  EXPECT_TRUE(writer.finish());
  return sink.bytes();
}

inline Reader open(base::Bytes bytes) {
  auto reader = Reader::open(std::move(bytes), "run.tlog");
  EXPECT_TRUE(reader) << reader.error().what;
  return std::move(*reader);
}

inline std::vector<Event> events(const Reader& reader) {
  std::vector<Event> all;
  Event event;
  auto cursor = reader.from();
  while (cursor.next(event)) all.push_back(event);
  EXPECT_FALSE(cursor.error()) << cursor.error()->what;
  return all;
}

// Makes the checksum of every chunk hold again, as far as chunks can be found.
inline void reseal(base::Bytes& bytes, std::size_t first_chunk) {
  for (std::size_t at = first_chunk; bytes.size() - at >= kChunkHeaderBytes;) {
    const auto header = read_chunk_header(base::ByteView(bytes).substr(at));
    const std::size_t whole = kChunkHeaderBytes + std::size_t{header.payload};
    if (whole > bytes.size() - at) return;
    const std::uint32_t crc = chunk_crc(base::ByteView(bytes).substr(at, whole));
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + 60 + i] = static_cast<char>(static_cast<std::uint8_t>(crc >> (8 * i)));
    }
    at += whole;
  }
}

// A folder of its own for one test, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tillrig-trace-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string put(const std::string& name, const base::Bytes& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace sample
}  // namespace tillrig::trace
