// The only source that sees xlsxwriter.h. Strings go into the sheet as they come, row by row, and never as formulas.
#include "app/answer/result/xlsx.hpp"

#include "app/answer/result/sheet_cells.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace genie_slack::answer {

namespace xlsx_detail {

// Limits of the format: https://support.microsoft.com/en-us/office/excel-specifications-and-limits
constexpr std::size_t kMaxColumns = 16'384;
// The sheet is written on the event loop's thread: so many cells take it a fraction of a second. With a cell in each
// row they are far from the 1,048,576 rows of the format.
constexpr std::size_t kMaxCells = 200'000;
constexpr std::size_t kCellBytes = 64;  // of XML around a value
constexpr std::size_t kSpareBytes = 1u << 20;

// A file without a name, in TMPDIR, that others open by a path as long as it lives: it leaves nothing behind, also when
// the process dies.
class ScratchFile {
 public:
    explicit ScratchFile(const std::string& folder) {
        std::string name = folder + "/genie-slack-XXXXXX";
        fd_ = ::mkostemp(name.data(), O_CLOEXEC);
        if (fd_ >= 0)
            ::unlink(name.c_str());
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile() {
        if (fd_ >= 0)
            ::close(fd_);
    }

    bool is_open() const { return fd_ >= 0; }
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }
    Result<std::string> read(std::size_t max_bytes) const {
        struct stat about = {};
        if (::fstat(fd_, &about) != 0 || about.st_size <= 0)
            return Error("the written file cannot be read");
        std::string content(static_cast<std::size_t>(about.st_size), '\0');
        if (content.size() > max_bytes)
            return Error("the file would have " + std::to_string(content.size()) + " bytes");
        for (std::size_t done = 0; done < content.size();) {
            const ssize_t got = ::pread(fd_, content.data() + done, content.size() - done, static_cast<off_t>(done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return Error("the written file cannot be read");
            done += static_cast<std::size_t>(got);
        }
        // An Error is made of a text, too: it has to be said which of both this one is.
        return Result<std::string>(boost::system::in_place_value, std::move(content));
    }

 private:
    int fd_ = -1;
};

// The one sheet of a workbook that is written row by row; what was written is on disk, not in memory.
class Sheet {
 public:
    Sheet(std::string path, std::string folder) : folder_(std::move(folder)) {
        lxw_workbook_options options = {};
        options.constant_memory = LXW_TRUE;
        options.tmpdir = folder_.data();
        workbook_ = ::workbook_new_opt(path.c_str(), &options);
        sheet_ = workbook_ ? ::workbook_add_worksheet(workbook_, nullptr) : nullptr;
    }
    Sheet(const Sheet&) = delete;
    Sheet& operator=(const Sheet&) = delete;
    ~Sheet() { close(); }

    bool is_open() const { return sheet_ != nullptr; }
    // All that was written is a file now; false when anything of it failed. A workbook that is not closed leaks.
    bool close() {
        if (workbook_)
            ok_ = ::workbook_close(workbook_) == LXW_NO_ERROR && ok_ && sheet_;
        workbook_ = nullptr;
        return ok_;
    }
    bool is_ok() const { return ok_; }

    void write_header(const std::vector<ColumnPlan>& plans) {
        lxw_format* const bold = ::workbook_add_format(workbook_);
        ::format_set_bold(bold);
        for (std::size_t i = 0; i < plans.size(); ++i) {
            const auto column = static_cast<lxw_col_t>(i);
            check(::worksheet_set_column(sheet_, column, column, static_cast<double>(plans[i].width), nullptr));
            check(::worksheet_write_string(sheet_, 0, column, cell_text(plans[i].header).c_str(), bold));
            formats_.push_back(nullptr);
            if (plans[i].number_format.empty())
                continue;
            formats_.back() = ::workbook_add_format(workbook_);
            ::format_set_num_format(formats_.back(), plans[i].number_format.c_str());
        }
        ::worksheet_freeze_panes(sheet_, 1, 0);
    }
    void write_value(std::size_t row_index, std::size_t column_index, const ColumnPlan& plan, const std::string& text) {
        const auto row = static_cast<lxw_row_t>(row_index);
        const auto column = static_cast<lxw_col_t>(column_index);
        std::optional<double> number;
        if (plan.kind == CellKind::number)
            number = number_of(text, plan.floating);
        else if (plan.kind == CellKind::moment)
            number = serial_of(text);
        if (number)
            check(::worksheet_write_number(sheet_, row, column, *number, formats_[column_index]));
        else if (plan.kind == CellKind::truth && (text == "true" || text == "false"))
            check(::worksheet_write_boolean(sheet_, row, column, text == "true", nullptr));
        else
            check(::worksheet_write_string(sheet_, row, column, cell_text(text).c_str(), nullptr));
    }

 private:
    void check(lxw_error error) { ok_ = ok_ && error == LXW_NO_ERROR; }

    std::string folder_;
    lxw_workbook* workbook_ = nullptr;
    lxw_worksheet* sheet_ = nullptr;
    std::vector<lxw_format*> formats_;  // per column, of its values; the workbook's
    bool ok_ = true;
};

// Why the table is none for a spreadsheet; nothing when it is.
std::optional<Error> outgrows_format(const genie::ResultTable& table) {
    const std::size_t rows = table.rows.size() + 1;
    const std::size_t columns = table.columns.size();
    if (columns > kMaxColumns || rows * columns > kMaxCells)
        return Error(std::to_string(rows) + " rows of " + std::to_string(columns) + " columns are too many");
    return std::nullopt;
}

// The library does not see that a disk is full: room for its two copies of the sheet and for the file is looked for.
bool has_room(const std::filesystem::path& folder, const genie::ResultTable& table) {
    std::size_t bytes = 0;
    for (const auto& row : table.rows)
        for (const auto& cell : row)
            bytes += kCellBytes + (cell ? cell->size() : 0);
    std::error_code error;
    const auto room = std::filesystem::space(folder, error);
    return !error && room.available >= 4 * bytes + kSpareBytes;
}

}  // namespace xlsx_detail

Result<std::string> write_xlsx(const genie::ResultTable& table, std::size_t max_bytes) {
    using namespace xlsx_detail;
    if (auto problem = outgrows_format(table))
        return *problem;
    std::error_code error;
    const std::string folder = std::filesystem::temp_directory_path(error).string();
    if (error || !has_room(folder, table))
        return Error("there is no room for temporary files (TMPDIR)");
    const ScratchFile file(folder);
    if (!file.is_open())
        return Error("no temporary file can be written (TMPDIR)");
    Sheet sheet(file.path(), folder);
    if (!sheet.is_open())
        return Error("no sheet can be begun (TMPDIR)");
    std::vector<ColumnPlan> plans;
    for (std::size_t column = 0; column < table.columns.size(); ++column)
        plans.push_back(plan_column(table, column));
    sheet.write_header(plans);
    for (std::size_t row = 0; row < table.rows.size() && sheet.is_ok(); ++row)
        for (std::size_t column = 0; column < std::min(plans.size(), table.rows[row].size()); ++column)
            if (const auto& value = table.rows[row][column])
                sheet.write_value(row + 1, column, plans[column], *value);
    if (!sheet.close())
        return Error("the spreadsheet could not be written");
    return file.read(max_bytes);
}

}  // namespace genie_slack::answer
