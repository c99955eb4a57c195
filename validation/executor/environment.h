/* validation/executor/environment.h - environments as execve() takes them: NULL-terminated
 * "NAME=value". */
#ifndef DAGCAST_VALIDATION_EXECUTOR_ENVIRONMENT_H
#define DAGCAST_VALIDATION_EXECUTOR_ENVIRONMENT_H

/* `base` with `changes` in place of the variables of the same names. free() the array only: the
 * texts are those given. */
char **environment_merge(char *const *base, char *const *changes);

#endif
