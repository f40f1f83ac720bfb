// A program started beside the sandbox.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::sandbox {

class ChildProcess {
 public:
    // Kills the program when it still runs.
    virtual ~ChildProcess() = default;
    virtual int id() const = 0;
    // Nothing when the program has ended already.
    virtual void signal(int number) = 0;
    // Waits until the program has ended: its exit code, or 128 + the signal that ended it.
    virtual boost::asio::awaitable<int> wait() = 0;
};

// Starts `program` (a path, or a name that PATH knows) with our environment, in which `environment` replaces or adds
// variables and every other setting of Slack, Databricks and PostgreSQL is left away. Its output goes to the end of the
// file `log_path`, or to our standard error when that is "". Throws std::runtime_error when it cannot be started.
std::unique_ptr<ChildProcess> start_child(boost::asio::any_io_executor executor, const std::string& program,
                                          const std::vector<std::string>& arguments,
                                          const std::vector<std::pair<std::string, std::string>>& environment,
                                          const std::string& log_path);

}  // namespace genie_slack::sandbox
