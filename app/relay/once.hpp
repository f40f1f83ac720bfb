// What is done once for each: who was told, what was begun. Bounded: when it is full all is forgotten, so that
// something may be done a second time, and memory does not grow.
#pragma once

#include <cstddef>
#include <set>
#include <utility>

namespace genie_slack::relay {

template <class Key>
class Once {
 public:
    // `most` keys are remembered.
    explicit Once(std::size_t most) : most_(most) {}

    bool has(const Key& key) const { return seen_.contains(key); }
    // Whether the key comes for the first time, as far as that is remembered.
    bool first(Key key) {
        if (seen_.size() >= most_)
            seen_.clear();
        return seen_.insert(std::move(key)).second;
    }

 private:
    std::size_t most_;
    std::set<Key> seen_;
};

}  // namespace genie_slack::relay
