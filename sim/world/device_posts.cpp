#include "sim/world/device_posts.hpp"

#include "pos/base/spawn.hpp"

namespace tillrig::world {
namespace {

using base::Instant;

constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kPaperColumns = 42;

}  // namespace

ScannerPost::ScannerPost(ports::Ports ports, ports::Endpoint at)
    : ports_(std::move(ports)), at_(std::move(at)), work_(ports_.make_alarm()) {}

base::Result<std::uint16_t> ScannerPost::open() {
  auto listener = ports_.network.listen(at_);
  if (!listener) return base::Failure(listener.error());
  listener_ = std::move(*listener);
  return listener_->port();
}

base::Awaitable<void> ScannerPost::serve() {
  auto writing = write_out();
  base::spawn(ports_.executor, std::move(writing));
  for (;;) {
    auto accepted = co_await listener_->accept();
    if (!accepted) co_return;
    channel_ = std::move(*accepted);
    work_->ring();
  }
}

void ScannerPost::scan(std::string_view code) {
  out_.push_back(scanner_.scan(code));
  work_->ring();
}

base::Awaitable<void> ScannerPost::write_out() {
  for (;;) {
    while (!out_.empty() && channel_ != nullptr) {
      const std::shared_ptr<base::ByteChannel> channel = channel_;
      base::Bytes bytes = std::move(out_.front());
      out_.pop_front();
      const Instant for_ever = Instant::never();
      auto written = co_await channel->write(std::move(bytes), for_ever);
      if (!written && channel == channel_) channel_.reset();
    }
    const Instant for_ever = Instant::never();
    co_await work_->sleep_until(for_ever);
  }
}

PrinterPost::PrinterPost(ports::Ports ports, ports::Endpoint at, std::string till,
                         Recording& recording)
    : ports_(std::move(ports)),
      at_(std::move(at)),
      till_(std::move(till)),
      recording_(recording),
      work_(ports_.make_alarm()) {}

base::Result<std::uint16_t> PrinterPost::open() {
  auto listener = ports_.network.listen(at_);
  if (!listener) return base::Failure(listener.error());
  listener_ = std::move(*listener);
  return listener_->port();
}

base::Awaitable<void> PrinterPost::serve() {
  auto writing = write_out();
  base::spawn(ports_.executor, std::move(writing));
  for (;;) {
    auto accepted = co_await listener_->accept();
    if (!accepted) co_return;
    const std::shared_ptr<base::ByteChannel> channel = std::move(*accepted);
    channel_ = channel;
    for (;;) {
      const Instant for_ever = Instant::never();
      auto bytes = co_await channel->read(kReadBytes, for_ever);
      if (!bytes || bytes->empty()) break;
      base::Bytes reply = printer_.feed(*bytes, ports_.clock.now());
      collect();
      say(std::move(reply));
    }
  }
}

void PrinterPost::say(base::Bytes reply) {
  if (reply.empty()) return;
  out_ += reply;
  work_->ring();
}

void PrinterPost::collect() {
  const auto& paper = printer_.paper();
  while (collected_ < paper.size() && paper[collected_].complete) {
    recording_.paper(till_, printer::paper_text(paper[collected_], kPaperColumns), true);
    ++collected_;
  }
}

base::Awaitable<void> PrinterPost::write_out() {
  for (;;) {
    while (!out_.empty() && channel_ != nullptr) {
      const std::shared_ptr<base::ByteChannel> channel = channel_;
      base::Bytes bytes = std::move(out_);
      out_.clear();
      const Instant for_ever = Instant::never();
      auto written = co_await channel->write(std::move(bytes), for_ever);
      if (!written) break;
    }
    const Instant for_ever = Instant::never();
    co_await work_->sleep_until(for_ever);
  }
}

}  // namespace tillrig::world
