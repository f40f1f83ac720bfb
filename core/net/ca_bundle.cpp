#include "core/net/ca_bundle.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace genie_slack::net {

namespace ca_bundle_detail {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using File = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Name = std::unique_ptr<X509_NAME, Release<X509_NAME_free>>;

using Hash = unsigned long;

// By what OpenSSL itself finds certificates in a folder: equal names have equal hashes.
Hash hash_of(const X509_NAME* name) {
    return X509_NAME_hash_ex(name, nullptr, nullptr, nullptr);
}

// Steps over one value of ASN.1 (`into` its contents, or past them); false when it is not there.
bool step(const unsigned char*& at, const unsigned char* end, bool into) {
    long length = 0;
    int tag = 0;
    int type = 0;
    if (at >= end || (ASN1_get_object(&at, &length, &tag, &type, end - at) & 0x80) != 0)
        return false;
    if (!into)
        at += length;
    return true;
}

// The subject of a certificate, without parsing the rest of it (RFC 5280, 4.1).
Name subject_of(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const unsigned char* const end = at + der.size();
    constexpr unsigned char kVersion = 0xA0;
    bool is_there = step(at, end, true) && step(at, end, true);
    if (is_there && at < end && *at == kVersion)
        is_there = step(at, end, false);
    // Serial number, algorithm, issuer, validity.
    for (int i = 0; is_there && i < 4; ++i)
        is_there = step(at, end, false);
    return Name(is_there ? d2i_X509_NAME(nullptr, &at, end - at) : nullptr);
}

class Bundle {
 public:
    // Nothing when the file has something else in it than certificates.
    static std::optional<std::multimap<Hash, std::string>> read(const std::string& path) {
        std::multimap<Hash, std::string> found;
        const File file(BIO_new_file(path.c_str(), "r"));
        char* name = nullptr;
        char* header = nullptr;
        unsigned char* data = nullptr;
        long size = 0;
        while (file && PEM_read_bio(file.get(), &name, &header, &data, &size) == 1) {
            const bool is_certificate = std::string_view(name) == PEM_STRING_X509;
            std::string der(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
            OPENSSL_free(name);
            OPENSSL_free(header);
            OPENSSL_free(data);
            const Name subject = is_certificate ? subject_of(der) : nullptr;
            if (!subject)
                return std::nullopt;
            found.emplace(hash_of(subject.get()), std::move(der));
        }
        const bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        return is_at_end && !found.empty() ? std::optional(std::move(found)) : std::nullopt;
    }

    explicit Bundle(std::multimap<Hash, std::string> certificates) : certificates_(std::move(certificates)) {}

    // Gives the store what the file has of that subject.
    void look_up(X509_STORE* store, const X509_NAME* subject) {
        const std::lock_guard lock(mutex_);
        const auto [first, last] = certificates_.equal_range(hash_of(subject));
        for (auto each = first; each != last; ++each) {
            const auto* at = reinterpret_cast<const unsigned char*>(each->second.data());
            const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(each->second.size())));
            if (certificate)
                X509_STORE_add_cert(store, certificate.get());
        }
        certificates_.erase(first, last);
    }

 private:
    std::mutex mutex_;
    std::multimap<Hash, std::string> certificates_;  // that no store has yet
};

void free_bundle(void*, void* bundle, CRYPTO_EX_DATA*, int, long, void*) {
    delete static_cast<Bundle*>(bundle);
}

int bundle_index() {
    static const int index =
        CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_X509_STORE, 0, nullptr, nullptr, nullptr, free_bundle);
    return index;
}

void look_up(X509_STORE_CTX* context, const X509_NAME* subject) {
    X509_STORE* const store = X509_STORE_CTX_get0_store(context);
    if (auto* bundle = static_cast<Bundle*>(X509_STORE_get_ex_data(store, bundle_index())))
        bundle->look_up(store, subject);
}

int issuer_of(X509** issuer, X509_STORE_CTX* context, X509* certificate) {
    look_up(context, X509_get_issuer_name(certificate));
    return X509_STORE_CTX_get1_issuer(issuer, context, certificate);
}

STACK_OF(X509) * certificates_of(X509_STORE_CTX* context, const X509_NAME* subject) {
    look_up(context, subject);
    return X509_STORE_CTX_get1_certs(context, subject);
}

}  // namespace ca_bundle_detail

bool trust_bundle(X509_STORE* store, const std::string& file) {
    using namespace ca_bundle_detail;
    ERR_set_mark();
    auto certificates = Bundle::read(file);
    ERR_pop_to_mark();
    if (!certificates)
        return false;
    auto bundle = std::make_unique<Bundle>(std::move(*certificates));
    Bundle* const kept = bundle.release();  // the store's, which frees it
    if (X509_STORE_set_ex_data(store, bundle_index(), kept) != 1) {
        delete kept;
        return false;
    }
    X509_STORE_set_get_issuer(store, issuer_of);
    X509_STORE_set_lookup_certs(store, certificates_of);
    return true;
}

}  // namespace genie_slack::net
