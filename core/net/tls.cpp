#include "core/net/tls.hpp"

#include "core/net/ca_bundle.hpp"

#include <boost/system/system_error.hpp>

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace genie_slack::net {

namespace ssl = boost::asio::ssl;

namespace tls_detail {

std::string place_of(const char* variable, const char* usual) {
    const char* const set = std::getenv(variable);
    return set != nullptr && *set != '\0' ? set : usual;
}

// The file in which OpenSSL itself looks. Where there is neither that nor its folder (an OpenSSL that is linked
// statically looks where Debian's package openssl points to): where other distributions have it, "" for nowhere.
std::string system_bundle(const std::string& folder) {
    std::error_code ignored;
    const std::string usual = place_of(X509_get_default_cert_file_env(), X509_get_default_cert_file());
    if (std::filesystem::exists(usual, ignored) || std::filesystem::exists(folder, ignored))
        return usual;
    for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                             "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"})
        if (std::filesystem::exists(file, ignored))
            return file;
    return "";
}

}  // namespace tls_detail

std::shared_ptr<ssl::context> create_tls_context(const std::string& ca_file) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1)
        throw std::runtime_error("OpenSSL does not support TLS 1.2");
    X509_STORE* const store = SSL_CTX_get_cert_store(context->native_handle());
    std::string bundle = ca_file;
    if (ca_file.empty()) {
        const std::string folder = tls_detail::place_of(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
        X509_STORE_load_path(store, folder.c_str());
        bundle = tls_detail::system_bundle(folder);
    }
    boost::system::error_code error;
    if (!trust_bundle(store, bundle))
        context->load_verify_file(bundle, error);
    // The folder may do where the system has no file.
    if (error && !ca_file.empty())
        throw std::runtime_error("the CA certificates in '" + ca_file + "' can't be read: " + error.message() +
                                 "; SSL_CERT_FILE has to name a PEM file");
    context->set_verify_mode(ssl::verify_peer);
    return context;
}

}  // namespace genie_slack::net
