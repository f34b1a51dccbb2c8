#error "only Linux has sys/timerfd.h"
