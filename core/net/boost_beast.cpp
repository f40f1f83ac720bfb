// The one source that compiles Beast's non-template code (CONTRIBUTING, beast-once).
#include <boost/beast/src.hpp>
