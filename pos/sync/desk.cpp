#include "pos/sync/desk.hpp"

#include <algorithm>
#include <memory>

namespace tillrig::sync {

using base::Code;
using base::fail;

namespace {

// An answer of ours as a T, or as why not.
template <class T>
base::Result<T> read_desk_answer(const base::HttpResponse& response,
                                 base::Result<T> (*read)(base::ByteView)) {
  if (response.status == 200) {
    auto answer = read(response.body);
    if (answer) return answer;
    return fail(Code::needs_connection, "the cloud's answer cannot be read: {}",
                answer.error().what);
  }
  const auto problem = wire::read_problem(response.body);
  const std::string why =
      problem ? problem->what : fmt::format("the cloud answered with status {}", response.status);
  if (problem && problem->code == wire::kInsufficient) return fail(Code::not_allowed, "{}", why);
  if (problem && problem->code == wire::kOtherHold) return fail(Code::conflict, "{}", why);
  if (problem && response.status == 404) return fail(Code::not_found, "{}", why);
  return fail(Code::needs_connection, "{}", why);
}

}  // namespace

// Somebody else may be at it already.
base::Awaitable<void> Desk::be_logged_in(CloudClient& client, Instant deadline) {
  constexpr Duration kGlance = std::chrono::milliseconds(50);
  while (session_.logging_in() && ports_.clock.now() < deadline) {
    const Instant soon = std::min(deadline, ports_.clock.now() + kGlance);
    co_await ports_.timer.sleep_until(soon);
  }
  if (session_.login() || session_.logging_in()) co_return;
  auto logging_in = counter_.log_in(client, deadline);
  co_await std::move(logging_in);
}

base::Awaitable<base::Result<base::HttpResponse>> Desk::ask(Ask question, Instant deadline) {
  if (counter_.shut && counter_.shut()) {
    co_return fail(Code::needs_connection, "{}", sentence(Cause::local));
  }
  const auto client =
      std::make_unique<CloudClient>(ports_, counter_.cloud, counter_.till, counter_.secret);
  if (!session_.login()) co_await be_logged_in(*client, deadline);
  if (!session_.login()) co_return fail(Code::needs_connection, "the till is not logged in");
  const std::uint64_t generation = session_.login()->generation;
  base::HttpRequest request;
  request.target = std::move(question.target);
  request.fields.add("Authorization", "Bearer " + session_.login()->token);
  if (!question.body.empty()) {
    request.method = "POST";
    request.fields.add("Content-Type", wire::kContentType);
    request.body = std::move(question.body);
  }
  auto asking = client->ask(std::move(request), deadline);
  auto reply = co_await std::move(asking);
  if (reply.status == 401 || reply.status == 409) {
    const auto problem = wire::read_problem(reply.answer ? reply.answer->body : base::Bytes());
    const bool ours = problem && (problem->code == "fenced" || reply.status == 401);
    if (ours) counter_.fenced(generation);
  }
  if (!reply.answer || reply.cause != Cause::none) {
    const std::string why = reply.why.empty() ? std::string(sentence(reply.cause)) : reply.why;
    co_return fail(Code::needs_connection, "{}", why);
  }
  co_return *std::move(reply.answer);
}

template <class T>
base::Awaitable<base::Result<T>> Desk::answer_to(Ask question, Reader<T> read, Instant deadline) {
  auto asking = ask(std::move(question), deadline);
  auto response = co_await std::move(asking);
  if (!response) co_return base::Failure(response.error());
  co_return read_desk_answer<T>(*response, read);
}

base::Awaitable<base::Result<wire::Points>> Desk::points(std::string member, Instant deadline) {
  Ask question{"/v1/loyalty/" + member, {}};
  auto asking = answer_to<wire::Points>(std::move(question), wire::read_points, deadline);
  auto points = co_await std::move(asking);
  if (points && points->member != member) {
    co_return fail(Code::needs_connection, "the cloud answered for another customer");
  }
  co_return points;
}

base::Awaitable<base::Result<wire::Held>> Desk::hold(wire::Hold hold, Instant deadline) {
  Ask question{"/v1/holds", wire::write_json(hold)};
  return answer_to<wire::Held>(std::move(question), wire::read_held, deadline);
}

base::Awaitable<base::Result<wire::Held>> Desk::release(std::string id, Instant deadline) {
  Ask question{"/v1/holds/" + id + "/release", "{}"};
  return answer_to<wire::Held>(std::move(question), wire::read_held, deadline);
}

base::Awaitable<base::Result<wire::Held>> Desk::keep(std::string id, wire::KeepFor place,
                                                     Instant deadline) {
  Ask question{"/v1/holds/" + id + "/keep", wire::write_json(place)};
  return answer_to<wire::Held>(std::move(question), wire::read_held, deadline);
}

base::Awaitable<base::Result<wire::InPurse>> Desk::purse(wire::PurseKey of, Instant deadline) {
  Ask question{"/v1/purses/" + of.text(), {}};
  auto asking = answer_to<wire::InPurse>(std::move(question), wire::read_in_purse, deadline);
  auto told = co_await std::move(asking);
  if (told && told->of != of.text()) {
    co_return fail(Code::needs_connection, "the cloud answered for another purse");
  }
  co_return told;
}

base::Awaitable<base::Result<wire::ManifestAnswer>> Desk::manifest(wire::Manifest events,
                                                                   Instant deadline) {
  Ask question{"/v1/sync/manifest", wire::write_json(events)};
  auto asking =
      answer_to<wire::ManifestAnswer>(std::move(question), wire::read_manifest_answer, deadline);
  auto answer = co_await std::move(asking);
  if (answer) {
    const std::size_t said = answer->count + answer->missing.size() + answer->different.size();
    if (said != events.items.size()) {
      co_return fail(Code::needs_connection, "the cloud spoke of {} events, it was asked about {}",
                     said, events.items.size());
    }
  }
  co_return answer;
}

base::Awaitable<base::Result<wire::Stock>> Desk::stock(std::string sku, Instant deadline) {
  Ask question{"/v1/stock/" + sku, {}};
  auto asking = answer_to<wire::Stock>(std::move(question), wire::read_stock, deadline);
  auto stock = co_await std::move(asking);
  if (stock && stock->sku != sku) {
    co_return fail(Code::needs_connection, "the cloud answered for another item");
  }
  co_return stock;
}

base::Awaitable<base::Result<wire::AttemptKnown>> Desk::attempt(std::string id, Instant deadline) {
  Ask question{"/v1/attempts/" + id, {}};
  auto asking = answer_to<wire::AttemptKnown>(std::move(question), wire::read_attempt, deadline);
  auto known = co_await std::move(asking);
  if (known && known->id != id) {
    co_return fail(Code::needs_connection, "the cloud answered for another payment");
  }
  co_return known;
}

}  // namespace tillrig::sync
