#error "only Linux has linux/netlink.h"
