#ifndef HOSTMQ_NETBSD_NONBLOCKING_DESCRIPTORS_H_
#define HOSTMQ_NETBSD_NONBLOCKING_DESCRIPTORS_H_

namespace hostmq {

// Which descriptors of this process were opened with O_NONBLOCK. Any thread.
bool IsNonblocking(int descriptor);
// False where the number is higher than a process can have descriptors.
bool SetNonblocking(int descriptor, bool nonblocking);

}  // namespace hostmq

#endif  // HOSTMQ_NETBSD_NONBLOCKING_DESCRIPTORS_H_
