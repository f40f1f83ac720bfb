// A picture that is drawn on with the chart module: shapes, texts of every script, PNG. Knows where each text stands.
#pragma once

#include "app/answer/chart/chart_pen.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::answer {

struct DrawnText {
    std::string text;
    Box box;
};

class Canvas {
 public:
    // `scale` pixels for each unit of width, height and all coordinates. Only where has_fonts() says yes; throws
    // std::bad_alloc when there is no memory for the picture.
    Canvas(int width, int height, Colour background, double scale = 1);

    // Whether there is the chart module and any font; without them nothing can be read.
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
    void bar(const Box& box, Colour colour, Rounded rounded);
    void disc(Point centre, double radius, Colour colour);
    // Clockwise from the top; angles as parts of the circle.
    void slice(Point centre, double radius, double from, double to, Colour colour);

    // "" when there is no memory for it.
    std::string png() const;
    const std::vector<DrawnText>& texts() const { return texts_; }

 private:
    int width_;
    int height_;
    std::unique_ptr<Picture, void (*)(Picture*)> picture_;
    std::vector<DrawnText> texts_;
};

}  // namespace genie_slack::answer
