#include "tests/pos/wire/samples.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace tillrig::wire {
namespace {

using base::Code;

UpBatch mixed_batch() {
  return samples::batch({samples::sale(42), samples::refund(43, samples::sale(42).id)});
}

TEST(UpJson, WritesABatchExactlyAsTheApiSays) {
  Event event = samples::sale(42);
  auto& document = std::get<Document>(event.body);
  document.lines.resize(1);
  samples::add_up(document);
  const UpBatch batch = samples::batch({event});
  const std::string hash = batch.items[0].hash.hex();
  EXPECT_EQ(write_json(batch),
            R"({"till":"till-1","epoch":3,"generation":1,"batch":1,"items":[{"seq":42,)"
            R"("uuid":"till-1.3.42","kind":"sale","aggregate":"till-1.3.42","hash":")" +
                hash +
                R"(","body":{"hlc":{"ms":1772438400042,"count":2},"wall":1772438400000,)"
                R"("number":42,"day":"2026-03-02","currency":"EUR","lines":[)"
                R"({"sku":"4006381333931","name":"Vollmilch 3,5 %","quantity":2000,)"
                R"("unit_price":129,"discount":0,"total":258,"tax_rate":700,"tax":17}],)"
                R"("payments":[{"kind":"cash","given":258,"change":0,"amount":258}],)"
                R"("total":258,"tax":17}}]})");
  // The payload hash is for ever: ledgers and clouds hold it.
  EXPECT_EQ(hash, "0c9125c4a9b76f2f94e970d6f071175027447b40862fb335e5ecb042aabf5eab");
}

TEST(UpJson, GivesBackABatchUnchanged) {
  for (const UpBatch& batch : {mixed_batch(), samples::batch({samples::epoch_opened(3)})}) {
    const auto back = read_batch(write_json(batch));
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->till, batch.till);
    EXPECT_EQ(back->epoch, batch.epoch);
    EXPECT_EQ(back->generation, batch.generation);
    EXPECT_EQ(back->batch, batch.batch);
    ASSERT_EQ(back->items.size(), batch.items.size());
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
      ASSERT_TRUE(back->items[i].item) << back->items[i].item.error().what;
      EXPECT_EQ(back->items[i].item->event, batch.items[i].event);
      EXPECT_EQ(back->items[i].item->hash, batch.items[i].hash);
      EXPECT_EQ(payload_hash(back->items[i].item->event), batch.items[i].hash);
    }
  }
}

