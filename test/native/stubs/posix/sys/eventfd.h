#error "only Linux has sys/eventfd.h"
