#error "only Linux has sys/signalfd.h"
