#include "devices/printer/driver.hpp"

#include <utility>

namespace tillrig::printer {
namespace {

constexpr char kBlock = '\x37';
constexpr char kDoneBlock = '\x22';
constexpr std::size_t kDoneSize = 7;
constexpr int kAsked[] = {1, 2, 4};
constexpr std::size_t kMostAsked = 4 * std::size(kAsked);
constexpr unsigned kSensorMask = 0x90;  // GS r: both clear
constexpr unsigned kSensorNearEnd = 0x03;

}  // namespace

bool is_ready(const PrinterStatus& status) {
  return status.known && status.online && !status.paper_end && !status.cover_open && !status.error;
}

std::string describe(const PrinterStatus& status) {
  if (!status.known) return "the receipt printer does not answer; check its cable and power";
  if (status.cover_open) return "the receipt printer's cover is open; close it";
  if (status.paper_end) return "the receipt printer is out of paper; put in a new roll";
  if (status.error) return "the receipt printer reports an error; switch it off and on";
  if (!status.online) return "the receipt printer is offline; press its online button";
  if (status.paper_near_end) return "the receipt printer's paper is near its end";
  return "the receipt printer is ready";
}

PrinterDriver::PrinterDriver(DriverOptions options)
    : options_(options), serial_(options.first_job) {}

JobId PrinterDriver::print(base::Bytes job) {
  const JobId id = job_id(serial_++);
  job += EscPos().ask_done(id).take();
  jobs_.push_back(Job{id, std::move(job), 0, {}});
  return id;
}

base::Bytes PrinterDriver::next() {
  if (jobs_.empty() || held_ || (status_.known && !status_.online)) return {};
  Job& job = jobs_.front();
  CommandParser parser = job.parser;
  std::size_t end = job.sent;       // what is sent if no command ends within the chunk
  std::size_t boundary = job.sent;  // behind the last whole command
  while (end < job.bytes.size() && end - job.sent < options_.chunk_bytes) {
    const auto unit = parser.take(static_cast<unsigned char>(job.bytes[end++]));
    if (parser.between_units()) boundary = end;
    if (unit && unit->bytes == base::ByteView("\x1dr\x01")) ++paper_asked_;
  }
  if (boundary > job.sent) {
    end = boundary;
    parser.reset();
  }
  job.parser = parser;
  base::Bytes chunk = job.bytes.substr(job.sent, end - job.sent);
  job.sent = end;
  return chunk;
}

base::Bytes PrinterDriver::ask() {
  // Old requests that were never answered (the printer had no power) make room for new ones; a set
  // is dropped whole, so that the sets still waiting stay in step.
  while (asked_.size() >= kMostAsked) {
    do {
      asked_.pop_front();
    } while (!asked_.empty() && asked_.front() != kAsked[0]);
  }
  base::Bytes out;
  for (int n : kAsked) {
    asked_.push_back(n);
    out += ask_status(n);
  }
  return out;
}

std::optional<JobId> PrinterDriver::under_way() const {
  if (jobs_.empty() || jobs_.front().sent == 0) return std::nullopt;
  return jobs_.front().id;
}

std::optional<JobId> PrinterDriver::reset() {
  const std::optional<JobId> doubtful = under_way();
  if (doubtful) jobs_.pop_front();
  held_ = false;
  block_.clear();
  asked_.clear();
  paper_asked_ = 0;
  coming_ = PrinterStatus{};
  status_ = PrinterStatus{};
  return doubtful;
}

std::vector<PrinterEvent> PrinterDriver::feed(base::ByteView bytes) {
  std::vector<PrinterEvent> out;
  for (char byte : bytes) take(byte, out);
  return out;
}

void PrinterDriver::take(char byte, std::vector<PrinterEvent>& out) {
  // XON and XOFF may stand anywhere, even inside an answer of several bytes.
  if (byte == kXon || byte == kXoff) {
    held_ = byte == kXoff;
  } else if (!block_.empty() || byte == kBlock) {
    take_block(byte, out);
  } else {
    take_answer(static_cast<unsigned char>(byte), out);
  }
}

void PrinterDriver::take_block(char byte, std::vector<PrinterEvent>& out) {
  block_ += byte;
  const bool expected = block_.size() != 2 || byte == kDoneBlock;
  if (expected && block_.size() < kDoneSize) return;
  const base::Bytes block = std::exchange(block_, {});
  if (!expected || block.back() != '\0') {
    out.emplace_back(Noise{block});
    return;
  }
  JobDone done;
  block.copy(done.id.text.data(), done.id.text.size(), 2);
  if (!jobs_.empty() && jobs_.front().id == done.id &&
      jobs_.front().sent == jobs_.front().bytes.size()) {
    jobs_.pop_front();
  }
  out.emplace_back(done);
}

void PrinterDriver::take_answer(unsigned char byte, std::vector<PrinterEvent>& out) {
  if ((byte & kStatusMask) == kStatusFixed && !asked_.empty()) {
    const int n = asked_.front();
    asked_.pop_front();
    apply(n, byte);
    if (n != kAsked[std::size(kAsked) - 1]) return;
    coming_.known = true;
    const bool changed = coming_ != status_;
    status_ = std::exchange(coming_, PrinterStatus{});
    out.emplace_back(StatusAnswered{status_, changed});
    return;
  }
  if ((byte & kSensorMask) == 0 && paper_asked_ > 0) {
    --paper_asked_;
    out.emplace_back(PaperAnswered{(byte & kSensorNearEnd) != 0});
    return;
  }
  out.emplace_back(Noise{base::Bytes(1, static_cast<char>(byte))});
}

void PrinterDriver::apply(int n, unsigned char answer) {
  const auto has = [&](unsigned bits) { return (answer & bits) != 0; };
  if (n == 1) {
    coming_.online = !has(kOffline);
    coming_.drawer_open = has(kDrawerPinHigh) == options_.drawer_open_when_high;
  } else if (n == 2) {
    coming_.cover_open = has(kCoverOpen);
    coming_.feeding = has(kFeeding);
    coming_.paper_end = coming_.paper_end || has(kStoppedByPaper);
    coming_.error = has(kError);
  } else {
    coming_.paper_end = coming_.paper_end || has(kPaperEnd);
    coming_.paper_near_end = has(kPaperNearEnd);
  }
}

}  // namespace tillrig::printer
