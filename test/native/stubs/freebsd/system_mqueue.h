#ifndef HOSTMQ_STUB_FREEBSD_SYSTEM_MQUEUE_H_
#define HOSTMQ_STUB_FREEBSD_SYSTEM_MQUEUE_H_

typedef struct __mq* mqd_t;

extern "C" int mq_getfd_np(mqd_t);

#endif  // HOSTMQ_STUB_FREEBSD_SYSTEM_MQUEUE_H_
