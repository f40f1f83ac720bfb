// A picture that is drawn on with cairo and pango: shapes, texts of every script, PNG. Knows where each text stands.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

struct DrawnText {
    std::string text;
    Box box;
};

class Canvas {
 public:
    // `scale` pixels for each unit of width, height and all coordinates.
    Canvas(int width, int height, Colour background, double scale = 1);
    ~Canvas();
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    // Whether there is any font; without one nothing can be read.
    static bool has_fonts();

    int width() const { return width_; }
    int height() const { return height_; }

    // Whether the whole text fits into the style's lines and width.
    bool fits(const std::string& text, const TextStyle& style) const;
    std::pair<double, double> measure(const std::string& text, const TextStyle& style) const;
    // `at.x` is the text's left end, middle or right end, `at.y` its top.
    void text(Point at, const std::string& text, const TextStyle& style, Align align = Align::left);

    void line(Point from, Point to, double thickness, Colour colour);
    void polyline(const std::vector<Point>& points, double thickness, Colour colour);
    void polygon(const std::vector<Point>& points, Colour colour);
    // Rounded at the end that points away from the baseline.
    enum class Rounded { none, top, bottom, left, right };
    void bar(const Box& box, Colour colour, Rounded rounded);
    void disc(Point centre, double radius, Colour colour);
    // Clockwise from the top; angles as parts of the circle.
    void slice(Point centre, double radius, double from, double to, Colour colour);

    std::string png() const;
    const std::vector<DrawnText>& texts() const { return texts_; }

 private:
    struct Impl;

    int width_;
    int height_;
    std::unique_ptr<Impl> impl_;
    std::vector<DrawnText> texts_;
};

}  // namespace genie_slack::answer
