#pragma once

#include "sim/disk/interference.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace tillrig::store::test {

inline constexpr words::FaultId kFault{1};  // the one that a test arms

// Fails the calls that `hits` picks, with `code`.
struct Failing final : disk::Interference {
  Failing(base::Code with, std::function<bool(const disk::Op&)> pick)
      : code(with), hits(std::move(pick)) {}
  bool judge(const disk::Op& op, std::uint64_t, disk::Answer& answer) override {
    if (!hits(op)) return false;
    answer.error = code;
    return true;
  }
  base::Code code;
  std::function<bool(const disk::Op&)> hits;
};

inline std::unique_ptr<disk::Interference> fail_syncs(disk::Role role, int times) {
  return std::make_unique<Failing>(
      base::Code::io, [role, left = times](const disk::Op& op) mutable {
        return op.kind == disk::OpKind::sync && op.role == role && left-- > 0;
      });
}

inline std::unique_ptr<disk::Interference> fail_all_syncs() {
  return std::make_unique<Failing>(
      base::Code::io, [](const disk::Op& op) { return op.kind == disk::OpKind::sync; });
}

}  // namespace tillrig::store::test
