/* cli/data_dirs.h - where the files that came with the program lie: platforms and middleware to
 * name on the command line. */
#ifndef DAGCAST_CLI_DATA_DIRS_H
#define DAGCAST_CLI_DATA_DIRS_H

enum { DATA_DIRS_MAX = 5 };

struct data_dirs {
    char *owned[DATA_DIRS_MAX];
    const char *at[DATA_DIRS_MAX + 1];   /* NULL-terminated, in the order of the search */
};

/* $DAGCAST_DATA; share/dagcast beside the folder of the running program (an installed one); core/,
 * traces/ and the root of the source tree (one not installed). */
void data_dirs_init(struct data_dirs *d);
void data_dirs_clear(struct data_dirs *d);

/* of the running program; NULL where the system does not say; free() it */
char *data_dirs_program_folder(void);

#endif
