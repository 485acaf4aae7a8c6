#include "pos/till/unsent.hpp"

#include "pos/base/json.hpp"
#include "pos/wire/api.hpp"

#include <algorithm>
#include <vector>

namespace tillrig::till {
namespace {

using base::Failure;
using base::Result;

constexpr const char* kUnsentNewFile = "unsent-new";
constexpr std::size_t kMostUnsent = 1'000'000;  // documents

const base::Mutant kWithoutRefused{"export_without_refused", "INV-24",
                                   "a fault planted by a reviewer",
                                   "what the cloud has refused is not written down with the rest"};

// {"sync":"queued","why":"","item":{...}}
Result<std::string> line_of(const Parts& parts, const store::SaleRow& row) {
  auto event = parts.store.find(row.id);
  if (!event) return Failure(event.error());
  const base::Hash256 hash = wire::payload_hash(*event);
  const wire::UpItem item{*std::move(event), hash};
  std::string json;
  wire::append_items(json, std::span(&item, 1), wire::kBodyLimit);
  std::string line = fmt::format("{{\"sync\":\"{}\",\"why\":", name(row.sync));
  base::append_quoted(line, row.why);
  return line + ",\"item\":" + json + "}\n";
}

Result<void> keep(ports::Disk& disk, const std::string& text) {
  auto file = disk.open(kUnsentNewFile, ports::Disk::Mode::create);
  if (!file) return Failure(file.error());
  if (auto emptied = (*file)->truncate(0); !emptied) return emptied;
  if (auto written = (*file)->write_at(0, text); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  if (auto renamed = disk.rename(kUnsentNewFile, kUnsentFile); !renamed) return renamed;
  return disk.sync_dir("");
}

}  // namespace

Result<Exported> export_unsent(const Parts& parts) {
  std::vector<store::SaleRow> rows = parts.store.sales(kMostUnsent);
  const bool without = kWithoutRefused.on(parts.config.mutants);
  std::erase_if(rows, [&](const store::SaleRow& row) {
    return row.sync == store::SyncState::acked ||
           (without && row.sync == store::SyncState::quarantined);
  });
  std::reverse(rows.begin(), rows.end());  // oldest first
  Exported exported;
  exported.file = kUnsentFile;
  std::string text;
  for (const store::SaleRow& row : rows) {
    auto line = line_of(parts, row);
    if (!line) return base::within(row.id.text(), line.error());
    text += *line;
    exported.value += row.total;
    exported.sales.push_back(row.id.text());
  }
  if (auto kept = keep(parts.ports.disk, text); !kept) {
    return base::within(kUnsentFile, kept.error());
  }
  return exported;
}

}  // namespace tillrig::till
