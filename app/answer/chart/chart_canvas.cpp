#include "app/answer/chart/chart_canvas.hpp"

#include "app/answer/chart/chart_module.hpp"

#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GENIE_SLACK_LEAKS_ARE_LOOKED_FOR
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(GENIE_SLACK_LEAKS_ARE_LOOKED_FOR)
extern "C" const char* __lsan_default_suppressions();
// Pango keeps its fonts until the process ends; what fontconfig holds for them does not grow with the charts.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\n";
}
#endif
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
extern "C" const char* __tsan_default_suppressions();
// Pango looks for fonts on a thread of its own. These libraries are not instrumented, so that their locks are not seen.
extern "C" const char* __tsan_default_suppressions() {
    return "called_from_lib:libfontconfig.so.1\n"
           "called_from_lib:libglib-2.0.so.0\n"
           "called_from_lib:libpangoft2-1.0.so.0\n"
           "race:libfontconfig.so.1\n"
           "race:libglib-2.0.so.0\n"
           "race:libpangoft2-1.0.so.0\n";
}
#endif
#endif

namespace genie_slack::answer {

namespace chart_canvas_detail {

const Pen& pen() {
    return *chart_module().pen;
}

PenText as_text(const std::string& text) {
    return {text.data(), text.size()};
}

// The library that calls it knows no exceptions.
bool append_bytes(void* out, const unsigned char* bytes, unsigned int count) {
    try {
        static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), count);
        return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

}  // namespace chart_canvas_detail

using namespace chart_canvas_detail;

Canvas::Canvas(int width, int height, Colour background, double scale)
    : width_(width), height_(height), picture_(pen().open(width, height, background, scale), pen().close) {
    if (!picture_)
        throw std::bad_alloc();
}

bool Canvas::has_fonts() {
    return chart_module().pen && pen().has_fonts();
}

bool Canvas::fits(const std::string& text, const TextStyle& style) const {
    return pen().fits(picture_.get(), as_text(text), style);
}

std::pair<double, double> Canvas::measure(const std::string& text, const TextStyle& style) const {
    const Box box = pen().measure(picture_.get(), as_text(text), style);
    return {box.width, box.height};
}

void Canvas::text(Point at, const std::string& text, const TextStyle& style, Align align) {
    texts_.push_back({text, pen().text(picture_.get(), at, as_text(text), style, align)});
}

void Canvas::line(Point from, Point to, double thickness, Colour colour) {
    polyline({from, to}, thickness, colour);
}

void Canvas::polyline(const std::vector<Point>& points, double thickness, Colour colour) {
    pen().polyline(picture_.get(), points.data(), points.size(), thickness, colour);
}

void Canvas::polygon(const std::vector<Point>& points, Colour colour) {
    pen().polygon(picture_.get(), points.data(), points.size(), colour);
}

void Canvas::bar(const Box& box, Colour colour, Rounded rounded) {
    pen().bar(picture_.get(), box, colour, rounded);
}

void Canvas::disc(Point centre, double radius, Colour colour) {
    pen().disc(picture_.get(), centre, radius, colour);
}

void Canvas::slice(Point centre, double radius, double from, double to, Colour colour) {
    pen().slice(picture_.get(), centre, radius, from, to, colour);
}

std::string Canvas::png() const {
    std::string bytes;
    return pen().png(picture_.get(), append_bytes, &bytes) ? bytes : std::string();
}

}  // namespace genie_slack::answer
