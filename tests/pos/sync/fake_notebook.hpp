#pragma once

#include "pos/store/notebook.hpp"

#include <map>
#include <string>

namespace tillrig::sync {

// Notes in memory, which outlive whoever took them.
class FakeNotebook final : public store::Notebook {
 public:
  std::optional<std::string> noted(std::string_view name) override {
    const auto at = notes.find(name);
    return at == notes.end() ? std::nullopt : std::optional(at->second);
  }
  base::Result<void> keep_note(std::string_view name, std::string_view text) override {
    if (full) return base::fail(base::Code::io, "no space is left on the disk");
    notes.erase(std::string(name));
    if (!text.empty()) notes.emplace(name, text);
    ++kept;
    return {};
  }

  std::map<std::string, std::string, std::less<>> notes;
  int kept = 0;
  bool full = false;
};

}  // namespace tillrig::sync
