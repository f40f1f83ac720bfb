// The chart module: the pen of chart_pen.hpp, with cairo and pango. Nothing but its entry is visible from outside.
#include "app/answer/chart/chart_pen.hpp"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <numbers>
#include <type_traits>

namespace genie_slack::answer {

namespace cairo_pen_detail {

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

double turn(double part) {
    return (part - 0.25) * 2 * std::numbers::pi;
}

}  // namespace cairo_pen_detail

using namespace cairo_pen_detail;

struct Picture {
    Picture(int width, int height, double scale)
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
    Box lay_out(PenText text, const TextStyle& style) const {
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
        pango_layout_set_text(laid, text.data, static_cast<int>(text.size));
        PangoRectangle logical;
        pango_layout_get_extents(laid, nullptr, &logical);
        const auto pixels = [](int units) { return static_cast<double>(units) / PANGO_SCALE; };
        return {pixels(logical.x), pixels(logical.y), pixels(logical.width), pixels(logical.height)};
    }

    Handle<cairo_surface_t> surface;
    Handle<cairo_t> context;
    Handle<PangoLayout> layout;
};

namespace cairo_pen_detail {

bool has_fonts() {
    // Without fonts pango still has families, but no glyphs in them.
    const Picture probe(8, 8, 1);
    probe.lay_out({"0Aa", 3}, TextStyle());
    return pango_layout_get_unknown_glyphs_count(probe.layout.get()) == 0;
}

Picture* open(int width, int height, Colour background, double scale) {
    auto* const picture = new (std::nothrow) Picture(width, height, scale);
    if (picture) {
        picture->set_colour(background);
        cairo_paint(picture->context.get());
    }
    return picture;
}

void close(Picture* picture) {
    delete picture;
}

bool fits(Picture* picture, PenText text, const TextStyle& style) {
    picture->lay_out(text, style);
    PangoLayout* laid = picture->layout.get();
    if (pango_layout_is_ellipsized(laid))
        return false;
    // A word that was broken in its middle can hardly be read.
    for (int i = 1; i < pango_layout_get_line_count(laid); ++i) {
        const int start = pango_layout_get_line_readonly(laid, i)->start_index;
        if (start > 0 && static_cast<std::size_t>(start) < text.size && text.data[start - 1] != ' ' &&
            text.data[start - 1] != '-')
            return false;
    }
    return true;
}

Box measure(Picture* picture, PenText text, const TextStyle& style) {
    return picture->lay_out(text, style);
}

Box draw_text(Picture* picture, Point at, PenText text, const TextStyle& style, Align align) {
    PangoAlignment inner = PANGO_ALIGN_LEFT;
    if (align == Align::centre)
        inner = PANGO_ALIGN_CENTER;
    else if (align == Align::right)
        inner = PANGO_ALIGN_RIGHT;
    // For text from right to left pango takes left for right.
    picture->lay_out(text, style);
    const PangoLayoutLine* first = pango_layout_get_line_readonly(picture->layout.get(), 0);
    const bool mirrored = first && first->resolved_dir == PANGO_DIRECTION_RTL;
    if (mirrored && inner != PANGO_ALIGN_CENTER)
        inner = inner == PANGO_ALIGN_LEFT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
    pango_layout_set_alignment(picture->layout.get(), inner);
    const Box box = picture->lay_out(text, style);
    double left = at.x;
    if (align == Align::centre)
        left -= box.width / 2;
    else if (align == Align::right)
        left -= box.width;
    picture->set_colour(style.colour);
    cairo_move_to(picture->context.get(), left - box.x, at.y - box.y);
    pango_cairo_show_layout(picture->context.get(), picture->layout.get());
    cairo_new_path(picture->context.get());
    return {left, at.y, box.width, box.height};
}

void polyline(Picture* picture, const Point* points, std::size_t count, double thickness, Colour colour) {
    cairo_t* context = picture->context.get();
    picture->set_colour(colour);
    cairo_set_line_width(context, thickness);
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
    for (std::size_t i = 0; i < count; ++i)
        cairo_line_to(context, points[i].x, points[i].y);
    cairo_stroke(context);
}

void polygon(Picture* picture, const Point* points, std::size_t count, Colour colour) {
    cairo_t* context = picture->context.get();
    picture->set_colour(colour);
    for (std::size_t i = 0; i < count; ++i)
        cairo_line_to(context, points[i].x, points[i].y);
    cairo_close_path(context);
    cairo_fill(context);
}

void bar(Picture* picture, const Box& box, Colour colour, Rounded rounded) {
    cairo_t* context = picture->context.get();
    const double radius = std::min({6.0, box.width / 2, box.height / 2});
    picture->set_colour(colour);
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

void disc(Picture* picture, Point centre, double radius, Colour colour) {
    picture->set_colour(colour);
    cairo_arc(picture->context.get(), centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
    cairo_fill(picture->context.get());
}

void slice(Picture* picture, Point centre, double radius, double from, double to, Colour colour) {
    cairo_t* context = picture->context.get();
    picture->set_colour(colour);
    cairo_move_to(context, centre.x, centre.y);
    cairo_arc(context, centre.x, centre.y, radius, turn(from), turn(to));
    cairo_close_path(context);
    cairo_fill(context);
}

struct PngWriter {
    bool (*write)(void*, const unsigned char*, unsigned int);
    void* out;
};

cairo_status_t write_piece(void* writer, const unsigned char* bytes, unsigned int count) {
    const auto* to = static_cast<const PngWriter*>(writer);
    return to->write(to->out, bytes, count) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_NO_MEMORY;
}

bool png(Picture* picture, bool (*write)(void*, const unsigned char*, unsigned int), void* out) {
    PngWriter writer{write, out};
    cairo_surface_flush(picture->surface.get());
    return cairo_surface_write_to_png_stream(picture->surface.get(), write_piece, &writer) == CAIRO_STATUS_SUCCESS;
}

constexpr Pen kPen{.has_fonts = has_fonts,
                   .open = open,
                   .close = close,
                   .fits = fits,
                   .measure = measure,
                   .text = draw_text,
                   .polyline = polyline,
                   .polygon = polygon,
                   .bar = bar,
                   .disc = disc,
                   .slice = slice,
                   .png = png};

}  // namespace cairo_pen_detail

}  // namespace genie_slack::answer

extern "C" __attribute__((visibility("default"))) const genie_slack::answer::Pen* genie_slack_pen(unsigned version);
extern "C" const genie_slack::answer::Pen* genie_slack_pen(unsigned version) {
    using namespace genie_slack::answer;
    static_assert(std::is_same_v<decltype(&genie_slack_pen), PenEntry>);
    return version == kPenVersion ? &cairo_pen_detail::kPen : nullptr;
}
