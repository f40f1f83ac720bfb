#include "storage/lakebase/pooler.hpp"

namespace genie_slack::storage::lakebase {

bool is_pooled(std::string_view host, bool same_process) {
    if (host.substr(0, host.find('.')).ends_with("-pooler"))
        return true;
    for (const std::string_view domain : {".databricks.com", ".azuredatabricks.net", ".databricks.us"})
        if (host.ends_with(domain))
            return false;
    return !same_process;
}

}  // namespace genie_slack::storage::lakebase
