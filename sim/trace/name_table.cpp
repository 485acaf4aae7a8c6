#include "sim/trace/name_table.hpp"

#include <cstring>

namespace tillrig::trace {
namespace {

template <class Word>
std::uint64_t word_at(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint64_t fold(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 32U);
}

// Of this process alone: it decides where a text lies, never what is written.
std::uint32_t hash_of(std::string_view text) {
  const std::size_t size = text.size();
  const char* at = text.data();
  std::uint64_t hash = size;
  for (std::size_t left = size; left >= 8; left -= 8, at += 8) {
    hash = fold(hash, word_at<std::uint64_t>(at));
  }
  const char* const end = text.data() + size;
  const std::size_t left = size % 8;
  if (left >= 4) {  // what is left, from both of its ends
    hash = fold(hash, word_at<std::uint32_t>(at) << 32U | word_at<std::uint32_t>(end - 4));
  } else if (left > 0) {
    hash =
        fold(hash, word_at<std::uint8_t>(at) << 16U | word_at<std::uint8_t>(at + left / 2) << 8U |
                       word_at<std::uint8_t>(end - 1));
  }
  return static_cast<std::uint32_t>(hash);
}

}  // namespace

NameTable::Entered NameTable::enter(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  std::size_t i = hash & (slots_.size() - 1);
  while (slots_[i].id != 0) {
    if (slots_[i].hash == hash && slots_[i].text == text) return {slots_[i].id, false};
    i = (i + 1) & (slots_.size() - 1);
  }
  const std::string& kept = texts_.emplace_back(text);
  const auto id = static_cast<std::uint32_t>(texts_.size());
  slots_[i] = {kept, hash, id};
  if (texts_.size() * 2 > slots_.size()) grow();
  return {id, true};
}

void NameTable::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  for (const Slot& slot : slots_) {
    if (slot.id == 0) continue;
    std::size_t i = slot.hash & (larger.size() - 1);
    while (larger[i].id != 0) i = (i + 1) & (larger.size() - 1);
    larger[i] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace tillrig::trace
