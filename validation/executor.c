#include "validation/executor.h"

#include "base/str.h"

static const struct executor_ops *const executors[] = { &executor_local, &executor_scripted };

const struct executor_ops *executor_at(size_t i)
{
    return i < sizeof executors / sizeof *executors ? executors[i] : NULL;
}

const struct executor_ops *executor_find(const char *name)
{
    for (size_t i = 0; executor_at(i); i++)
        if (str_equal(executor_at(i)->name, name))
            return executor_at(i);
    return NULL;
}
