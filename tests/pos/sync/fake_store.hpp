#pragma once

#include "pos/store/outbox.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::sync {

// A queue in memory that keeps what the lane told it.
class FakeStore final : public store::Outbox {
 public:
  // Appends a sale; a refund when `of` names one.
  base::EventId add(std::string of = {}, std::uint32_t epoch = 1) {
    wire::Event event;
    event.id = {"till-1", epoch, ++seqs_[epoch]};
    event.kind = of.empty() ? wire::EventKind::sale : wire::EventKind::refund;
    event.aggregate = of.empty() ? event.id.text() : of;
    wire::Document document;
    document.number = event.id.seq;
    document.day = "2026-03-02";
    document.currency = "EUR";
    document.of = std::move(of);
    document.lines.resize(lines);
    event.body = document;
    const base::EventId id = event.id;
    items_.push_back({event, wire::payload_hash(event)});
    return id;
  }
  void add_many(int count) {
    for (int i = 0; i < count; ++i) add();
  }

  [[nodiscard]] std::size_t count(store::SyncState state) {
    return static_cast<std::size_t>(std::count_if(
        items_.begin(), items_.end(),
        [&](const wire::UpItem& item) { return sync_state(item.event.id) == state; }));
  }
  [[nodiscard]] std::string why(const base::EventId& id) const {
    const auto at = fates_.find(id);
    return at == fates_.end() ? "" : at->second.why;
  }

  std::size_t lines = 0;  // of a document that is added
  bool closed = false;    // from here on nothing may be called

  [[nodiscard]] std::uint64_t pending() const override { return items_.size() - fates_.size(); }
  std::vector<wire::UpItem> peek(std::size_t most, std::size_t /*bytes*/,
                                 const std::vector<base::EventId>& except) override {
    check_open();
    std::vector<wire::UpItem> out;
    for (const wire::UpItem& item : items_) {
      if (out.size() >= most) break;
      if (fates_.contains(item.event.id)) continue;
      if (std::find(except.begin(), except.end(), item.event.id) != except.end()) continue;
      if (!out.empty() && out.front().event.id.epoch != item.event.id.epoch) break;
      out.push_back(item);
    }
    return out;
  }
  base::Result<void> settle(std::span<const store::Settled> settled) override {
    check_open();
    if (settled.size() > store::kSettledAtOnce) {
      return base::fail(base::Code::bad_input, "{} items at once", settled.size());
    }
    for (const store::Settled& fate : settled) fates_[fate.id] = fate;
    return {};
  }
  store::SyncState sync_state(const base::EventId& id) override {
    const auto at = fates_.find(id);
    return at == fates_.end() ? store::SyncState::queued : at->second.state;
  }
  int after_close = 0;  // calls that came although it was closed

 private:
  void check_open() { after_close += closed ? 1 : 0; }

  std::vector<wire::UpItem> items_;
  std::map<std::uint32_t, std::uint64_t> seqs_;
  std::map<base::EventId, store::Settled> fates_;
};

}  // namespace tillrig::sync
