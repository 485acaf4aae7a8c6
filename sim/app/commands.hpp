#pragma once

#include "sim/explore/selection.hpp"

#include <string>
#include <vector>

namespace tillrig::app {

// What was asked for on the command line, as plain values, and the commands that carry it out. Each
// gives the exit code. Only command_line.cpp knows how the words are spelt.

struct RunOptions : explore::Choice {
  bool once = false;         // each run is played once, and compared with nothing
  unsigned jobs = 0;         // 0: one a core
  std::string junit;         // path; empty: none
  std::string json;          // path of the report for programs, an object a line
  std::string digests;       // path
  std::string trace;         // folder
  bool verbose = false;      // a line for each run that held, too
  bool fail_fast = false;    // begin nothing after the first run that failed
  bool last_failed = false;  // only what failed the last time
  bool whole_suite = false;  // every invariant must have had something to judge
  bool list = false;         // only say what would be played
};
int run(const RunOptions& options);

struct MutantsOptions {
  std::vector<std::string> paths;
  std::vector<std::string> names;  // empty: all
  unsigned jobs = 0;
};
int score_mutants(const MutantsOptions& options);

struct TextOptions {
  std::string what;
  std::vector<std::string> paths;
  bool reference = false;  // explain: all words on one page
};
int list(const TextOptions& options);
int check(const TextOptions& options);
int explain(const TextOptions& options);
int schema();
int coverage(const TextOptions& options);

struct TraceOptions {
  std::string what;  // "stat", "dump", "hash", "diff"
  std::vector<std::string> files;
  bool plain = false;
  std::string sale;
  std::string lane;
  std::string since;  // "10m"
};
int trace(const TraceOptions& options);

struct OmsOptions {
  std::string listen = "127.0.0.1:0";
  std::string data;
  std::string secrets;  // file; empty: everyone is let in
  std::vector<std::string> reject_skus;
  std::vector<std::string> mutants;
};
int oms(const OmsOptions& options);

struct TillOptions {
  std::string name = "till-1";
  std::string cloud;
  std::string secret_file;           // empty: it has no secret
  std::vector<std::string> devices;  // ROLE=HOST:PORT, or ROLE=tls://HOST:PORT
  std::string trust;                 // file of authorities; empty: the system's
  std::string lan;                   // HOST:PORT where other tills find it; empty: on no LAN
  std::vector<std::string> peers;    // NAME=HOST:PORT of each of them
  bool wired = false;
  std::string data;
  std::string fixture;
  std::string day;    // empty: by the clock
  unsigned pace = 1;  // probes so many times as often
  std::vector<std::string> mutants;
};
int till(const TillOptions& options);

struct DeviceOptions {
  std::string role;
  std::string listen;     // HOST:PORT; empty: the role's usual port on this machine
  unsigned zvt_port = 0;  // terminal: on this machine, speaking ZVT; with `zvt`
  bool zvt = false;
  unsigned nexo_port = 0;  // terminal: on this machine, speaking nexo over TLS; with `nexo`
  bool nexo = false;
  std::string capture;    // file of what goes over its connections; empty: none
  std::string authority;  // file that its authority's certificate is written to; empty: none
  bool pty = false;       // on a serial line of this machine
  std::vector<std::string> settings;  // NAME=VALUE
  std::string script;                 // file of lines as they would be typed; empty: none
};
int device(const DeviceOptions& options);

int doctor();

// Plays what it is told through descriptor 3; started by `run`, never by a person.
int worker();

}  // namespace tillrig::app
