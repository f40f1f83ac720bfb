#include "app/answer/chart/chart_canvas.hpp"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <numbers>

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

constexpr const char* kFonts = "DejaVu Sans, Noto Sans, Liberation Sans, sans-serif";

struct Unref {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
template <class T>
using Handle = std::unique_ptr<T, Unref>;

cairo_status_t append_bytes(void* out, const unsigned char* bytes, unsigned int count) {
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), count);
    return CAIRO_STATUS_SUCCESS;
}

double turn(double part) {
    return (part - 0.25) * 2 * std::numbers::pi;
}

}  // namespace chart_canvas_detail

using namespace chart_canvas_detail;

struct Canvas::Impl {
    Impl(int width, int height, double scale)
        : surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(width * scale)),
                                             static_cast<int>(std::lround(height * scale)))),
          context(cairo_create(surface.get())) {
        cairo_scale(context.get(), scale, scale);
        // Every machine draws the same pixels, whatever its screen settings are.
        const Handle<cairo_font_options_t> options(cairo_font_options_create());
        cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
        cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
        cairo_set_font_options(context.get(), options.get());
        layout.reset(pango_cairo_create_layout(context.get()));
        pango_cairo_context_set_font_options(pango_layout_get_context(layout.get()), options.get());
        pango_cairo_context_set_resolution(pango_layout_get_context(layout.get()), 96);
        pango_layout_context_changed(layout.get());
    }

    void set_colour(Colour colour) const {
        const auto part = [&](int shift) { return (colour.rgb >> shift & 0xFFU) / 255.0; };
        cairo_set_source_rgba(context.get(), part(16), part(8), part(0), colour.alpha);
    }

    // This is its place relative to the layout's origin.
    Box lay_out(const std::string& text, const TextStyle& style) const {
        const Handle<PangoFontDescription> font(pango_font_description_from_string(kFonts));
        pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
        pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        PangoLayout* laid = layout.get();
        pango_layout_set_font_description(laid, font.get());
        const bool bounded = style.max_width > 0;
        pango_layout_set_width(laid, bounded ? static_cast<int>(style.max_width * PANGO_SCALE) : -1);
        pango_layout_set_ellipsize(laid, bounded ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
        pango_layout_set_wrap(laid, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_height(laid, -std::max(style.lines, 1));
        pango_layout_set_single_paragraph_mode(laid, TRUE);
        pango_layout_set_text(laid, text.data(), static_cast<int>(text.size()));
        PangoRectangle logical;
        pango_layout_get_extents(laid, nullptr, &logical);
        const auto pixels = [](int units) { return static_cast<double>(units) / PANGO_SCALE; };
        return {pixels(logical.x), pixels(logical.y), pixels(logical.width), pixels(logical.height)};
    }

    Handle<cairo_surface_t> surface;
    Handle<cairo_t> context;
    Handle<PangoLayout> layout;
};

Canvas::Canvas(int width, int height, Colour background, double scale)
    : width_(width), height_(height), impl_(std::make_unique<Impl>(width, height, scale)) {
    impl_->set_colour(background);
    cairo_paint(impl_->context.get());
}

Canvas::~Canvas() = default;

bool Canvas::has_fonts() {
    // Without fonts pango still has families, but no glyphs in them.
    const Impl probe(8, 8, 1);
    probe.lay_out("0Aa", TextStyle());
    return pango_layout_get_unknown_glyphs_count(probe.layout.get()) == 0;
}

bool Canvas::fits(const std::string& text, const TextStyle& style) const {
    impl_->lay_out(text, style);
    if (pango_layout_is_ellipsized(impl_->layout.get()))
        return false;
    // A word that was broken in its middle can hardly be read.
    PangoLayout* laid = impl_->layout.get();
    for (int i = 1; i < pango_layout_get_line_count(laid); ++i) {
        const int start = pango_layout_get_line_readonly(laid, i)->start_index;
        if (start > 0 && static_cast<std::size_t>(start) < text.size() &&
            text[static_cast<std::size_t>(start) - 1] != ' ' && text[static_cast<std::size_t>(start) - 1] != '-')
            return false;
    }
    return true;
}

std::pair<double, double> Canvas::measure(const std::string& text, const TextStyle& style) const {
    const Box box = impl_->lay_out(text, style);
    return {box.width, box.height};
}

void Canvas::text(Point at, const std::string& text, const TextStyle& style, Align align) {
    PangoAlignment inner = PANGO_ALIGN_LEFT;
    if (align == Align::centre)
        inner = PANGO_ALIGN_CENTER;
    else if (align == Align::right)
        inner = PANGO_ALIGN_RIGHT;
    // For text from right to left pango takes left for right.
    impl_->lay_out(text, style);
    const PangoLayoutLine* first = pango_layout_get_line_readonly(impl_->layout.get(), 0);
    const bool mirrored = first && first->resolved_dir == PANGO_DIRECTION_RTL;
    if (mirrored && inner != PANGO_ALIGN_CENTER)
        inner = inner == PANGO_ALIGN_LEFT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
    pango_layout_set_alignment(impl_->layout.get(), inner);
    const Box box = impl_->lay_out(text, style);
    double left = at.x;
    if (align == Align::centre)
        left -= box.width / 2;
    else if (align == Align::right)
        left -= box.width;
    impl_->set_colour(style.colour);
    cairo_move_to(impl_->context.get(), left - box.x, at.y - box.y);
    pango_cairo_show_layout(impl_->context.get(), impl_->layout.get());
    cairo_new_path(impl_->context.get());
    texts_.push_back({text, {left, at.y, box.width, box.height}});
}

void Canvas::line(Point from, Point to, double thickness, Colour colour) {
    polyline({from, to}, thickness, colour);
}

void Canvas::polyline(const std::vector<Point>& points, double thickness, Colour colour) {
    cairo_t* context = impl_->context.get();
    impl_->set_colour(colour);
    cairo_set_line_width(context, thickness);
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
    for (const Point& point : points)
        cairo_line_to(context, point.x, point.y);
    cairo_stroke(context);
}

void Canvas::polygon(const std::vector<Point>& points, Colour colour) {
    cairo_t* context = impl_->context.get();
    impl_->set_colour(colour);
    for (const Point& point : points)
        cairo_line_to(context, point.x, point.y);
    cairo_close_path(context);
    cairo_fill(context);
}

void Canvas::bar(const Box& box, Colour colour, Rounded rounded) {
    cairo_t* context = impl_->context.get();
    const double radius = std::min({6.0, box.width / 2, box.height / 2});
    impl_->set_colour(colour);
    const auto corner = [&](double x, double y, double from, bool round) {
        if (round)
            cairo_arc(context, x + (x > box.x ? -radius : radius), y + (y > box.y ? -radius : radius), radius,
                      turn(from), turn(from + 0.25));
        else
            cairo_line_to(context, x, y);
    };
    const bool top = rounded == Rounded::top;
    const bool bottom = rounded == Rounded::bottom;
    const bool left = rounded == Rounded::left;
    const bool right = rounded == Rounded::right;
    corner(box.right(), box.y, 0, top || right);
    corner(box.right(), box.bottom(), 0.25, bottom || right);
    corner(box.x, box.bottom(), 0.5, bottom || left);
    corner(box.x, box.y, 0.75, top || left);
    cairo_close_path(context);
    cairo_fill(context);
}

void Canvas::disc(Point centre, double radius, Colour colour) {
    impl_->set_colour(colour);
    cairo_arc(impl_->context.get(), centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
    cairo_fill(impl_->context.get());
}

void Canvas::slice(Point centre, double radius, double from, double to, Colour colour) {
    cairo_t* context = impl_->context.get();
    impl_->set_colour(colour);
    cairo_move_to(context, centre.x, centre.y);
    cairo_arc(context, centre.x, centre.y, radius, turn(from), turn(to));
    cairo_close_path(context);
    cairo_fill(context);
}

std::string Canvas::png() const {
    std::string bytes;
    cairo_surface_flush(impl_->surface.get());
    const cairo_status_t status = cairo_surface_write_to_png_stream(impl_->surface.get(), append_bytes, &bytes);
    return status == CAIRO_STATUS_SUCCESS ? bytes : std::string();
}

}  // namespace genie_slack::answer
