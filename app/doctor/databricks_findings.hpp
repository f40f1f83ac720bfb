// What Databricks' answers to the doctor's calls mean, and how to mend it (databricks.md 1.9, 1.10, 2). Pure.
#pragma once

#include "app/doctor/network_findings.hpp"
#include "genie/client.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace genie_slack::doctor {

// Whom Databricks takes us for, as people find it in the workspace: the name, and the user name or application id.
std::string caller_name(const genie::AuthConfig& auth, const genie::GenieResult<genie::Identity>& identity);

// A warning when the login is good and only the name is not told.
Finding login_finding(const Peer& peer, const genie::AuthConfig& auth,
                      const genie::GenieResult<genie::Identity>& identity);

Finding visible_spaces_finding(const Peer& peer, const std::string& caller,
                               const genie::GenieResult<std::vector<genie::Space>>& spaces);

// One of GENIE_SPACE_IDS. `visible`: those that may be meant.
Finding space_finding(const Peer& peer, const std::string& caller, const std::string& id,
                      const genie::GenieResult<genie::Space>& space, const std::vector<genie::Space>& visible = {});

// The answer of GET /api/2.0/sql/warehouses/ID.
Finding warehouse_finding(const Peer& peer, const std::string& caller, const std::string& id,
                          const genie::GenieResult<boost::json::value>& warehouse);

// How a question to the space ended. Neither its text nor the answer's is told.
Finding question_finding(const Peer& peer, const std::string& space, const genie::GenieResult<genie::Message>& ended,
                         Duration took);

}  // namespace genie_slack::doctor
