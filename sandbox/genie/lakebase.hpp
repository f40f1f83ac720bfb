// Lakebase as a workspace shows it: where databases are, and the credentials it issues for them, in both generations'
// shapes (databricks.md 4.1). The database itself is not here.
#pragma once

#include "core/random.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "sandbox/genie/wire.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace genie_slack::sandbox::databricks {

class Lakebase {
 public:
    Lakebase(const LakebaseOptions& options, GenieFaults& faults) : options_(options), faults_(faults) {}

    // POST postgres/credentials and POST database/credentials.
    ApiResult autoscaling_credential(const boost::json::object& body);
    ApiResult provisioned_credential(const boost::json::object& body);
    // GET postgres/projects/P/branches/B/endpoints/E and GET database/instances/NAME.
    ApiResult endpoint(const std::string& name);
    ApiResult instance(const std::string& name);

    // All of them, in order.
    const std::vector<DatabaseGrant>& grants() const { return grants_; }

 private:
    const DatabaseGrant& issue(const std::string& target, Duration life);
    ApiError not_found(const char* kind);

    const LakebaseOptions& options_;
    GenieFaults& faults_;
    Random random_;
    std::vector<DatabaseGrant> grants_;
};

}  // namespace genie_slack::sandbox::databricks
