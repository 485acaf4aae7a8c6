#pragma once

#include "pos/ports/disk.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tillrig::ports {

// What any Disk promises (pos/ports/disk.hpp), on an empty one.
class DiskContract {
 public:
  explicit DiskContract(Disk& disk) : disk_(disk) {}

  void check() {
    reads_what_was_written();
    leaves_holes_as_zeros();
    truncates_both_ways();
    opens_only_what_is_there();
    keeps_what_is_there_on_create();
    makes_new_files_only_where_none_is();
    locks_a_path_once();
    lists_files_sorted();
    renames_over_what_was_there();
    removes();
    syncs();
  }

 private:
  std::unique_ptr<File> open(const std::string& path, Disk::Mode mode = Disk::Mode::create) {
    auto file = disk_.open(path, mode);
    EXPECT_TRUE(file) << path << ": " << file.error().what;
    return file ? std::move(*file) : nullptr;
  }
  void put(const std::string& path, ByteView bytes) {
    const auto file = open(path);
    ASSERT_TRUE(file->write_at(0, bytes));
    ASSERT_TRUE(file->truncate(bytes.size()));
  }
  std::string get(const std::string& path) {
    return *open(path, Disk::Mode::read)->read_at(0, 1 << 20);
  }

  void reads_what_was_written() {
    const auto file = open("a");
    EXPECT_EQ(*file->size(), 0U);
    EXPECT_TRUE(file->read_at(0, 10)->empty());
    ASSERT_TRUE(file->write_at(0, "hello world"));
    ASSERT_TRUE(file->write_at(6, "W"));
    ASSERT_TRUE(file->write_at(11, ""));
    EXPECT_EQ(*file->read_at(0, 100), "hello World");
    EXPECT_EQ(*file->read_at(6, 3), "Wor");
    EXPECT_EQ(*file->read_at(9, 10), "ld") << "fewer at the end";
    EXPECT_TRUE(file->read_at(50, 10)->empty());
    EXPECT_EQ(*file->size(), 11U);
    EXPECT_EQ(get("a"), "hello World") << "through another handle";
    const std::string every_byte = [] {
      std::string all;
      for (int i = 0; i < 70'000; ++i) all += static_cast<char>(i);
      return all;
    }();
    ASSERT_TRUE(file->write_at(0, every_byte));
    EXPECT_TRUE(get("a") == every_byte);
  }
  void leaves_holes_as_zeros() {
    const auto file = open("hole");
    ASSERT_TRUE(file->write_at(5000, "x"));
    EXPECT_EQ(*file->size(), 5001U);
    EXPECT_TRUE(*file->read_at(0, 6000) == std::string(5000, '\0') + "x");
  }
  void truncates_both_ways() {
    const auto file = open("t");
    ASSERT_TRUE(file->write_at(0, "abcdef"));
    ASSERT_TRUE(file->truncate(3));
    EXPECT_EQ(*file->size(), 3U);
    ASSERT_TRUE(file->truncate(5));
    EXPECT_EQ(*file->read_at(0, 9), std::string("abc\0\0", 5));
  }
  void opens_only_what_is_there() {
    for (const auto mode : {Disk::Mode::read, Disk::Mode::write}) {
      const auto file = disk_.open("nobody", mode);
      ASSERT_FALSE(file);
      EXPECT_EQ(file.error().code, base::Code::not_found);
      EXPECT_NE(file.error().what.find("nobody"), std::string::npos);
    }
  }
  void keeps_what_is_there_on_create() {
    put("kept", "old");
    open("kept");
    EXPECT_EQ(get("kept"), "old");
    ASSERT_TRUE(open("kept", Disk::Mode::write)->write_at(0, "new"));
    EXPECT_EQ(get("kept"), "new");
  }
  void makes_new_files_only_where_none_is() {
    put("old", "content");
    const auto taken = disk_.open("old", Disk::Mode::create_new);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, base::Code::exists);
    EXPECT_EQ(get("old"), "content");
    ASSERT_TRUE(open("new", Disk::Mode::create_new)->write_at(0, "x"));
    EXPECT_EQ(get("new"), "x");
  }
  void locks_a_path_once() {
    auto held = disk_.lock("the.lock");
    ASSERT_TRUE(held) << held.error().what;
    const auto second = disk_.lock("the.lock");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, base::Code::busy);
    EXPECT_TRUE(disk_.lock("another.lock")) << "another path is another lock";
    held->reset();
    EXPECT_TRUE(disk_.lock("the.lock")) << "free again";
  }
  void lists_files_sorted() {
    EXPECT_TRUE(disk_.list("no-such-folder")->empty());
    ASSERT_TRUE(disk_.make_dir("dir"));
    ASSERT_TRUE(disk_.make_dir("dir")) << "a folder that is there is no error";
    EXPECT_TRUE(disk_.list("dir")->empty());
    for (const char* name : {"dir/b", "dir/a", "dir/c"}) put(name, "x");
    EXPECT_EQ(*disk_.list("dir"), (std::vector<std::string>{"a", "b", "c"}));
  }
  void renames_over_what_was_there() {
    put("dir/from", "new");
    put("dir/to", "old content");
    ASSERT_TRUE(disk_.rename("dir/from", "dir/to"));
    EXPECT_EQ(get("dir/to"), "new");
    EXPECT_FALSE(disk_.open("dir/from", Disk::Mode::read));
    EXPECT_EQ(disk_.rename("dir/from", "dir/to").error().code, base::Code::not_found);
  }
  void removes() {
    put("gone", "x");
    ASSERT_TRUE(disk_.remove("gone"));
    EXPECT_FALSE(disk_.open("gone", Disk::Mode::read));
    EXPECT_EQ(disk_.remove("gone").error().code, base::Code::not_found);
  }
  void syncs() {
    const auto file = open("synced");
    ASSERT_TRUE(file->write_at(0, "x"));
    EXPECT_TRUE(file->sync());
    EXPECT_TRUE(disk_.sync_dir("dir"));
    EXPECT_TRUE(disk_.sync_dir(""));
    EXPECT_GE(disk_.take_debt(), base::Duration::zero());
    EXPECT_EQ(disk_.take_debt(), base::Duration::zero());
  }

  Disk& disk_;
};

}  // namespace tillrig::ports
