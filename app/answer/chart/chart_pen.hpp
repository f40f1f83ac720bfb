// What the program and its chart module agree on. The module alone links cairo and pango, with their sixty libraries: a
// process that draws no chart never loads them. What crosses the border are plain values and pointers, and no
// exception.
#pragma once

#include <cstddef>
#include <cstdint>

namespace genie_slack::answer {

struct Colour {
    std::uint32_t rgb = 0;
    double alpha = 1;
};

struct Point {
    double x = 0;
    double y = 0;
};

struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;

    double right() const { return x + width; }
    double bottom() const { return y + height; }
};

struct TextStyle {
    double size = 24;  // pixels
    bool bold = false;
    Colour colour;
    double max_width = 0;  // 0: as wide as it is; else cut with "…" at the end
    int lines = 1;         // that it may be broken into
};

enum class Align { left, centre, right };
// The end of a bar that points away from the baseline.
enum class Rounded { none, top, bottom, left, right };

// UTF-8, without an end mark.
struct PenText {
    const char* data = nullptr;
    std::size_t size = 0;
};

// A picture that belongs to the module, until close().
struct Picture;

// Raised whenever anything in this file changes: a module of another version is refused.
inline constexpr unsigned kPenVersion = 1;

// The calls are those of Canvas (chart_canvas.hpp), which says what they do. A picture is used by one thread at a time.
struct Pen {
    bool (*has_fonts)();
    // Nothing when there is no memory for it.
    Picture* (*open)(int width, int height, Colour background, double scale);
    void (*close)(Picture* picture);
    bool (*fits)(Picture* picture, PenText text, const TextStyle& style);
    // The place of the text relative to its origin.
    Box (*measure)(Picture* picture, PenText text, const TextStyle& style);
    // Gives back where it stands.
    Box (*text)(Picture* picture, Point at, PenText text, const TextStyle& style, Align align);
    void (*polyline)(Picture* picture, const Point* points, std::size_t count, double thickness, Colour colour);
    void (*polygon)(Picture* picture, const Point* points, std::size_t count, Colour colour);
    void (*bar)(Picture* picture, const Box& box, Colour colour, Rounded rounded);
    void (*disc)(Picture* picture, Point centre, double radius, Colour colour);
    void (*slice)(Picture* picture, Point centre, double radius, double from, double to, Colour colour);
    // Calls `write` with pieces of the PNG until it returns false; whether all of it was written.
    bool (*png)(Picture* picture, bool (*write)(void* out, const unsigned char* bytes, unsigned int count), void* out);
};

// The module's one entry, called kPenEntry; nothing when the program's version is not its own.
using PenEntry = const Pen* (*)(unsigned version);
inline constexpr const char* kPenEntry = "genie_slack_pen";

}  // namespace genie_slack::answer
