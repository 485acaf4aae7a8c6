# A second locale for the second playing of every run, made from the package "locales" without root:
# a fresh Debian has none but C. Where it cannot be made, tillrig says that none was tested.
set(other_locale ${CMAKE_BINARY_DIR}/locale/tr_TR.UTF-8)
add_custom_command(OUTPUT ${other_locale}/LC_NUMERIC
  COMMAND sh -c "mkdir -p locale && localedef -i tr_TR -f UTF-8 '${other_locale}' >/dev/null 2>&1 || echo 'no locale tr_TR.UTF-8: the package locales is missing'"
  WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
  COMMENT "Making the locale tr_TR.UTF-8"
  VERBATIM)
add_custom_target(other_locale DEPENDS ${other_locale}/LC_NUMERIC)
add_dependencies(tillrig other_locale)
