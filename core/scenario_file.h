/* core/scenario_file.h - a scenario file whose document is open already, and what opens the files
 * that it names. */
#ifndef DAGCAST_CORE_SCENARIO_FILE_H
#define DAGCAST_CORE_SCENARIO_FILE_H

#include "core/scenario.h"

struct file_openers {
    document_fn *document;
    /* of a workflow's path, in any format; NULL: as `document` opens it */
    struct workflow *(*workflow)(const char *path, struct error *err);
};

/* As scenario_file_load() (core/scenario.h). Takes the document, in which the sets of "workflow"
 * may be set apart. */
struct scenario_file *scenario_file_of(struct json_document *document, const char *const *data_dirs,
                                       const struct file_openers *open, setting_names_fn *names,
                                       struct error *err);

#endif
