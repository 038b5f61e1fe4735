# Writes a C++ file that holds the profiles given as literals, so that the programs find them by name without any file.
function(plkd_embed_profiles output)
  set(entries "")
  foreach(path IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    get_filename_component(name "${path}" NAME_WE)
    file(READ "${path}" text)
    string(LENGTH "${text}" length)
    set(parts "")
    set(begin 0)
    while(begin LESS length)
      string(SUBSTRING "${text}" ${begin} 8000 part)
      string(APPEND parts "R\"tsv(${part})tsv\",\n")
      math(EXPR begin "${begin} + 8000")
    endwhile()
    string(APPEND entries "{\"${name}\", {\n${parts}}},\n")
  endforeach()
  file(GENERATE OUTPUT "${output}" CONTENT "#include \"shared/simulate/embedded_profiles.h\"

namespace plkd {

const std::vector<EmbeddedProfile>& embedded_profiles() {
  static const std::vector<EmbeddedProfile> kProfiles = {
${entries}};
  return kProfiles;
}

}  // namespace plkd
")
endfunction()
