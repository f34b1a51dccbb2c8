#error "only Linux has sys/prctl.h"
