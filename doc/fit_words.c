/* doc/fit_words.c - where texts fold: at blanks, but not between a number and its unit. */
#include "doc/fit_impl.h"

#include <ctype.h>
#include <string.h>

#include "base/escape.h"

void fit_add_blanks(struct str *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_add_n(out, " ", 1);
}

static bool is_word(const char *s, size_t n, const char *word)
{
    return n == strlen(word) && strncmp(s, word, n) == 0;
}

/* "s" of "8.2 s", ".." and "/" stay with the number before them. */
static bool sticks(const char *s, size_t n)
{
    return is_word(s, n, "..") || is_word(s, n, "/") || (n <= 3 && *s == '%') ||
           (n <= 3 && islower((unsigned char)*s));
}

/* Bytes up to the first blank at which the text may be folded. */
static size_t piece_length(const char *s)
{
    size_t n = strcspn(s, " ");
    while (n > 0 && isdigit((unsigned char)s[n - 1]) && s[n] == ' ') {
        size_t next = strcspn(s + n + 1, " ");
        if (next == 0 || !sticks(s + n + 1, next))
            break;
        n += 1 + next;
    }
    return n;
}

void fit_words(struct str *out, const char *words, size_t at, size_t indent, size_t width)
{
    size_t column = at;
    words += strspn(words, " ");
    for (bool first = true; *words; first = false) {
        size_t n = piece_length(words);
        struct str word = { 0 };
        escape_addf(&word, "%.*s", (int)n, words);
        size_t wide = str_characters(word.text);
        if (!first && column + 1 + wide > width) {
            str_add(out, "\n");
            fit_add_blanks(out, column = indent);
        } else if (!first) {
            str_add(out, " ");
            column++;
        }
        str_add(out, word.text);
        str_clear(&word);
        column += wide;
        words += n;
        words += strspn(words, " ");
    }
    str_add(out, "\n");
}

size_t fit_characters(const char *s, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++)
        n += str_begins_character(s[i]);
    return n;
}

static size_t bytes_of(const char *s, size_t characters)
{
    size_t i = 0, n = 0;
    for (; s[i]; i++)
        if (str_begins_character(s[i]) && n++ == characters)
            break;
    return i;
}

size_t fit_line_length(const char *text, size_t width)
{
    size_t start = strspn(text, " "), n = start;
    for (;;) {
        size_t blanks = strspn(text + n, " "), piece = piece_length(text + n + blanks);
        if (piece == 0 || fit_characters(text, n + blanks + piece) > width)
            break;
        n += blanks + piece;
    }
    return n > start || !text[n] ? n : bytes_of(text, width);
}

size_t fit_longest_piece(const char *text)
{
    size_t longest = 0, blanks = strspn(text, " ");
    for (const char *s = text; *s; s += strspn(s, " ")) {
        size_t n = piece_length(s);
        size_t n_characters = fit_characters(s, n);
        longest = n_characters > longest ? n_characters : longest;
        s += n;
    }
    return longest + (blanks > 0 && blanks < strlen(text) ? blanks + FIT_HANG : 0);
}
