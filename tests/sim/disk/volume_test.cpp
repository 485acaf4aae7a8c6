#include "sim/disk/volume_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace tillrig::disk {
namespace {

using base::Code;
using Mode = ports::Disk::Mode;
using namespace std::chrono_literals;

std::unique_ptr<ports::File> make(VolumeDisk& disk, const std::string& path, ByteView bytes = {}) {
  auto file = disk.open(path, Mode::create).value();
  EXPECT_TRUE(file->write_at(0, bytes));
  return file;
}

Bytes bytes_of(const Volume& volume, const std::string& path) {
  const InodePtr file = volume.find(path);
  return file ? Bytes(file->image.bytes()) : "(no such file)";
}

TEST(Volume, LosesAtAPowerCutWhatWasNotSynced) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = make(disk, "ledger", "one");
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->write_at(3, "two"));
  EXPECT_EQ("onetwo", file->read_at(0, 100).value());
  EXPECT_EQ("one", volume.durable("ledger"));
  volume.power_cut(Cut::lose_pending());
  EXPECT_EQ("one", bytes_of(volume, "ledger"));
  EXPECT_EQ(3U, volume.used());
}

TEST(Volume, LosesAtAPowerCutANameThatNeverSawASync) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = make(disk, "ledger", "one");
  volume.power_cut(Cut::lose_pending());
  EXPECT_FALSE(volume.find("ledger"));
}

TEST(Volume, SettlesANameWithTheFolderAloneIfTheProfileSaysSo) {
  Volume volume("till-1", {.dir_sync = DirSync::explicitly});
  VolumeDisk disk(volume);
  ASSERT_TRUE(disk.make_dir("ledger"));
  auto lost = make(disk, "ledger/1", "one");
  ASSERT_TRUE(lost->sync());
  auto kept = make(disk, "2", "two");
  ASSERT_TRUE(kept->sync());
  ASSERT_TRUE(disk.sync_dir(""));
  volume.power_cut(Cut::lose_pending());
  EXPECT_FALSE(volume.find("ledger/1"));
  EXPECT_EQ("two", bytes_of(volume, "2"));
}

TEST(Volume, BringsBackARemovedAndARenamedFileUntilTheFolderIsSynced) {
  for (const bool synced : {false, true}) {
    Volume volume("till-1");
    VolumeDisk disk(volume);
    ASSERT_TRUE(make(disk, "state", "old")->sync());
    ASSERT_TRUE(make(disk, "gone", "x")->sync());
    ASSERT_TRUE(make(disk, "state.new", "new")->sync());
    ASSERT_TRUE(disk.rename("state.new", "state"));
    ASSERT_TRUE(disk.remove("gone"));
    EXPECT_EQ("new", bytes_of(volume, "state"));
    EXPECT_EQ(3U, volume.used());
    if (synced) {
      ASSERT_TRUE(disk.sync_dir(""));
    }
    volume.power_cut(Cut::lose_pending());
    EXPECT_EQ(synced ? "new" : "old", bytes_of(volume, "state"));
    EXPECT_EQ(synced, volume.find("gone") == nullptr);
    EXPECT_EQ(synced ? 3U : 7U, volume.used());
  }
}

TEST(Volume, TearsAWriteAtASectorOfTheDevice) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = make(disk, "ledger", Bytes(2048, 'a'));
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->write_at(0, "b"));
  ASSERT_TRUE(file->write_at(500, Bytes(1024, 'c')));
  volume.power_cut(Cut::torn(1, 2));
  const Bytes expected = "b" + Bytes(499, 'a') + Bytes(524, 'c') + Bytes(1024, 'a');
  EXPECT_EQ(expected, bytes_of(volume, "ledger"));
}

TEST(Volume, DrawsEveryWayThatThePowerCanGo) {
  std::uint64_t state = 1;
  const Draw draw = [&](std::uint64_t below) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33U) % below;
  };
  std::map<Cut::How, int> seen;
  for (int i = 0; i < 200; ++i) {
    const Cut cut = draw_cut(5, draw);
    ++seen[cut.how];
    EXPECT_LE(cut.ops, 5U);
    EXPECT_EQ(cut.how == Cut::How::torn, cut.sectors > 0);
  }
  EXPECT_EQ(4U, seen.size());
}

TEST(Volume, FillsToTheExactByte) {
  Volume volume("till-1", {.capacity = 10});
  VolumeDisk disk(volume);
  auto file = make(disk, "ledger", "1234567");
  const auto done = file->write_at(7, "89abc");
  ASSERT_FALSE(done);
  EXPECT_EQ(Code::no_space, done.error().code);
  EXPECT_EQ("123456789a", bytes_of(volume, "ledger"));
  EXPECT_TRUE(file->write_at(0, "ABCDEFGHIJ")) << "room that a file has stays its own";
  ASSERT_TRUE(file->truncate(4));
  EXPECT_TRUE(file->write_at(4, "......"));
}

TEST(Volume, NeedsTheFolderAndTheFileToBeThere) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  EXPECT_EQ(Code::not_found, disk.open("ledger/1", Mode::create).error().code);
  EXPECT_EQ(Code::not_found, disk.open("x", Mode::write).error().code);
  ASSERT_TRUE(disk.make_dir("quarantine/7"));
  EXPECT_TRUE(disk.open("quarantine/7/db", Mode::create));
  EXPECT_TRUE(disk.open("quarantine/b", Mode::create));
  EXPECT_TRUE(disk.open("quarantine/a", Mode::create));
  EXPECT_EQ((std::vector<std::string>{"a", "b"}), disk.list("quarantine/").value());
  EXPECT_TRUE(disk.list("nowhere").value().empty());
}

