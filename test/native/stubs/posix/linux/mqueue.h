#error "only Linux has linux/mqueue.h"
