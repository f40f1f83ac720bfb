// The one source that compiles Asio and its SSL part (CONTRIBUTING, beast-once).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
