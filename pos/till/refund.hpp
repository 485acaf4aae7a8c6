#pragma once

#include "pos/base/result.hpp"
#include "pos/wire/event.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tillrig::till {

using base::Result;

// The document that gives a sale, or some of its lines, back: same lines, negative. Lines count
// from 1; none named means all that `earlier` refunds of this sale have left. A line is given back
// once; lines that are the same in all they say stand for each other. Errors: not_found,
// not_allowed (not a sale; a line, or all of it, was given back before).
Result<wire::Document> refund_of(const wire::Event& sale, const std::vector<wire::Event>& earlier,
                                 const std::vector<std::size_t>& lines, std::string_view day);

}  // namespace tillrig::till
