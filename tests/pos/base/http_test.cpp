#include "pos/base/http.hpp"

#include "tests/pos/base/fuzz.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tillrig::base {
namespace {

constexpr std::size_t kBodyLimit = 4096;

template <class Message>
std::string flat(const Message& m) {
  std::string text;
  if constexpr (std::is_same_v<Message, HttpRequest>) {
    text = m.method + " " + m.target;
  } else {
    text = fmt::format("{}", m.status);
  }
  for (const auto& [name, value] : m.fields.all) text += fmt::format("|{}={}", name, value);
  return text + (m.keep_alive ? "|alive|" : "|close|") + m.body;
}

struct Outcome {
  std::vector<std::string> messages;
  std::string error;  // the code's name; empty: none
  bool operator==(const Outcome&) const = default;
};

// Feeds the parts one after the other and ends the stream.
template <class Message>
Outcome read(const std::vector<ByteView>& parts, std::size_t limit = kBodyLimit) {
  HttpReader<Message> reader(limit);
  Outcome outcome;
  const auto collect = [&] {
    while (auto message = reader.next()) outcome.messages.push_back(flat(*message));
  };
  for (const ByteView part : parts) {
    const auto fed = reader.feed(part);
    collect();
    if (!fed) {
      outcome.error = name(fed.error().code);
      EXPECT_FALSE(reader.feed("x"));  // stays broken
      return outcome;
    }
  }
  const auto finished = reader.finish();
  collect();
  if (!finished) outcome.error = name(finished.error().code);
  return outcome;
}

template <class Message>
std::string error_of(ByteView bytes) {
  return read<Message>({bytes}).error;
}

const std::string kRequests =
    "POST /up HTTP/1.1\r\nHost: cloud\r\nContent-Length: 5\r\n\r\nhello"
    "GET /feed?from=7 HTTP/1.1\r\nhost: cloud\r\n\r\n"
    "PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;ext=1\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
    "POST /none HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n"
    "DELETE /y HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

const std::string kResponses =
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nx-a: 2\r\n\r\nok"
    "HTTP/1.1 100 Continue\r\n\r\n"
    "HTTP/1.1 204 No Content\r\n\r\n"
    "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwait\r\n0\r\n\r\n"
    "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the end";

TEST(Http, HandsOutPipelinedRequestsInOrder) {
  const Outcome expected{
      {"POST /up|Host=cloud|Content-Length=5|alive|hello", "GET /feed?from=7|host=cloud|alive|",
       "PUT /x|Transfer-Encoding=chunked|alive|abc0123456789",
       "POST /none|Transfer-Encoding=Chunked|alive|",
       "DELETE /y|Connection=close|Content-Length=0|close|"},
      ""};
  EXPECT_EQ(read<HttpRequest>({kRequests}), expected);
}

TEST(Http, HandsOutPipelinedResponsesWithoutInterimOnes) {
  const Outcome expected{
      {"200|Content-Length=2|X-A=1|x-a=2|alive|ok", "204|alive|",
       "503|Transfer-Encoding=chunked|alive|wait", "200|Server=old|close|until the end"},
      ""};
  EXPECT_EQ(read<HttpResponse>({kResponses}), expected);
}

template <class Message>
void expect_same_at_every_cut(ByteView bytes) {
  const auto whole = read<Message>({bytes});
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    ASSERT_EQ(read<Message>({bytes.substr(0, cut), bytes.substr(cut)}), whole) << "cut at " << cut;
  }
  std::vector<ByteView> single;
  for (std::size_t i = 0; i < bytes.size(); ++i) single.push_back(bytes.substr(i, 1));
  ASSERT_EQ(read<Message>(single), whole) << "byte by byte";
}

TEST(Http, ReadsTheSameHoweverTheBytesAreCut) {
  expect_same_at_every_cut<HttpRequest>(kRequests);
  expect_same_at_every_cut<HttpResponse>(kResponses);
}

