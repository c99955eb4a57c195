/* replay FOLDER: gives each file of the folder to the fuzzer it is linked with, and each cut in
 * half, and nothing at all. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "tests/fuzz/fuzz.h"

/* A copy of just that size, so that a sanitizer sees each byte read too far. */
static void feed(const char *bytes, size_t size)
{
    uint8_t *copy = xmemdup(bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

int main(int argc, char **argv)
{
    struct error err;
    size_t count = 0, size;
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    if (!dir) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    gsl_set_error_handler_off();
    feed("", 0);
    for (struct dirent *e; (e = readdir(dir)); ) {
        if (e->d_name[0] == '.')
            continue;
        char *path = str_format("%s/%s", argv[1], e->d_name),
             *bytes = file_load(path, 1 << 26, &size, &err);
        free(path);
        if (!bytes) {
            fprintf(stderr, "%s\n", err.text);
            return 1;
        }
        feed(bytes, size);
        feed(bytes, size / 2);
        free(bytes);
        count++;
    }
    closedir(dir);
    printf("%zu seeds replayed\n", count);
    return count == 0;                       /* a fuzzer without seeds tests nothing here */
}
