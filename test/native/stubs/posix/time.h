#ifndef HOSTMQ_STUB_POSIX_TIME_H_
#define HOSTMQ_STUB_POSIX_TIME_H_

#include <stddef.h>
#include <sys/types.h>

typedef int clockid_t;
typedef long clock_t;

#define CLOCKS_PER_SEC 1000000
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC HOSTMQ_STUB_CLOCK_MONOTONIC

struct timespec {
  time_t tv_sec;
  long tv_nsec;
};

struct tm {
  int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
  long tm_gmtoff;
  char* tm_zone;
};

extern "C" {
char* asctime(const struct tm*);
char* ctime(const time_t*);
clock_t clock(void);
double difftime(time_t, time_t);
struct tm* gmtime(const time_t*);
struct tm* localtime(const time_t*);
time_t mktime(struct tm*);
size_t strftime(char*, size_t, const char*, const struct tm*);
time_t time(time_t*);
int timespec_get(struct timespec*, int);
int clock_gettime(clockid_t, struct timespec*);
int nanosleep(const struct timespec*, struct timespec*);
}

#endif  // HOSTMQ_STUB_POSIX_TIME_H_
