#error "only Linux has sys/epoll.h"