// A cloud that does not know the kind takes it as it comes (X-11), and whoever knows it reads it.
TEST(UpJson, SendsWhatCameLaterByItsNumberAndInOnePiece) {
  const UpBatch batch = samples::batch({samples::outage_closed(44)});
  const std::string sent = write_json(batch);
  EXPECT_NE(sent.find(R"("kind":"#7")"), std::string::npos) << sent;
  EXPECT_NE(sent.find(R"("raw":")"), std::string::npos) << sent;
  const auto back = read_batch(sent);
  ASSERT_TRUE(back && back->items.front().item);
  EXPECT_EQ(back->items.front().item->event, batch.items.front().event);
  std::string readable;
  append_body_json(readable, batch.items.front().event);
  EXPECT_NE(readable.find(R"("documents":3)"), std::string::npos) << readable;
  // What does not know the kind has the same bytes to hash: here under another one.
  Event unknown = batch.items.front().event;
  unknown.kind = static_cast<EventKind>(77);
  unknown.body = Unknown{body_bytes(batch.items.front().event.body)};
  const Bytes known = encode(batch.items.front().event);
  const Bytes other = encode(unknown);
  ASSERT_EQ(other.size(), known.size());
  std::size_t differ = 0;
  for (std::size_t i = 0; i < known.size(); ++i) differ += known[i] != other[i] ? 1 : 0;
  EXPECT_EQ(differ, 1U) << "the kind itself";
}

TEST(UpJson, GivesBackAnAnswerUnchanged) {
  UpAnswer answer;
  answer.results = {{"till-1.3.1", ItemStatus::applied, "", "ab", 17},
                    {"till-1.3.2", ItemStatus::duplicate, "", "cd", 3},
                    {"till-1.3.3", ItemStatus::conflict, "other_hash", "ef", 4},
                    {"till-1.3.4", ItemStatus::rejected, "unknown_item", "", 0},
                    {"till-1.3.5", ItemStatus::deferred, "aggregate_missing", "", 0}};
  answer.contiguous_through = 3;
  answer.window = 2;
  answer.retry_after_ms = 1500;
  const auto back = read_answer(write_json(answer));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(write_json(*back), write_json(answer));
  EXPECT_EQ(back->results[3].code, "unknown_item");
  EXPECT_EQ(back->retry_after_ms, 1500U);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(UpJson, LetsABadItemStandBesideGoodNeighbours) {
  const std::string good = write_json(mixed_batch());
  const std::pair<const char*, const char*> damages[] = {
      {R"("kind":"sale")", R"("kind":"gift")"},
      {R"("total":)", R"("total":1e3,"was":)"},
      {R"("total":)", R"("total":12.50,"was":)"},
      {R"("total":)", R"("total":9223372036854775808,"was":)"},
      {R"("total":)", R"("total":"12","was":)"},
      {R"("unit_price":129)", R"("unit_price":1000000000000001)"},
      {R"("lines":[)", R"("lines":[7,)"},
      {R"("body":{)", R"("body":[],"was":{)"},
      {R"("hash":")", R"("hash":"zz)"},
      {R"("hlc":)", R"("hcl":)"},
      {R"("seq":42)", R"("seq":44)"},
      {R"("uuid":"till-1.3.42")", R"("uuid":"till-2.3.42")"},
      {R"("uuid":"till-1.3.42")", R"("uuid":"one")"},
  };
  for (const auto& [what, with] : damages) {
    const auto batch = read_batch(replaced(good, what, with));
    ASSERT_TRUE(batch) << with << ": " << batch.error().what;
    ASSERT_EQ(batch->items.size(), 2U);
    EXPECT_FALSE(batch->items[0].item) << with;
    EXPECT_TRUE(batch->items[1].item) << with;
  }
}

TEST(UpJson, RefusesABatchItCannotPlace) {
  const std::string good = write_json(mixed_batch());
  const std::pair<const char*, const char*> damages[] = {
      {R"("till":"till-1")", R"("till":"Till 1")"},
      {R"("till":"till-1")", R"("till":1)"},
      {R"("epoch":3)", R"("epoch":-1)"},
      {R"("epoch":3)", R"("epoch":4294967296)"},
      {R"("epoch":3)", R"("epoch":8388608)"},  // past the last that a till reads at its login
      {R"("generation":1)", R"("generation":1.0)"},
      {R"("generation":1)", R"("generation":1e400)"},
      {R"("items":[)", R"("items":[null,)"},
      {R"("seq":42,)", R"("seq":0,)"},
      {R"("uuid":"till-1.3.42",)", ""},
      {R"("items")", R"("things")"},
      {R"(]})", R"(]} x)"},
  };
  for (const auto& [what, with] : damages) {
    const auto batch = read_batch(replaced(good, what, with));
    ASSERT_FALSE(batch) << with;
    EXPECT_EQ(batch.error().code, Code::bad_input) << with;
  }
  EXPECT_FALSE(read_batch(""));
  EXPECT_FALSE(read_batch("[]"));
  EXPECT_FALSE(read_batch("<html>Please log in</html>"));
  EXPECT_FALSE(read_batch(std::string(100'000, '[')));
}

TEST(UpJson, RefusesMoreThanAHundredItems) {
  std::vector<Event> events;
  for (std::uint64_t seq = 1; seq <= kBatchItems; ++seq) events.push_back(samples::sale(seq));
  EXPECT_TRUE(read_batch(write_json(samples::batch(events))));
  events.push_back(samples::sale(kBatchItems + 1));
  EXPECT_FALSE(read_batch(write_json(samples::batch(events))));
}

// A changed byte makes the batch unreadable, an item unreadable, an item whose hash shows the
// change, or nothing that counts; never another event under a good hash.
TEST(UpJson, NeverTakesAChangedEventUnderItsOldHash) {
  const UpBatch batch = mixed_batch();
  const std::string good = write_json(batch);
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char with : {'\0', '0', '9', '-', '"', '}', 'e', '.', '\xff'}) {
      std::string mutated = good;
      mutated[at] = with;
      const auto read = read_batch(mutated);
      if (!read) continue;
      for (std::size_t i = 0; i < read->items.size(); ++i) {
        const auto& item = read->items[i].item;
        if (!item || item->hash != batch.items[i].hash) continue;
        if (payload_hash(item->event) != item->hash) continue;
        EXPECT_EQ(item->event, batch.items[i].event) << "byte " << at;
      }
    }
  }
}

TEST(UpJson, ReadsNoAnswerFromSomebodyElse) {
  EXPECT_FALSE(read_answer("<html></html>"));
  EXPECT_FALSE(read_answer("{}"));
  EXPECT_FALSE(read_answer(R"({"results":[{"uuid":"a","status":"fine","code":"","v":1,"hash":""}],)"
                           R"("contiguous_through":1,"window":4,"retry_after_ms":0})"));
}

// A body that begins with a blank is read as a tree; ours otherwise as it stands.
TEST(UpJson, ReadsABatchAsItStandsToWhatItsTreeSays) {
  Event told = samples::sale(2);
  told.tail.set(kMember, "ana \"the\" cat");
  told.tail.set(kPoints, -3);
  ASSERT_TRUE(told.tail.add(99, Bytes("\x00\xff", 2)));
  Event later = samples::sale(4);
  later.kind = static_cast<EventKind>(77);
  later.body = Unknown{"of later software"};
  std::vector<UpBatch> batches = {
      samples::batch({samples::epoch_opened(3), told, samples::refund(3, told.id)}),
      samples::batch({samples::sale(1), later}), UpBatch{"till-1", 3, 1, 1, {}}};
  for (const UpBatch& batch : batches) {
    const std::string body = write_json(batch);
    const auto ordered = read_batch(body);
    const auto tree = read_batch(" " + body);
    ASSERT_TRUE(ordered && tree);
    ASSERT_EQ(ordered->items.size(), batch.items.size());
    ASSERT_EQ(tree->items.size(), batch.items.size());
    for (std::size_t i = 0; i < batch.items.size(); ++i) {
      ASSERT_TRUE(ordered->items[i].item && tree->items[i].item);
      EXPECT_EQ(ordered->items[i].item->event, batch.items[i].event);
      EXPECT_EQ(tree->items[i].item->event, batch.items[i].event);
      EXPECT_EQ(ordered->items[i].item->hash, batch.items[i].hash);
    }
  }
}

bool same(const ReadItem& a, const ReadItem& b) {
  if (a.id != b.id || a.seq != b.seq || a.item.has_value() != b.item.has_value()) return false;
  if (!a.item) return a.item.error().what == b.item.error().what;
  return a.item->event == b.item->event && a.item->hash == b.item->hash;
}

TEST(UpJson, ReadsADamagedBatchJustAsItsTreeDoes) {
  Event told = samples::sale(2);
  told.tail.set(kMember, "ana");
  const std::string body = write_json(samples::batch({told}));
  const std::string_view others = "0-9}{]\",: \\ae.\x80\x01";
  int taken = 0;
  for (std::size_t at = 0; at < body.size(); at += 3) {
    for (const char other : others) {
      for (const bool inserted : {false, true}) {
        std::string damaged = body;
        damaged.replace(at, inserted ? 0 : 1, 1, other);
        const auto ordered = read_batch(damaged);
        const auto tree = read_batch(" " + damaged);
        ASSERT_EQ(ordered.has_value(), tree.has_value()) << damaged;
        if (!ordered) continue;
        ++taken;
        ASSERT_EQ(ordered->till, tree->till);
        ASSERT_EQ(ordered->epoch, tree->epoch);
        ASSERT_EQ(ordered->generation, tree->generation);
        ASSERT_EQ(ordered->batch, tree->batch);
        ASSERT_EQ(ordered->items.size(), tree->items.size());
        for (std::size_t i = 0; i < ordered->items.size(); ++i) {
          ASSERT_TRUE(same(ordered->items[i], tree->items[i])) << damaged;
        }
      }
    }
  }
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace tillrig::wire
