#ifndef HOSTMQ_TEST_PORTABLE_NETBSD_MSG_FIELDS_H_
#define HOSTMQ_TEST_PORTABLE_NETBSD_MSG_FIELDS_H_

// In place of native/netbsd/msg_fields.h: the structs are those of the system that the test runs on.
#include "../../../../native/linux/msg_fields.h"

#endif  // HOSTMQ_TEST_PORTABLE_NETBSD_MSG_FIELDS_H_
