# What `cmake --install` puts where, and the two Debian packages that CPack makes of it (scripts/package.sh): the program,
# and the chart module with cairo, pango and a font, which a server can do without.

include(GNUInstallDirs)

# Installs a file as Debian wants manuals and changelogs: compressed. What follows goes to install().
function(genie_slack_install_compressed file folder component)
  get_filename_component(name "${file}" NAME)
  set(compressed "${CMAKE_CURRENT_BINARY_DIR}/compressed/${component}/${name}.gz")
  file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/compressed/${component}")
  install(CODE "execute_process(COMMAND gzip -9n INPUT_FILE \"${file}\" OUTPUT_FILE \"${compressed}\"
                                COMMAND_ERROR_IS_FATAL ANY)"
          COMPONENT ${component} ${ARGN})
  install(FILES "${compressed}" DESTINATION ${folder} COMPONENT ${component} ${ARGN})
endfunction()

set(CMAKE_INSTALL_DOCDIR ${CMAKE_INSTALL_DATAROOTDIR}/doc/genie-slack)
# The look-alikes are for developers: installing needs what is installed, not all that can be built.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(resources "${PROJECT_SOURCE_DIR}/resources")
install(TARGETS genie-slack RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT bot)
install(FILES README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT bot)
# In a folder of their own, so that the links between them and README hold.
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT bot FILES_MATCHING PATTERN "*.md")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT bot)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/genie-slack-charts RENAME copyright
        COMPONENT debian_charts EXCLUDE_FROM_ALL)
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT bot)
install(FILES "${resources}/systemd/genie-slack.env" DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME genie-slack.env.example
        COMPONENT bot)
install(FILES "${resources}/monitoring/prometheus-rules.yml" "${resources}/monitoring/grafana-dashboard.json"
        DESTINATION ${CMAKE_INSTALL_DATADIR}/genie-slack/monitoring COMPONENT bot)
install(FILES "${resources}/slack-manifest.json" DESTINATION ${CMAKE_INSTALL_DATADIR}/genie-slack COMPONENT bot)
install(FILES sql/setup_sql_environment.sql sql/grants.sql
        DESTINATION ${CMAKE_INSTALL_DATADIR}/genie-slack/sql COMPONENT bot)
install(DIRECTORY sql/queries DESTINATION ${CMAKE_INSTALL_DATADIR}/genie-slack/sql COMPONENT bot)
genie_slack_install_compressed("${resources}/genie-slack.1" ${CMAKE_INSTALL_MANDIR}/man1 bot)
# systemd looks in lib, whatever the processor's library folder is called; so does the program for its module.
# The unit names the program where it was installed.
set(unit "${CMAKE_CURRENT_BINARY_DIR}/genie-slack.service")
install(CODE "
  file(READ \"${resources}/systemd/genie-slack.service\" text)
  string(REPLACE \"/usr/\" \"\${CMAKE_INSTALL_PREFIX}/\" text \"\${text}\")
  file(WRITE \"${unit}\" \"\${text}\")" COMPONENT bot)
install(FILES "${unit}" DESTINATION lib/systemd/system COMPONENT bot)
if(GENIE_SLACK_CHARTS)
  install(TARGETS genie_slack_charts LIBRARY DESTINATION lib/genie-slack COMPONENT charts)
endif()

# Only the Debian package has a configuration of the machine's own.
set(control "${PROJECT_SOURCE_DIR}/cmake/debian")
set(control_files "${control}/postinst;${control}/prerm;${control}/postrm;${control}/conffiles")
install(FILES "${resources}/systemd/genie-slack.env" DESTINATION /etc/genie-slack
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ COMPONENT debian EXCLUDE_FROM_ALL)

# The revision names the release that a package is for: after an upgrade of the host, the build for the new release is the
# newer one of two with the same version.
cmake_host_system_information(RESULT release QUERY DISTRIB_ID DISTRIB_VERSION_ID)
string(REPLACE ";" "" release "1~${release}")

# Whoever builds a package is its maintainer, and Debian's tools know the person by these two. Without them the address is
# of a domain that never exists (RFC 2606).
set(maintainer "genie-slack <nobody@genie-slack.invalid>")
if(NOT "$ENV{DEBEMAIL}" STREQUAL "" AND NOT "$ENV{DEBFULLNAME}" STREQUAL "")
  set(maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()

# Debian's changelog is about the package; what changed in the program stands in CHANGELOG.md.
string(TIMESTAMP day "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(changelog "${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian")
file(WRITE "${changelog}" "genie-slack (${PROJECT_VERSION}-${release}) unstable; urgency=medium

  * Built from version ${PROJECT_VERSION}; its CHANGELOG.md says what is new.

 -- ${maintainer}  ${day}
")
genie_slack_install_compressed("${changelog}" ${CMAKE_INSTALL_DOCDIR} debian EXCLUDE_FROM_ALL)
genie_slack_install_compressed("${changelog}" ${CMAKE_INSTALL_DOCDIR}-charts debian_charts EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME genie-slack)
set(CPACK_PACKAGE_VENDOR genie-slack)
set(CPACK_PACKAGE_CONTACT "${maintainer}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL bot debian)
set(CPACK_COMPONENT_BOT_GROUP bot)
set(CPACK_COMPONENT_DEBIAN_GROUP bot)
if(GENIE_SLACK_CHARTS)
  list(APPEND CPACK_COMPONENTS_ALL charts debian_charts)
  set(CPACK_COMPONENT_CHARTS_GROUP charts)
  set(CPACK_COMPONENT_DEBIAN_CHARTS_GROUP charts)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE "${release}")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_BOT_PACKAGE_NAME genie-slack)
# Below the project's description, which is the first line of both.
set(CPACK_DEBIAN_BOT_DESCRIPTION
    "systemd starts it once /etc/genie-slack/genie-slack.env\nis filled in and the unit is enabled.")
set(CPACK_DEBIAN_BOT_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_BOT_PACKAGE_RECOMMENDS "genie-slack-charts (= ${PROJECT_VERSION}-${release})")
set(CPACK_DEBIAN_BOT_PACKAGE_CONTROL_EXTRA "${control_files}")
set(CPACK_DEBIAN_CHARTS_PACKAGE_NAME genie-slack-charts)
set(CPACK_DEBIAN_CHARTS_DESCRIPTION
    "This part draws charts as pictures, for answers\nwhose chart Slack does not draw itself.")
set(CPACK_DEBIAN_CHARTS_PACKAGE_DEPENDS "genie-slack (= ${PROJECT_VERSION}-${release}), fonts-dejavu-core")
include(CPack)
