# embed_files(TARGET FILE...): each file becomes a constant of the target's code, as doc/html_assets.h declares: FILE "gantt.js" is
# asset_gantt_js. Made at build time by this very script.
if(CMAKE_SCRIPT_MODE_FILE)
  file(WRITE ${OUTPUT} "/* Made by cmake/embed.cmake. */\n#include \"doc/html_assets.h\"\n")
  foreach(input ${INPUTS})
    get_filename_component(name ${input} NAME)
    string(MAKE_C_IDENTIFIER ${name} name)
    file(READ ${input} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
    file(APPEND ${OUTPUT} "static const unsigned char ${name}[] = {\n${bytes}\n};\n"
                          "const struct html_asset asset_${name} = { ${name}, sizeof ${name} };\n")
  endforeach()
else()
  set(EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  function(embed_files target)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_assets.c)
    list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE inputs)
    string(REPLACE ";" "$<SEMICOLON>" list "${inputs}")
    add_custom_command(OUTPUT ${output} DEPENDS ${inputs} ${EMBED_SCRIPT} VERBATIM
                       COMMAND ${CMAKE_COMMAND} "-DINPUTS=${list}" -DOUTPUT=${output} -P ${EMBED_SCRIPT})
    target_sources(${target} PRIVATE ${output})
  endfunction()
endif()