TEST(Http, KnowsWhenItIsWithinAMessage) {
  HttpReader<HttpRequest> reader(kBodyLimit);
  EXPECT_FALSE(reader.mid_message());
  ASSERT_TRUE(reader.feed("G"));
  EXPECT_TRUE(reader.mid_message());
  ASSERT_TRUE(reader.feed("ET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n"));
  EXPECT_TRUE(reader.mid_message());
  EXPECT_FALSE(reader.next());
  ASSERT_TRUE(reader.feed("x"));
  EXPECT_FALSE(reader.mid_message());
  EXPECT_TRUE(reader.next());
  EXPECT_TRUE(reader.finish());
}

TEST(Http, SaysWhenAMessageWasCutShort) {
  const std::string sound = "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 1; size < sound.size(); ++size) {
    EXPECT_EQ(error_of<HttpRequest>(ByteView(sound).substr(0, size)), "closed") << size;
  }
  EXPECT_EQ(error_of<HttpRequest>(""), "");
  EXPECT_EQ(error_of<HttpResponse>("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na"),
            "closed");
}

TEST(Http, RefusesWhatIsMalformed) {
  for (const char* bytes :
       {"\r\n\r\n", "\x16\x03\x01\x02", " GET / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcdef\r\n"}) {
    EXPECT_EQ(error_of<HttpRequest>(bytes), "protocol") << bytes;
  }
  for (const char* bytes :
       {"SSH-2.0-x\r\n", "<html>", "HTTP/2", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n"}) {
    EXPECT_EQ(error_of<HttpResponse>(bytes), "protocol") << bytes;
  }
}

TEST(Http, HasALimitForTheHeader) {
  const std::string start = "GET / HTTP/1.1\r\nA: ";
  const auto padded = [&](std::size_t size) {
    return start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n";
  };
  EXPECT_EQ(error_of<HttpRequest>(padded(16 * 1024)), "");
  EXPECT_EQ(error_of<HttpRequest>(padded(16 * 1024 + 1)), "too_large");
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 2000; ++i) many += "Name: value\r\n";
  EXPECT_EQ(error_of<HttpRequest>(many), "too_large");
  std::vector<ByteView> lines;
  for (std::size_t at = 0; at < many.size(); at += 13)
    lines.push_back(ByteView(many).substr(at, 13));
  EXPECT_EQ(read<HttpRequest>(lines).error, "too_large");
}

TEST(Http, HasALimitForTheBody) {
  const auto sized = [](std::size_t size) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", size,
                       std::string(size, 'b'));
  };
  const auto chunked = [](std::size_t size) {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n{:x}\r\n{}"
        "\r\n0\r\n\r\n",
        size - 1, std::string(size - 1, 'b'));
  };
  const auto endless = [](std::size_t size) {
    return "HTTP/1.1 200 OK\r\n\r\n" + std::string(size, 'b');
  };
  EXPECT_EQ(error_of<HttpResponse>(sized(kBodyLimit)), "");
  EXPECT_EQ(error_of<HttpResponse>(sized(kBodyLimit + 1)), "too_large");
  EXPECT_EQ(error_of<HttpResponse>(chunked(kBodyLimit)), "");
  EXPECT_EQ(error_of<HttpResponse>(chunked(kBodyLimit + 1)), "too_large");
  EXPECT_EQ(error_of<HttpResponse>(endless(kBodyLimit)), "");
  EXPECT_EQ(error_of<HttpResponse>(endless(kBodyLimit + 1)), "too_large");
  EXPECT_EQ(error_of<HttpRequest>("PUT / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n"),
            "too_large");
  EXPECT_EQ(error_of<HttpRequest>("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "ffffffffffffffff\r\n"),
            "too_large");
}

