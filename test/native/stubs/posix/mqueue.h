#ifndef HOSTMQ_STUB_POSIX_MQUEUE_H_
#define HOSTMQ_STUB_POSIX_MQUEUE_H_

#include <signal.h>
#include <sys/types.h>
#include <system_mqueue.h>
#include <time.h>

struct mq_attr {
  long mq_flags;
  long mq_maxmsg;
  long mq_msgsize;
  long mq_curmsgs;
};

extern "C" {
int mq_close(mqd_t);
int mq_getattr(mqd_t, struct mq_attr*);
int mq_notify(mqd_t, const struct sigevent*);
mqd_t mq_open(const char*, int, ...);
ssize_t mq_receive(mqd_t, char*, size_t, unsigned*);
int mq_send(mqd_t, const char*, size_t, unsigned);
int mq_setattr(mqd_t, const struct mq_attr*, struct mq_attr*);
ssize_t mq_timedreceive(mqd_t, char*, size_t, unsigned*, const struct timespec*);
int mq_timedsend(mqd_t, const char*, size_t, unsigned, const struct timespec*);
int mq_unlink(const char*);
}

#endif  // HOSTMQ_STUB_POSIX_MQUEUE_H_
