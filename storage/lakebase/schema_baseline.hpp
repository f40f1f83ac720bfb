// The migrations that 010_baseline took the place of, by what they wrote into genie_app.schema_version.
#pragma once

#include <array>
#include <string_view>

namespace genie_slack::storage::lakebase {

struct ReplacedMigration {
    int version;
    std::string_view name;
    std::string_view checksum;
};

inline constexpr int kBaseline = 10;
inline constexpr std::array<ReplacedMigration, 9> kReplacedMigrations = {{
    {1, "conversation_tracker", "4b3f360cba124b0318d37c5b0258eb280f13f720974e305e7d3c2e135328ddee"},
    {2, "chainlit_tables", "e91f1f9368a3ae9c5afb01229120bf842c98bf5e40d73e76b4e29373daa9faa1"},
    {3, "indexes", "00d8bbb1473df726b81bc4da2793f47dcbad5d36e23343d53476e612f60a550c"},
    {4, "turns", "fa26571f8df1af4f7192753b8c641aae142ca4d8a7d08309c40c2d05950dfd1b"},
    {5, "analytics_views", "d4568c77fa2d1bee82d8fbcc9f806412e6288899e8ec8c5732049f7280021f86"},
    {6, "maintenance_functions", "7ba5c5ad84bfe1276c8672bddbf96580d9368a2b535c84f951c1aea78576a1dd"},
    {7, "system_health_check", "1a5a403ebfe68f9ad153c546c2146928c362825d64049ae69ee979897b85e303"},
    {8, "space_defaults", "de614575aac3c67e209a7e3ac8addf1b4b414d1ba6de96a34fc95a8f919de6f6"},
    {9, "usage", "a99cbfeb8a9cbdeaf9b62d3297efb6c742be942124c9c5f69c28e6e489561947"},
}};

}  // namespace genie_slack::storage::lakebase
