# Lists files of more than 400 lines and functions of more than 60 without a sentence at their top that says why: a comment
# with "Long because". Relies on clang-format: what a line opens, the next "}" at the same indentation closes.
function report(what, lines) {
    print what ": " lines " lines"
    found = 1
}
function end_of_file() {
    if (file != "" && file_lines > 400 && !file_excused) report(file, file_lines)
}
FNR == 1 {
    end_of_file()
    file = FILENAME
    file_excused = 0
    at_top = 1
    excuse = 0
    raw_end = ""
    split("", opened)
    split("", opening)
    split("", excused)
}
{ file_lines = FNR }

# The lines of a raw string are no code.
raw_end != "" {
    if (index($0, raw_end)) raw_end = ""
    next
}
match($0, /R"[^(]*\(/) {
    closing = ")" substr($0, RSTART + 2, RLENGTH - 3) "\""
    if (!index(substr($0, RSTART + RLENGTH), closing)) raw_end = closing
}

/^ *\/\// {
    if (/Long because /) {
        if (at_top) file_excused = 1
        else excuse = 1
    }
    next
}
/^$/ { excuse = 0 }
/^#include/ { at_top = 0 }
/^$|^#/ { next }
{
    at_top = 0
    match($0, /^ */)
    indent = RLENGTH
}
/^ *}$/ {
    lines = FNR - opened[indent] + 1
    if (lines > 60 && !excused[indent] && opening[indent] ~ /\(/ &&
        opening[indent] !~ /^(namespace|class|struct|enum|union|if|for|while|switch|do|else|try|extern|case)[ ({]/)
        report(file ":" opened[indent] ": " opening[indent], lines)
    next
}
!/^ *(public|private|protected|default|case .*):$/ {
    opened[indent] = FNR
    opening[indent] = substr($0, indent + 1)
    excused[indent] = excuse
    if (!/^ *template/) excuse = 0
}
END {
    end_of_file()
    exit found
}
