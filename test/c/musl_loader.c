// Loads the addon as musl does: a program of musl-gcc with every Node-API function that the addon uses as a stub, so
// that all its other symbols must come from musl. Compiled by scripts/test-matrix, for the name of the stubs comes from
// the addon.
#ifdef MUSL_STUBS
#include <dlfcn.h>
#include <stdio.h>

#define STUB(name) \
  int name(void) { return 0; }
#include MUSL_STUBS

int main(int count, char** words) {
  void* addon = count > 1 ? dlopen(words[1], RTLD_NOW) : NULL;
  if (addon == NULL) return fprintf(stderr, "%s\n", dlerror()), 1;
  int (*version)(void) = (int (*)(void))dlsym(addon, "node_api_module_get_api_version_v1");
  void* init = dlsym(addon, "napi_register_module_v1");
  if (version == NULL || init == NULL) return fprintf(stderr, "%s\n", dlerror()), 1;
  return printf("Node-API %d\n", version()) > 0 ? 0 : 1;
}
#else
int main(void) { return 2; }
#endif
