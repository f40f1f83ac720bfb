#include "sandbox/genie/sample_chart.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace genie_slack::sandbox::databricks {

namespace chart_png_detail {

constexpr std::size_t kWidth = 640;
constexpr std::size_t kHeight = 400;
constexpr std::size_t kMargin = 30;
constexpr std::size_t kMostBars = 60;

std::string big_endian(std::uint32_t number) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift & 0xFFU);
    return bytes;
}

std::uint32_t crc_of(const std::string& bytes) {
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = crc >> 1 ^ (0xEDB88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

std::string chunk(const std::string& type, const std::string& data) {
    return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + big_endian(crc_of(type + data));
}

// zlib's format without compression.
std::string stored(const std::string& bytes) {
    constexpr std::size_t kBlock = 65'535;
    std::string out = "\x78\x01";
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    for (const char byte : bytes) {
        a = (a + static_cast<unsigned char>(byte)) % 65'521;
        b = (b + a) % 65'521;
    }
    for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
        const std::size_t size = std::min(kBlock, bytes.size() - at);
        out += static_cast<char>(at + size == bytes.size() ? 1 : 0);
        for (const std::size_t number : {size, ~size}) {
            out += static_cast<char>(number & 0xFFU);
            out += static_cast<char>(number >> 8 & 0xFFU);
        }
        out += bytes.substr(at, size);
    }
    return out + big_endian(b << 16 | a);
}

std::vector<double> first_numbers(const Table& table) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
        const std::string& type = table.columns[column].type.name;
        if (type != "DECIMAL" && type != "DOUBLE" && type != "LONG" && type != "INT" && type != "FLOAT")
            continue;
        std::vector<double> numbers;
        for (const auto& row : table.rows) {
            double number = 0;
            if (row[column])
                std::from_chars(row[column]->data(), row[column]->data() + row[column]->size(), number);
            numbers.push_back(std::isfinite(number) ? number : 0);
            if (numbers.size() == kMostBars)
                break;
        }
        return numbers;
    }
    return {};
}

}  // namespace chart_png_detail

std::string draw_bars(const Table& table) {
    using namespace chart_png_detail;
    const std::vector<double> numbers = first_numbers(table);
    if (numbers.empty())
        return "";
    const double most = std::max(*std::max_element(numbers.begin(), numbers.end()), 1e-9);
    const double slot = static_cast<double>(kWidth - 2 * kMargin) / static_cast<double>(numbers.size());
    std::string pixels;
    for (std::size_t y = 0; y < kHeight; ++y) {
        pixels += '\0';  // no filter
        for (std::size_t x = 0; x < kWidth; ++x) {
            unsigned char index = 0;
            const bool inside = x >= kMargin && x < kWidth - kMargin && y >= kMargin && y <= kHeight - kMargin;
            if (inside) {
                const double place = static_cast<double>(x - kMargin) / slot;
                const std::size_t bar = std::min(static_cast<std::size_t>(place), numbers.size() - 1);
                const double height = std::max(numbers[bar], 0.0) / most * static_cast<double>(kHeight - 2 * kMargin);
                if (place - std::floor(place) < 0.8 && static_cast<double>(kHeight - kMargin - y) <= height)
                    index = 1;
            }
            if (y == kHeight - kMargin && x >= kMargin && x < kWidth - kMargin)
                index = 2;
            pixels += static_cast<char>(index);
        }
    }
    std::string header = big_endian(kWidth) + big_endian(kHeight);
    header += std::string("\x08\x03\x00\x00\x00", 5);  // 8 bits, palette
    const std::string palette("\xFF\xFF\xFF\xFF\x36\x21\x1B\x1B\x1B", 9);
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("PLTE", palette) + chunk("IDAT", stored(pixels)) +
           chunk("IEND", "");
}

}  // namespace genie_slack::sandbox::databricks
