#include "sim/world/tape_digest.hpp"

#include <concepts>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tillrig::world {
namespace {

class Digest {
 public:
  template <class... Fields>
  void mix(const Fields&... fields) {
    (one(fields), ...);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void word(std::uint64_t number) {
    value_ = (value_ ^ number) * 0x9ddfea08eb382d69ULL;
    value_ ^= value_ >> 29U;
  }

  // Eight bytes at a time: the bodies on the wire are most of it.
  void one(std::string_view text) {
    word(text.size());
    for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
      std::uint64_t number = 0;
      std::memcpy(&number, text.data(), sizeof number);
      word(number);
    }
    std::uint64_t rest = 0;
    if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
    word(rest);
  }
  void one(const std::string& text) { one(std::string_view(text)); }
  void one(std::integral auto number) { word(static_cast<std::uint64_t>(number)); }
  void one(oracle::Instant at) { one(at.ns); }
  void one(oracle::CashierEntry::Kind kind) { one(static_cast<int>(kind)); }
  void one(oracle::ActEntry::Kind kind) { one(static_cast<int>(kind)); }
  template <class T>
  void one(const std::vector<T>& list) {
    one(list.size());
    for (const T& entry : list) one(entry);
  }

  void one(const oracle::Fact& fact) {
    one(fact.name);
    std::visit([this](const auto& value) { one(value); }, fact.value);
  }
  void one(const oracle::Facts& facts) { one(facts.all()); }

  // Taken apart by name, so that a field that is added and not mixed does not compile.
  void one(const oracle::CashierEntry& entry) {
    const auto& [at, order, till, line, kind, sale, number, amount, change, code, text, buttons,
                 pending, quarantined, uploaded, facts] = entry;
    mix(at, order, till, line, kind, sale, number, amount, change, code, text, buttons, pending,
        quarantined, uploaded, facts);
  }
  void one(const oracle::ScanEntry& entry) {
    const auto& [at, order, till, line, bytes] = entry;
    mix(at, order, till, line, bytes);
  }
  void one(oracle::OrderEntry::Outcome outcome) { one(static_cast<int>(outcome)); }
  void one(const oracle::OrderEntry& entry) {
    const auto& [at, order, till, line, what, fields, lines, quantities, outcome, code, ended, sale,
                 why, open_order] = entry;
    mix(at, order, till, line, what, fields, lines, quantities, outcome, code, ended, sale, why,
        open_order);
  }
  void one(const oracle::OrderLook& look) {
    const auto& [id, state, till] = look;
    mix(id, state, till);
  }
  void one(const oracle::LanLook& look) {
    const auto& [at, till, hub, epoch, there, open] = look;
    mix(at, till, hub, epoch, there, open);
  }
  void one(const oracle::PaperEntry& entry) {
    const auto& [at, till, line, complete, text] = entry;
    mix(at, till, line, complete, text);
  }
  void one(const oracle::DeviceEntry& entry) {
    const auto& [at, till, line, role, what, text] = entry;
    mix(at, till, line, role, what, text);
  }
  void one(const oracle::SettlementEntry& entry) {
    const auto& [at, kind, attempt, till, terminal, trace, amount, currency, line, order] = entry;
    mix(at, kind, attempt, till, terminal, trace, amount, currency, line, order);
  }
  void one(const oracle::UnpaidEntry& entry) {
    const auto& [order, attempt, amount, label, state, text, checked_ms] = entry;
    mix(order, attempt, amount, label, state, text, checked_ms);
  }
  void one(const oracle::WireEntry& entry) {
    const auto& [till, exchange, connection, sent, reached_cloud, ended, method, target, body,
                 unreadable, status, from_cloud, answer, retry_after, cloud_status, cloud_answer,
                 order] = entry;
    mix(till, exchange, connection, sent, reached_cloud, ended, method, target, body, unreadable,
        status, from_cloud, answer, static_cast<std::uint64_t>(retry_after.count()), cloud_status,
        cloud_answer, order);
  }
  void one(const oracle::GoodsChange& entry) {
    const auto& [at, line, sku, sold, price, v] = entry;
    mix(at, line, sku, sold, price, v);
  }
  void one(const oracle::GoodsLook& entry) {
    const auto& [at, till, sku, sold, price] = entry;
    mix(at, till, sku, sold, price);
  }
  void one(const oracle::FindLook& entry) {
    const auto& [at, order, till, text, items, customers] = entry;
    mix(at, order, till, text, items, customers);
  }
  void one(const oracle::CustomerChange& entry) {
    const auto& [at, line, id, known, name, phone, v] = entry;
    mix(at, line, id, known, name, phone, v);
  }
  void one(const oracle::CustomerLook& entry) {
    const auto& [at, till, id, known, name, phone] = entry;
    mix(at, till, id, known, name, phone);
  }
  void one(const oracle::CloudEntry& entry) {
    const auto& [v, id, till, epoch, seq, kind, number, hash, total, tax, lines_total,
                 payments_total, of, facts] = entry;
    mix(v, id, till, epoch, seq, kind, number, hash, total, tax, lines_total, payments_total, of,
        facts);
  }
  void one(const oracle::PostingEntry& entry) {
    const auto& [event, ledger, key, amount] = entry;
    mix(event, ledger, key, amount);
  }
  void one(const oracle::DeliveryEntry& entry) {
    const auto& [event, sku, quantity] = entry;
    mix(event, sku, quantity);
  }
  void one(const oracle::HoldEntry& entry) {
    const auto& [id, till, amount, state] = entry;
    mix(id, till, amount, state);
  }
  void one(const oracle::BalanceLook& entry) {
    const auto& [at, till, ledger, key, balance] = entry;
    mix(at, till, ledger, key, balance);
  }
  void one(const oracle::LimitEntry& entry) {
    const auto& [at, customer, limit] = entry;
    mix(at, customer, limit);
  }
  void one(const oracle::CloudLook& look) {
    const auto& [at, rows] = look;
    mix(at, rows);
  }
  void one(const oracle::FreshLook& entry) {
    const auto& [at, till, in_step_ms] = entry;
    mix(at, till, in_step_ms);
  }
  void one(const oracle::AgainEntry& entry) {
    const auto& [till, id, round, status, code] = entry;
    mix(till, id, round, status, code);
  }
  void one(const oracle::CloudState& state) {
    const auto& [rows, postings, holds, refused] = state;
    mix(rows, postings, holds, refused);
  }
  void one(const oracle::PastLook& look) {
    const auto& [held, postings, digest] = look;
    mix(held, postings, digest);
  }
  void one(const oracle::Replay& replay) {
    const auto& [tried, at, failed, sent, before, after] = replay;
    mix(tried, at, failed, sent, before, after);
  }
  void one(const oracle::HeldBody& held) {
    const auto& [id, body] = held;
    mix(id, body);
  }
  void one(const oracle::RegisterEntry& entry) {
    const auto& [id, kind, number, total, sync, why, wall_ms] = entry;
    mix(id, kind, number, total, sync, why, wall_ms);
  }
  void one(const oracle::RegisterLook& look) {
    const auto& [at, till, pending, quarantined, uploaded, rows, unpaid] = look;
    mix(at, till, pending, quarantined, uploaded, rows, unpaid);
  }
  void one(const oracle::ManagerUse& use) {
    const auto& [control, outcome] = use;
    mix(control, outcome);
  }
  void one(const oracle::ManagerLook& look) {
    const auto& [at, took, order, till, locked, advice, used, controls] = look;
    mix(at, static_cast<std::uint64_t>(took.count()), order, till, locked, advice, used, controls);
  }
  void one(const oracle::StateLook& look) {
    const auto& [at, till, local_ms, resync, done, all, arrows] = look;
    mix(at, till, local_ms, resync, done, all, arrows);
  }
  void one(const oracle::ReportSum& sum) {
    const auto& [goods, tax] = sum;
    mix(goods, tax);
  }
  template <class Key, class Value>
  void one(const std::map<Key, Value>& values) {
    for (const auto& [key, value] : values) mix(key, value);
  }
  void one(const oracle::ReportClose& close) {
    const auto& [event, documents, total, expected, counted] = close;
    mix(event, documents, total, expected, counted);
  }
  void one(const oracle::ReportLook& look) {
    const auto& [at, till, day, sales, sold, refunds, given_back, rates, tenders, cash_float,
                 paid_in, paid_out, closes, late, outstanding] = look;
    mix(at, till, day, sales, sold, refunds, given_back, rates, tenders, cash_float, paid_in,
        paid_out, closes, late, outstanding);
  }
  void one(const oracle::CloneEntry& entry) {
    const auto& [at, till, of] = entry;
    mix(at, till, of);
  }
  void one(const oracle::ExportLook& look) {
    const auto& [at, till, line, ids] = look;
    mix(at, till, line, ids);
  }
  void one(const oracle::InstallEntry& entry) {
    const auto& [at, till, version] = entry;
    mix(at, till, version);
  }
  void one(const oracle::ActEntry& entry) {
    const auto& [at, kind, what, till, line, order] = entry;
    mix(at, kind, what, till, line, order);
  }

