// What every implementation of Storage has to do, as cases that know nothing but the interface.
#pragma once

#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace genie_slack::test {

// One empty, started storage and the loop and clock it lives on.
class StorageHarness {
 public:
    virtual ~StorageHarness() = default;
    virtual storage::Storage& storage() = 0;
    // Another process on the same data, where the implementation can have one.
    virtual storage::Storage& other_process() { return storage(); }
    // Runs the tasks side by side until all have ended; throws what they throw.
    virtual void run(std::vector<boost::asio::awaitable<void>> tasks) = 0;
    // Lets `duration` go by, in virtual or real time.
    virtual void pass(Duration duration) = 0;
    // A lease that is surely alive right after claim() and short enough to wait for its end.
    virtual Duration short_lease() const = 0;
};

using MakeStorage = std::function<std::unique_ptr<StorageHarness>()>;

struct StorageCase {
    const char* name;
    void (*run)(StorageHarness& harness);
};

// By subject; each case needs a harness of its own.
std::vector<StorageCase> conversation_cases();
std::vector<StorageCase> turn_cases();
std::vector<StorageCase> lease_cases();
std::vector<StorageCase> once_cases();  // tries, Genie's messages, what an admin finds
std::vector<StorageCase> budget_cases();
std::vector<StorageCase> chat_cases();
std::vector<StorageCase> people_cases();  // stops, answers elsewhere, defaults, looking back

// `operations` random calls, each compared with a simple model. The seed repeats a run.
void check_against_model(StorageHarness& harness, std::uint64_t seed, int operations);

}  // namespace genie_slack::test

// The whole contract for one implementation: each case is a section that starts with a harness of its own.
#define GENIE_SLACK_CHECK_STORAGE_CONTRACT(cases, make_storage)                                       \
    for (const ::genie_slack::test::StorageCase& contract_case : (cases)) {                           \
        DYNAMIC_SECTION(contract_case.name) {                                                         \
            std::unique_ptr<::genie_slack::test::StorageHarness> contract_harness = (make_storage)(); \
            contract_case.run(*contract_harness);                                                     \
        }                                                                                             \
    }
