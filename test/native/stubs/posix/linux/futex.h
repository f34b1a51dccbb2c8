#error "only Linux has linux/futex.h"