  std::uint64_t value_ = 0x9e3779b97f4a7c15ULL;
};

}  // namespace

std::uint64_t digest_of(const oracle::Tapes& tapes) {
  const auto& [scenario, seed, currency, exponent, day, wall_open_ms, real_time, day_turns_ms,
               printers, wan_bytes_per_second, wan_latency, shop, cashier, scans, orders, paper,
               devices, settlement, settlement_known, wire, cloud, held, refused, refused_known,
               postings, deliveries, limits, holds, registers, states, exports, reports,
               goods_changes, goods_looks, finds, customer_changes, customer_looks, managers,
               balance_looks, fresh_looks, lan, lan_looks, past, past_begin, past_end, replay, acts,
               clones, installed, altered, poisoned, digest_first, digest_second, digests_known] =
      tapes;
  static_cast<void>(shop);          // the same for the same plan
  static_cast<void>(wall_open_ms);  // likewise
  static_cast<void>(real_time);
  static_cast<void>(day_turns_ms);
  static_cast<void>(settlement_known);
  static_cast<void>(digest_first);
  static_cast<void>(digest_second);
  static_cast<void>(digests_known);
  Digest digest;
  digest.mix(std::filesystem::path(scenario).stem().string(), seed, currency, exponent, day,
             printers, wan_bytes_per_second, static_cast<std::uint64_t>(wan_latency.count()),
             cashier, scans, orders, paper, devices, settlement, wire, cloud, held, refused,
             postings, deliveries, limits, holds, registers, states, exports, reports,
             goods_changes, goods_looks, finds, customer_changes, customer_looks, managers,
             balance_looks, fresh_looks, lan, lan_looks, past, past_begin, past_end, replay, acts,
             clones, installed, altered, poisoned);
  return digest.value();
}

}  // namespace tillrig::world