TEST(Http, HasALimitForAChunksLineAndItsTrailers) {
  const std::string start = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string line = start + "1;a=" + std::string(20'000, 'x') + "\r\nb\r\n0\r\n\r\n";
  EXPECT_EQ(error_of<HttpRequest>(line), "too_large");
  EXPECT_EQ(read<HttpRequest>({ByteView(line).substr(0, 18'000)}).error, "too_large");
  EXPECT_EQ(error_of<HttpRequest>(start + "0\r\nT: " + std::string(20'000, 'x') + "\r\n\r\n"),
            "too_large");
}

TEST(Http, ReadsWhatItWrote) {
  HttpRequest request{"POST", "/up", {}, Bytes("a\0b", 3), false};
  request.fields.add("Host", "cloud");
  const auto requests = read<HttpRequest>({write_http(request)});
  ASSERT_EQ(requests.messages.size(), 1U);
  EXPECT_EQ(requests.messages[0],
            "POST /up|Host=cloud|Connection=close|Content-Length=3|close|" + request.body);

  HttpResponse response;
  response.status = 404;
  response.body = "none";
  const Bytes bytes = write_http(response);
  EXPECT_EQ(bytes.substr(0, 24), "HTTP/1.1 404 Not Found\r\n");
  EXPECT_EQ(read<HttpResponse>({bytes}).messages,
            std::vector<std::string>{"404|Connection=keep-alive|Content-Length=4|alive|none"});
}

TEST(Http, WritesNoBodyWhereNoneIsRead) {
  for (const int status : {101, 204, 304}) {
    HttpResponse response;
    response.status = status;
    response.body = "lost";
    const auto outcome = read<HttpResponse>({write_http(response)});
    EXPECT_EQ(outcome.messages,
              std::vector<std::string>{fmt::format("{}|Connection=keep-alive|alive|", status)});
    EXPECT_EQ(outcome.error, "");
  }
}

TEST(Http, LetsNoValueEndItsLine) {
  HttpRequest request;
  request.method = "GET / HTTP/1.1\r\nA: b\r\n";
  request.target = "/a b\r\nEvil: 1";
  request.fields.add("X", "1\r\nEvil: 2\r\n\r\nGET /");
  request.fields.add("Y\r\nEvil", "3");
  request.fields.add("Content-Length", "99");
  request.fields.add("transfer-encoding", "chunked");
  const auto outcome = read<HttpRequest>({write_http(request)});
  EXPECT_EQ(outcome.error, "");
  ASSERT_EQ(outcome.messages.size(), 1U);
  EXPECT_EQ(outcome.messages[0].find("|Evil="), std::string::npos) << outcome.messages[0];
  EXPECT_NE(outcome.messages[0].find("/a%20b%0D%0AEvil:%201"), std::string::npos);
  EXPECT_NE(outcome.messages[0].find("|Content-Length=0|alive|"), std::string::npos);
}

TEST(Http, FindsFieldsWithoutRegardToCase) {
  HttpFields fields;
  fields.add("X-Till", "till-1");
  fields.add("x-till", "till-2");
  EXPECT_EQ(fields.get("x-TILL"), "till-1");
  EXPECT_EQ(fields.get("X-Til"), "");
  EXPECT_EQ(http_reason(503), "Service Unavailable");
  EXPECT_EQ(http_reason(299), "Unknown");
  EXPECT_EQ(http_reason(-1), "Unknown");
}

// Damaged streams, whole and in random pieces: never a crash, and the same messages either way.
template <class Message>
std::size_t survive(const std::string& sound, int cases) {
  constexpr std::string_view kSpice = "\r\n\r\n: 0123456789abcdef;,/HTP\t";
  Damage damage;
  std::size_t good = 0;
  for (int i = 0; i < cases; ++i) {
    const std::string bytes = damage.mutate(sound, kSpice);
    const auto whole = read<Message>({bytes}, 64);
    std::vector<ByteView> parts;
    for (std::size_t at = 0; at < bytes.size();) {
      const auto size = static_cast<std::size_t>(1 + damage.below(40));
      parts.push_back(ByteView(bytes).substr(at, size));
      at += size;
    }
    const auto pieces = read<Message>(parts, 64);
    EXPECT_EQ(pieces.messages, whole.messages) << to_hex(bytes);
    EXPECT_EQ(pieces.error.empty(), whole.error.empty()) << to_hex(bytes);
    if (testing::Test::HasFailure()) break;
    good += whole.error.empty() ? 1 : 0;
  }
  return good;
}

TEST(Http, SurvivesDamage) {
  EXPECT_GT(survive<HttpRequest>(kRequests, 10'000), 100U);
  EXPECT_GT(survive<HttpResponse>(kResponses, 10'000), 100U);
}

}  // namespace
}  // namespace tillrig::base