TEST(Volume, AddsUpTheTimeThatCallsWouldTake) {
  Volume volume("till-1", {.latency = {.write = 10us, .read = 1us, .sync = 4ms}});
  VolumeDisk disk(volume);
  auto file = make(disk, "ledger", "x");
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->read_at(0, 1));
  EXPECT_EQ(4ms + 20us + 1us, disk.take_debt());
  EXPECT_EQ(0ns, disk.take_debt());
}

TEST(Volume, NumbersEachCallBeforeItTakesEffect) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  std::vector<std::string> seen;
  disk.on_boundary([&](const Boundary& at) {
    seen.push_back(std::to_string(at.ordinal) + (at.change ? " " : "r ") +
                   std::string(name(at.op.kind)) + " " + std::string(name(at.op.role)) + " " +
                   std::to_string(at.op.offset) + "+" + std::to_string(at.op.length));
  });
  auto file = make(disk, "ledger.1", "abc");
  ASSERT_TRUE(file->read_at(1, 2));
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(disk.remove("ledger.1"));
  EXPECT_EQ(
      (std::vector<std::string>{"1 create ledger 0+0", "2 write ledger 0+3", "1r read ledger 1+2",
                                "3 sync ledger 0+0", "4 remove ledger 0+0"}),
      seen);
}

TEST(Volume, ChangesNothingForAProcessThatWasCutOffInsideItsCall) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = make(disk, "ledger", "abc");
  disk.on_boundary([&](const Boundary&) { disk.cut_off(); });
  EXPECT_EQ(Code::closed, file->write_at(0, "xyz").error().code);
  EXPECT_EQ(Code::closed, file->sync().error().code);
  EXPECT_EQ(Code::closed, file->read_at(0, 1).error().code);
  EXPECT_EQ(Code::closed, disk.open("other", Mode::create).error().code);
  EXPECT_EQ(Code::closed, disk.list("").error().code);
  EXPECT_EQ("abc", bytes_of(volume, "ledger")) << "what was written before stays in the cache";
}

TEST(Volume, MakesAPowerCutTheEndOfItsProcesses) {
  Volume volume("till-1");
  VolumeDisk disk(volume);
  auto file = make(disk, "ledger", "abc");
  volume.power_cut(Cut::keep_all());
  EXPECT_EQ(Code::closed, file->write_at(0, "xyz").error().code);
  EXPECT_EQ("abc", bytes_of(volume, "ledger"));
}

void fail_next_sync(Volume& volume) {
  words::Args args;
  args.set("times", 1);
  words::Table<words::Fault>::find("disk.sync_fail")->start(volume, 1, args);
}

// A disk with two whole copies of the file and a log of whole writes between them.
struct TwoCopies {
  struct Write {
    bool truncate = false;
    std::uint64_t offset = 0;
    Bytes bytes;
  };
  Bytes disk;
  std::vector<Write> log;

  static void apply(Bytes& to, const Write& w, Span span) {
    if (span.empty()) return;
    if (w.truncate) {
      to.resize(w.offset, '\0');
    } else if (span.begin < w.bytes.size()) {
      const Bytes part = w.bytes.substr(span.begin, span.end - span.begin);
      if (to.size() < w.offset + span.begin + part.size()) {
        to.resize(w.offset + span.begin + part.size(), '\0');
      }
      to.replace(w.offset + span.begin, part.size(), part);
    }
  }
  void sync() {
    for (const Write& w : log) apply(disk, w, Span::all());
    log.clear();
  }
};

TEST(Volume, LeavesWhatADiskWithTwoCopiesWouldLeave) {
  std::mt19937 random(20240607);  // NOLINT(cert-msc51-cpp): the same cases each time
  const auto below = [&](std::uint64_t n) { return random() % n; };
  for (int round = 0; round < 400; ++round) {
    Volume volume("till-1");
    TwoCopies model;
    {
      VolumeDisk disk(volume);
      ASSERT_TRUE(make(disk, "f")->sync());
    }
    std::uint64_t cuts = 0;
    while (cuts < 3) {
      VolumeDisk disk(volume);
      auto file = disk.open("f", Mode::write).value();
      for (std::uint64_t ops = below(12); ops > 0; --ops) {
        switch (below(8)) {
          case 0: {
            ASSERT_TRUE(file->sync());
            model.sync();
            break;
          }
          case 1: {
            const std::uint64_t size = below(300);
            ASSERT_TRUE(file->truncate(size));
            model.log.push_back({true, size, {}});
            break;
          }
          case 2: {
            fail_next_sync(volume);
            ASSERT_FALSE(file->sync());
            model.log.clear();
            break;
          }
          default: {
            const std::uint64_t offset = below(250);
            const Bytes bytes(1 + below(60), static_cast<char>('a' + below(26)));
            ASSERT_TRUE(file->write_at(offset, bytes));
            model.log.push_back({false, offset, bytes});
          }
        }
        ASSERT_EQ(model.disk, volume.durable("f"));
      }
      std::vector<Span> spans;
      for (std::size_t i = 0; i < model.log.size(); ++i) {
        const std::uint64_t begin = below(3) == 0 ? below(40) : 0;
        spans.push_back(below(3) == 0 ? Span::none() : Span{begin, begin + below(90)});
      }
      ASSERT_EQ(spans.size(), volume.pending().size());
      volume.power_cut([&](std::uint64_t i, const PendingOp&) { return spans[i]; });
      for (std::size_t i = 0; i < spans.size(); ++i)
        model.apply(model.disk, model.log[i], spans[i]);
      model.log.clear();
      ASSERT_EQ(model.disk, bytes_of(volume, "f"));
      ASSERT_EQ(model.disk.size(), volume.used());
      ++cuts;
    }
  }
}

}  // namespace
}  // namespace tillrig::disk
