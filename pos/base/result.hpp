#pragma once

#include "pos/base/names.hpp"

#include <fmt/format.h>
#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace tillrig::base {

// What kind of failure, for code to decide on. People read Error::what.
enum class Code {
  bad_input,         // a value from outside is not of the form asked for
  not_found,         // the thing named does not exist
  exists,            // the thing to be made exists already
  busy,              // somebody else has it now
  not_allowed,       // a rule of the shop forbids it now
  conflict,          // same id, other content
  too_large,         // over a stated limit
  protocol,          // the peer said something its protocol does not have
  refused,           // connection refused
  unreachable,       // no route: the link is down
  dns,               // the name did not resolve
  tls,               // the handshake failed
  reset,             // the connection was reset
  closed,            // the connection ended in an orderly way, but too early
  timeout,           // the deadline passed
  cancelled,         // somebody on our side ended it
  io,                // the disk failed
  no_space,          // the disk is full
  read_only,         // the disk cannot be written
  dead_file,         // the file failed a sync earlier and is not trusted again in this run
  corrupt,           // stored bytes are not what was stored
  needs_connection,  // only the cloud can tell, and it cannot be asked now
  in_doubt,          // it may have happened and it may not: evidence must tell
  internal,          // a promise of our own code was broken
};

constexpr auto names_of(Code) {
  return named<Code>({
      {Code::bad_input, "bad_input"},
      {Code::not_found, "not_found"},
      {Code::exists, "exists"},
      {Code::busy, "busy"},
      {Code::not_allowed, "not_allowed"},
      {Code::conflict, "conflict"},
      {Code::too_large, "too_large"},
      {Code::protocol, "protocol"},
      {Code::refused, "refused"},
      {Code::unreachable, "unreachable"},
      {Code::dns, "dns"},
      {Code::tls, "tls"},
      {Code::reset, "reset"},
      {Code::closed, "closed"},
      {Code::timeout, "timeout"},
      {Code::cancelled, "cancelled"},
      {Code::io, "io"},
      {Code::no_space, "no_space"},
      {Code::read_only, "read_only"},
      {Code::dead_file, "dead_file"},
      {Code::corrupt, "corrupt"},
      {Code::needs_connection, "needs_connection"},
      {Code::in_doubt, "in_doubt"},
      {Code::internal, "internal"},
  });
}

// A failure as a value: a code for the program and one sentence for a person (what it is about,
// what was found, what was expected, what to do).
struct Error {
  Code code = Code::internal;
  std::string what;
};

template <class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

// fail(Code::dns, "the name {} did not resolve", host)
template <class... Args>
[[nodiscard]] Failure fail(Code code, fmt::format_string<Args...> text, Args&&... args) {
  return Failure(Error{code, fmt::format(text, std::forward<Args>(args)...)});
}

// Hands an Error on with what we were doing in front of it.
[[nodiscard]] Failure within(std::string_view doing, const Error& error);

}  // namespace tillrig::base
