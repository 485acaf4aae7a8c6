// A till's queue that was damaged: what is left of it is found, and it is never read as empty.
#include "tests/pos/formats/opened.hpp"

#include <algorithm>
#include <random>

namespace tillrig::formats {
namespace {

class Damaged : public Upgrade {};

// Damages a till's files at places that a seed picks; gives what it did. Where something is
// written, more often than in the zeros behind it.
std::string damage(const std::vector<fs::path>& files, std::mt19937& random) {
  std::string told;
  const unsigned hits = 1 + static_cast<unsigned>(random() % 3);
  for (unsigned i = 0; i < hits; ++i) {
    const fs::path& file = files[random() % files.size()];
    Bytes bytes = read_file(file);
    if (bytes.empty()) continue;
    const std::size_t used = bytes.find_last_not_of('\0') + 1;
    const std::size_t at = random() % std::max<std::size_t>(used, 1);
    const std::size_t sector = std::min<std::size_t>(512, bytes.size() - at);
    constexpr std::string_view kHow[] = {"a bit", "cut off", "zeros", "emptied"};
    const std::size_t how = random() % std::size(kHow);
    if (how == 0) bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
    if (how == 1) bytes.resize(at);
    if (how == 2) bytes.replace(at, sector, sector, '\0');
    if (how == 3) bytes.clear();
    write_file(file, bytes);
    told += fmt::format("{} at {}: {}; ", file.filename().string(), at, kHow[how]);
  }
  return told;
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    if (each.is_regular_file() && each.file_size() > 0) files.push_back(each.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

unsigned first_seed() {
  const char* const said = std::getenv("TILLRIG_SEED");
  return said != nullptr ? static_cast<unsigned>(std::strtoul(said, nullptr, 10)) : 1;
}

std::set<std::string> all_that_waits(const char* version) {
  Copy copy(version);
  Till till(copy.till());
  EXPECT_TRUE(till.store) << till.why;
  return till.store ? waiting(till) : std::set<std::string>();
}

bool says_so(const store::Opened& opened) {
  const bool damaged =
      opened.verdict == store::Verdict::degraded || opened.verdict == store::Verdict::critical;
  return damaged && !opened.what.empty();
}

// With one copy whole all that waited is there still, unless the till says that it is not.
TEST_P(Damaged, ADamagedQueueIsFilledFromTheOtherCopy) {
  const std::set<std::string> all = all_that_waits(GetParam());
  for (unsigned seed = first_seed(); seed < first_seed() + 30; ++seed) {
    SCOPED_TRACE(fmt::format("again: TILLRIG_SEED={}", seed));
    Copy copy(GetParam());
    std::mt19937 random(seed);
    const std::string done =
        damage(files_below(copy.till() / (seed % 2 == 0 ? "ledger" : "db")), random);
    Till till(copy.till());
    if (!till.store) {
      EXPECT_FALSE(till.why.empty());
      continue;
    }
    const store::Opened& opened = till.store->opened();
    const std::set<std::string> there = waiting(till);
    const bool whole = std::includes(there.begin(), there.end(), all.begin(), all.end());
    EXPECT_NE(opened.verdict, store::Verdict::fresh) << done;
    EXPECT_TRUE(whole || opened.verdict == store::Verdict::critical)
        << done << name(opened.verdict) << ": " << opened.what << ", " << there.size() << " of "
        << all.size() << " wait";
  }
}

// With both damaged at once it may not have all; but it is no new store, and an empty one says why.
TEST_P(Damaged, ADamagedQueueIsNeverReadAsEmpty) {
  for (unsigned seed = first_seed(); seed < first_seed() + 20; ++seed) {
    SCOPED_TRACE(fmt::format("again: TILLRIG_SEED={}", seed));
    Copy copy(GetParam());
    std::mt19937 random(seed);
    const std::string done = damage(files_below(copy.till() / "ledger"), random) +
                             damage(files_below(copy.till() / "db"), random);
    Till till(copy.till());
    if (!till.store) {
      EXPECT_FALSE(till.why.empty());
      continue;
    }
    const store::Opened& opened = till.store->opened();
    EXPECT_NE(opened.verdict, store::Verdict::fresh) << done;
    EXPECT_TRUE(!waiting(till).empty() || says_so(opened))
        << done << name(opened.verdict) << ": " << opened.what;
  }
}

TEST_P(Damaged, AQueueOfWhichNothingIsLeftIsNoNewStore) {
  Copy copy(GetParam());
  for (const fs::path& file : files_below(copy.till())) write_file(file, "");
  Till till(copy.till());
  ASSERT_TRUE(till.store) << till.why;
  EXPECT_TRUE(says_so(till.store->opened())) << till.store->opened().what;
  EXPECT_TRUE(till.store->opened().copy_lost);
}

INSTANTIATE_TEST_SUITE_P(Formats, Damaged, ::testing::Values("now", "before"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace tillrig::formats
