#pragma once

#include "pos/oms/database.hpp"
#include "pos/wire/api.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <vector>

namespace tillrig::oms {

// What the cloud has of a batch's places already, looked up once for all of them inside the
// transaction that takes the batch in; what that stores and refuses is told to it. Errors: the
// database's.
class Known {
 public:
  static Result<Known> look(Database& database, const wire::ReadBatch& batch);

  // What is held there; nothing: a null pointer.
  [[nodiscard]] const Held* find(std::uint64_t seq) const;
  [[nodiscard]] bool refused(std::uint64_t seq) const { return refused_.contains(seq); }
  // Whether the place is of a day that its till has closed.
  [[nodiscard]] bool is_closed(std::uint64_t seq) const;

  void stored(std::uint64_t seq, Held held) { held_[seq] = std::move(held); }
  void refuse(std::uint64_t seq) { refused_.insert(seq); }
  void taken_after_all(std::uint64_t seq) { refused_.erase(seq); }

 private:
  Result<void> look(Database& database, std::string_view till, std::uint32_t epoch,
                    std::uint64_t first, std::uint64_t last);

  std::map<std::uint64_t, Held> held_;
  std::set<std::uint64_t> refused_;
  std::vector<wire::Span> closed_;
};

}  // namespace tillrig::oms
