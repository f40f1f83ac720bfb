#include "genie/database_credentials.hpp"

#include "tests/catch.hpp"
#include "tests/integration/genie/genie_fixture.hpp"

namespace database_credentials_live {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::GenieFixture;

constexpr const char* kEndpoint = "projects/genie-slack/branches/production/endpoints/primary";

struct World {
    explicit World(sandbox::GenieOptions server_options = GenieFixture::quick())
        : genie(GenieFixture::SignIn::m2m, std::move(server_options)) {
        options.workspace.host = genie.server().host();
        options.workspace.auth_type = "oauth-m2m";
        options.workspace.client_id = genie.server().options().client_id;
        options.source.lakebase_endpoint = kEndpoint;
        options.retry_first = 10ms;
        options.retry_cap = 50ms;
    }
    ~World() {
        if (made)
            genie.run(made->stop(GenieFixture::soon()));
    }
    DatabaseCredentials& credentials() {
        if (!made)
            made = create_database_credentials(genie.context.get_executor(), genie.http(), genie.tokens(), options);
        return *made;
    }
    Result<DatabaseCredential, CredentialError> get(Duration limit = 30s) {
        return genie.run(credentials().get(Deadline::after(limit)));
    }
    Result<std::string, CredentialError> host(Duration limit = 30s) {
        return genie.run(resolve_database_host(genie.http(), genie.tokens(), options, Deadline::after(limit)));
    }
    const std::vector<sandbox::DatabaseGrant>& grants() { return genie.server().database_grants(); }

    GenieFixture genie;
    DatabaseCredentialOptions options;
    std::unique_ptr<DatabaseCredentials> made;
};

TEST_CASE("a service principal gets the credential of an autoscaling endpoint", "[genie][database][live]") {
    World world;
    const auto credential = world.get();
    REQUIRE(credential);
    REQUIRE(world.grants().size() == 1);
    CHECK(credential->password.reveal() == world.grants()[0].token);
    CHECK(credential->expires == world.grants()[0].expires);
    CHECK(world.get()->password == credential->password);
    CHECK(world.grants().size() == 1);
    CHECK(world.credentials().invalidate());
    const Secret renewed = world.get()->password;
    CHECK(renewed.reveal() == world.grants().at(1).token);
    CHECK_FALSE(world.credentials().invalidate());
    CHECK(world.host().value() == "127.0.0.1");
}

TEST_CASE("a service principal gets the credential of a provisioned instance", "[genie][database][live]") {
    World world;
    world.options.source = {};
    world.options.source.database_instance = "genie-slack-lakebase";
    const auto credential = world.get();
    REQUIRE(credential);
    CHECK(credential->password.reveal() == world.grants().at(0).token);
    CHECK(credential->expires == world.grants().at(0).expires);
    CHECK(world.host().value() == "127.0.0.1");
    world.genie.faults().database_state = "STOPPED";
    CHECK(world.host().error().fault == CredentialFault::unavailable);
}

TEST_CASE("a short credential is replaced before its life is over", "[genie][database][live]") {
    auto server_options = GenieFixture::quick();
    server_options.lakebase.credential_seconds = 1;
    World world(server_options);
    const auto first = world.get();
    REQUIRE(first);
    bool replaced = false;
    const Deadline limit = Deadline::after(20s);
    while (!replaced && !limit.expired()) {
        const auto now = world.get();
        REQUIRE(now);
        // Never one that is over.
        CHECK(*now->expires > wall_now() - 500ms);
        replaced = now->password != first->password;
        world.genie.run(sleep_for(20ms));
    }
    CHECK(replaced);
}

TEST_CASE("what the workspace refuses is told precisely", "[genie][database][live]") {
    World world;
    SECTION("an endpoint that is not there") {
        world.options.source.lakebase_endpoint = "projects/genie-slack/branches/production/endpoints/other";
        const auto result = world.get();
        REQUIRE_FALSE(result);
        CHECK(result.error().fault == CredentialFault::not_found);
        CHECK_THAT(result.error().message, test::contains("endpoints/other"));
        CHECK(world.host().error().fault == CredentialFault::not_found);
    }
    SECTION("no permission") {
        world.genie.fail("POST /api/2.0/postgres/credentials", 403);
        const auto result = world.get();
        REQUIRE_FALSE(result);
        CHECK(result.error().fault == CredentialFault::refused);
        CHECK(world.get());
    }
    SECTION("a workspace that cannot be found") {
        world.options.workspace.host = "https://no-such-workspace.invalid";
        world.options.flight_time = 1s;
        const auto result = world.get();
        REQUIRE_FALSE(result);
        CHECK(result.error().fault == CredentialFault::unavailable);
        CHECK_THAT(result.error().message, test::contains("no-such-workspace.invalid"));
    }
}

TEST_CASE("faults on the way to a credential are repeated away", "[genie][database][live]") {
    World world;
    world.genie.fail("/postgres/credentials", 500);
    world.genie.fail("/postgres/credentials", 429).retry_after = 0;
    world.genie.fail("/postgres/credentials").reset_before = true;
    world.genie.fail("/postgres/credentials").reset_after = true;
    const auto credential = world.get();
    REQUIRE(credential);
    CHECK(credential->password.reveal() == world.grants().back().token);
    CHECK(world.genie.calls("POST /api/2.0/postgres/credentials") == 5);
}

TEST_CASE("a slow workspace holds a caller no longer than it wants to wait", "[genie][database][live]") {
    World world;
    world.genie.fail("/postgres/credentials").delay = 700ms;
    const auto hasty = world.get(100ms);
    REQUIRE_FALSE(hasty);
    CHECK(hasty.error().fault == CredentialFault::timeout);
    const auto patient = world.get();
    REQUIRE(patient);
    CHECK(world.genie.calls("POST /api/2.0/postgres/credentials") == 1);
}

TEST_CASE("a credential that was expired when it was issued is replaced once its login is refused",
          "[genie][database][live]") {
    World world;
    world.genie.faults().expired_credentials = 1;
    const auto expired = world.get();
    REQUIRE(expired);
    CHECK(*expired->expires < wall_now());
    CHECK(world.credentials().invalidate());
    const auto good = world.get();
    REQUIRE(good);
    CHECK(*good->expires > wall_now());
}

TEST_CASE("an OAuth token that is refused is replaced on the way to a credential", "[genie][database][live]") {
    World world;
    CHECK(world.host());
    world.genie.faults().expire_tokens = true;
    CHECK(world.get());
    CHECK(world.genie.server().tokens_minted() == 2);
}

}  // namespace database_credentials_live
